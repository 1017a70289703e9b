//! `canary discover`: which models of the catalog could serve each model input. Informational.

use canary_core::{exit::Exit, input::Value as Input};
use runinfra::{Client, ErrorKind};
use serde_json::{Value, json};

use super::{
    CommandError, Shell,
    args::Discover,
    preflight::{load_inputs, load_matrix},
};
use crate::{load::PrivateFiles, report::write_whole, world::world};

/// Model inputs, and words that hint at them in a model's id or metadata.
const HINTS: [(&str, &[&str]); 5] = [
    (
        "RUNINFRA_EMBEDDING_MODEL",
        &["embed", "bge", "e5-", "gte-", "minilm"],
    ),
    (
        "RUNINFRA_IMAGE_MODEL",
        &["image", "flux", "sdxl", "diffusion"],
    ),
    (
        "RUNINFRA_TTS_MODEL",
        &["tts", "speech", "xtts", "bark", "voice", "kokoro"],
    ),
    (
        "RUNINFRA_ASR_MODEL",
        &["asr", "whisper", "transcri", "parakeet"],
    ),
    (
        "RUNINFRA_LLM_MODEL",
        &[
            "llm", "chat", "text", "llama", "qwen", "mistral", "gemma", "instruct", "vision",
        ],
    ),
];

pub(super) async fn discover(args: Discover, shell: &Shell) -> Result<Exit, CommandError> {
    let matrix = load_matrix(&args.matrix)?;
    let inputs = load_inputs(matrix.inputs(), args.env_file.as_deref(), shell)?;
    let Some(Input::Secret(key)) = inputs.value("RUNINFRA_API_KEY") else {
        return Err(CommandError::Usage(
            "RUNINFRA_API_KEY is missing; set it, or name a file with --env-file".to_owned(),
        ));
    };
    let world = world(&inputs, &PrivateFiles::default())?;
    let client = Client::builder()
        .api_key(key.expose())
        .base_url(&world.base_url)
        .transport(world.transport)
        .timeout(world.call_timeout)
        .build()
        .map_err(|error| CommandError::Usage(error.to_string()))?;
    let listed = tokio::select! {
        listed = client.models().list() => listed,
        () = shell.cancel.cancelled() => return Ok(Exit::Interrupted),
    };
    let answer = match listed {
        Ok(answer) => answer,
        Err(error) => {
            shell
                .console
                .error(&format!("could not list the models: {error}"));
            let no = matches!(
                error.kind(),
                ErrorKind::Authentication | ErrorKind::PermissionDenied | ErrorKind::ResponseShape
            );
            return Ok(if no { Exit::No } else { Exit::CouldNotTell });
        }
    };
    let candidates = candidates(&answer.json());
    if let Some(path) = &args.report {
        let text = format!("{candidates:#}\n");
        write_whole(path, text.as_bytes()).map_err(|error| {
            CommandError::CouldNotTell(format!("could not write {}: {error}", path.display()))
        })?;
    }
    for (input, ids) in candidates["candidates"].as_object().into_iter().flatten() {
        let ids: Vec<&str> = ids
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        shell.console.say(&format!(
            "{input}: {}",
            if ids.is_empty() {
                "none found".to_owned()
            } else {
                ids.join(", ")
            }
        ));
    }
    shell
        .console
        .note("informational: what fits is for you to say, and none of this is evidence");
    Ok(Exit::Yes)
}

/// Each model under the first input that its id or metadata hints at.
fn candidates(catalog: &Value) -> Value {
    let mut found: serde_json::Map<String, Value> = HINTS
        .iter()
        .map(|(input, _)| ((*input).to_owned(), json!([])))
        .collect();
    for model in catalog["data"].as_array().into_iter().flatten() {
        let Some(id) = model["id"].as_str() else {
            continue;
        };
        let metadata = model.to_string().to_lowercase();
        let hinted = HINTS
            .iter()
            .find(|(_, words)| words.iter().any(|word| metadata.contains(word)));
        let input = hinted.map_or("RUNINFRA_LLM_MODEL", |(input, _)| input);
        if let Some(list) = found.get_mut(input).and_then(Value::as_array_mut) {
            list.push(json!(id));
        }
    }
    json!({ "evidence": false, "candidates": found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_a_candidate_for_what_its_metadata_hints_at() {
        let catalog = json!({"data": [
            {"id": "bge-small"}, {"id": "x1", "modality": "image"}, {"id": "whisper-v3"}, {"id": "llama-8b"}, {"id": "odd"},
        ]});
        let found = candidates(&catalog)["candidates"].clone();
        assert_eq!(found["RUNINFRA_EMBEDDING_MODEL"], json!(["bge-small"]));
        assert_eq!(found["RUNINFRA_IMAGE_MODEL"], json!(["x1"]));
        assert_eq!(found["RUNINFRA_ASR_MODEL"], json!(["whisper-v3"]));
        assert_eq!(found["RUNINFRA_LLM_MODEL"], json!(["llama-8b", "odd"]));
    }
}
