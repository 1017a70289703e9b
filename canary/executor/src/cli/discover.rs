//! `canary discover`: which models of the catalog could serve each model input. Informational.

use canary_core::{
    exit::Exit,
    input::{Inputs, Need, Secret, Unmet, Value as Input},
    leak::{self, Scanner},
};
use runinfra::{Client, ErrorKind};
use serde_json::{Value, json};

use super::{
    CommandError, Shell,
    apart::Files,
    args::Discover,
    preflight::{load_inputs, load_matrix},
};
use crate::{load::PrivateFiles, place::write_whole, report, world::world};

/// What the catalog is asked with.
const KEY: &str = "RUNINFRA_API_KEY";

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
    Files::of(&args.matrix)
        .reads("--env-file", args.env_file.as_deref())
        .reads_inputs(&matrix, &inputs)
        .writes("--report", args.report.as_deref())
        .check()?;
    let client = client(&inputs)?;
    let listed = tokio::select! {
        listed = client.models().list() => listed,
        () = shell.cancel.cancelled() => return Ok(Exit::Interrupted),
    };
    let answer = match listed {
        Ok(answer) => answer,
        Err(error) => {
            let (sentence, exit) = refusal(&error);
            shell.console.error(&sentence);
            return Ok(exit);
        }
    };
    let mut values = inputs.sensitive_values().to_vec();
    values.extend(leak::sensitive_values(&shell.environment));
    let plain = Plain {
        scanner: report::scanner(matrix.inputs(), &inputs, &shell.environment)?,
        folded: Scanner::new(&folded_values(&values)).map_err(report::ReportError::from)?,
    };
    let (candidates, withheld) = candidates(&answer.json(), &plain);
    if let Some(path) = &args.report {
        let text = format!("{candidates:#}\n");
        write_whole(path, text.as_bytes()).map_err(|source| CommandError::Write {
            path: path.clone(),
            source,
        })?;
    }
    tell(&candidates, withheld, shell);
    Ok(Exit::Yes)
}

/// A client with the workspace's key, for the gateway that the inputs name.
fn client(inputs: &Inputs) -> Result<Client, CommandError> {
    let Some(Input::Secret(key)) = inputs.value(KEY) else {
        let needed = Need::Input(KEY.to_owned());
        let unmet = inputs.unmet(&[needed]);
        let why: Vec<String> = unmet.iter().map(Unmet::to_string).collect();
        return Err(CommandError::Usage(format!(
            "{}, or name a file with --env-file",
            why.concat()
        )));
    };
    let world = world(inputs, &PrivateFiles::default())?;
    Client::builder()
        .api_key(key.expose())
        .base_url(&world.base_url)
        .transport(world.transport)
        .timeout(world.call_timeout)
        .build()
        .map_err(|error| CommandError::Usage(error.to_string()))
}

/// Why there is no catalog, and what to do. What the gateway says in words is left out: it may be the key in
/// another dress.
fn refusal(error: &runinfra::Error) -> (String, Exit) {
    use ErrorKind::{Authentication, Connection, PermissionDenied, ResponseShape, Timeout};

    let kind = error.kind();
    let (next, exit) = match kind {
        Authentication | PermissionDenied => (
            "; check RUNINFRA_API_KEY, and that it is for the gateway in RUNINFRA_BASE_URL",
            Exit::No,
        ),
        Connection | Timeout => (
            "; check RUNINFRA_BASE_URL and the network",
            Exit::CouldNotTell,
        ),
        ResponseShape => ("; check that RUNINFRA_BASE_URL names a gateway", Exit::No),
        _ => ("; try again later", Exit::CouldNotTell),
    };
    let status = error.status();
    let status = status.map_or("no answer".to_owned(), |status| format!("status {status}"));
    (
        format!("could not list the models: {kind}, {status}{next}"),
        exit,
    )
}

fn tell(candidates: &Value, withheld: usize, shell: &Shell) {
    for (input, ids) in candidates["candidates"].as_object().into_iter().flatten() {
        let ids = ids.as_array().into_iter().flatten();
        let ids: Vec<&str> = ids.filter_map(Value::as_str).collect();
        let found = match ids.as_slice() {
            [] => "none found".to_owned(),
            ids => ids.join(", "),
        };
        shell.console.say(&format!("{input}: {found}"));
    }
    if withheld > 0 {
        shell.console.note(&format!(
            "{withheld} left out: no names of models, or more like a secret that was set than like one"
        ));
    }
    shell
        .console
        .note("informational: what fits is for you to say, and none of this is evidence");
}

/// Tells names of models from what a gateway may have put in their place.
struct Plain {
    scanner: Scanner,
    /// Looks for the values without their case and their separators.
    folded: Scanner,
}

/// The longest name of a model that is shown.
const LONGEST: usize = 200;

/// Characters that part a name, and with which a secret can be spread out.
const SEPARATORS: [char; 8] = ['.', '_', ':', '/', '@', '+', '-', '~'];

impl Plain {
    /// Whether a text is the name of a model and tells no secret: as it is, without what parts it, and
    /// whatever the case of its letters.
    fn shows(&self, id: &str) -> bool {
        let known = |c: char| c.is_ascii_alphanumeric() || SEPARATORS.contains(&c);
        let joined: String = id.chars().filter(|c| !SEPARATORS.contains(c)).collect();
        !id.is_empty()
            && id.len() <= LONGEST
            && id.chars().all(known)
            && self.scanner.scan(id).is_empty()
            && self.scanner.scan(&joined).is_empty()
            && self.folded.scan(&joined.to_lowercase()).is_empty()
    }
}

/// The values as [`Plain::folded`] looks for them.
fn folded_values(values: &[Secret]) -> Vec<Secret> {
    let fold = |value: &Secret| {
        let joined = value.expose().replace(SEPARATORS, "");
        Secret::new(joined.to_lowercase())
    };
    values.iter().map(fold).collect()
}

/// Each model under the first input that its id or metadata hints at, and how many were left out.
fn candidates(catalog: &Value, plain: &Plain) -> (Value, usize) {
    let mut withheld = 0;
    let mut found: serde_json::Map<String, Value> = HINTS
        .iter()
        .map(|(input, _)| ((*input).to_owned(), json!([])))
        .collect();
    for model in catalog["data"].as_array().into_iter().flatten() {
        let Some(id) = model["id"].as_str() else {
            continue;
        };
        if !plain.shows(id) {
            withheld += 1;
            continue;
        }
        let metadata = model.to_string().to_lowercase();
        let hinted = HINTS
            .iter()
            .find(|(_, words)| words.iter().any(|word| metadata.contains(word)));
        let input = hinted.map_or("RUNINFRA_LLM_MODEL", |(input, _)| input);
        if let Some(list) = found.get_mut(input).and_then(Value::as_array_mut) {
            list.push(json!(id));
        }
    }
    (json!({ "evidence": false, "candidates": found }), withheld)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "sk-ri-Zq8vN3xT7mLw2RkYp5HdBc9J";

    fn plain() -> Plain {
        let values = [Secret::new(KEY)];
        Plain {
            scanner: Scanner::new(&values).unwrap(),
            folded: Scanner::new(&folded_values(&values)).unwrap(),
        }
    }

    #[test]
    fn a_model_is_a_candidate_for_what_its_metadata_hints_at() {
        let catalog = json!({"data": [
            {"id": "bge-small"}, {"id": "x1", "modality": "image"}, {"id": "whisper-v3"}, {"id": "llama-8b"}, {"id": "odd"},
        ]});
        let (found, withheld) = candidates(&catalog, &plain());
        let found = found["candidates"].clone();
        assert_eq!(found["RUNINFRA_EMBEDDING_MODEL"], json!(["bge-small"]));
        assert_eq!(found["RUNINFRA_IMAGE_MODEL"], json!(["x1"]));
        assert_eq!(found["RUNINFRA_ASR_MODEL"], json!(["whisper-v3"]));
        assert_eq!(found["RUNINFRA_LLM_MODEL"], json!(["llama-8b", "odd"]));
        assert_eq!(withheld, 0);
    }

    #[test]
    fn a_name_that_is_a_secret_in_any_dress_is_left_out() {
        let each = |form: fn(u8) -> String| KEY.bytes().map(form).collect::<Vec<_>>();
        let hex = each(|byte| format!("{byte:02x}"));
        let (hex, colons) = (hex.concat(), hex.join(":"));
        let percent = each(|byte| format!("%{byte:02X}")).concat();
        let escaped = each(|byte| format!("\\u{byte:04x}")).concat();
        let entities = each(|byte| format!("&#{byte};")).concat();
        let wrapped = KEY.replace("3x", "3\nx");
        let dashed: Vec<String> = KEY
            .as_bytes()
            .chunks(5)
            .map(|part| String::from_utf8_lossy(part).into_owned())
            .collect();
        for id in [
            KEY,
            &format!("llm-{KEY}-v1"),
            &KEY.to_uppercase(),
            &KEY.to_lowercase(),
            "c2stcmktWnE4dk4zeFQ3bUx3MlJrWXA1SGRCYzlK",
            "eHNrLXJpLVpxOHZOM3hUN21MdzJSa1lwNUhkQmM5Sg",
            "eHhzay1yaS1acTh2TjN4VDdtTHcyUmtZcDVIZEJjOUo",
            &hex,
            &hex.to_uppercase(),
            &colons,
            &percent,
            &escaped,
            &entities,
            &wrapped,
            &dashed.join("-"),
            &dashed.join("."),
            "ghp_0123456789abcdefABCDEF0123456789abcd",
            "\u{1b}[2J",
            "two words",
            "",
            &"a".repeat(LONGEST + 1),
        ] {
            assert!(!plain().shows(id), "{id}");
        }
        for id in [
            "Qwen/Qwen2.5-7B-Instruct",
            "bge-m3",
            "tts_1:hd",
            "org@model+lora~1",
        ] {
            assert!(plain().shows(id), "{id}");
        }
    }
}
