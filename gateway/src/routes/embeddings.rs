//! `POST /embeddings`.

use serde::{Deserialize, Serialize};

use crate::app::Call;
use crate::catalog::Modality;
use crate::envelope::ApiError;
use crate::model::media::vector;
use crate::model::text::tokens;
use crate::params::{Adjustments, Whole};
use crate::reply::Reply;
use crate::routes::{document, model};

/// Most texts in one request.
const MOST_INPUTS: usize = 2_048;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    model: String,
    input: Input,
    encoding_format: Option<String>,
    dimensions: Option<Whole>,
    user: Option<String>,
    strict_params: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a string or an array of strings")]
enum Input {
    One(String),
    Many(Vec<String>),
}

#[derive(Serialize)]
struct List<'a> {
    object: &'static str,
    data: Vec<Embedding>,
    model: &'a str,
    usage: Usage,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the wire's names")]
struct Embedding {
    object: &'static str,
    index: usize,
    embedding: Vec<f32>,
}

#[derive(Serialize)]
struct Usage {
    prompt_tokens: usize,
    total_tokens: usize,
}

pub(super) fn create(call: &Call) -> Result<Reply, ApiError> {
    let body: Body = document::parse(call)?;
    let model = model(call, &body.model, Modality::Embedding)?;
    if let Some(format) = &body.encoding_format
        && format != "float"
    {
        return Err(ApiError::invalid(
            "unsupported_parameter",
            "`encoding_format` can only be `float` here.",
        )
        .at("encoding_format"));
    }
    let mut adjustments = Adjustments::default();
    let dimensions = body.dimensions.map_or(model.dimensions, |asked| {
        adjustments.clamp_count("dimensions", asked, model.dimensions)
    });
    adjustments.enforce(body.strict_params.unwrap_or(false))?;
    // Accepted for compatibility; nothing depends on it.
    let _ = body.user;
    let texts = match body.input {
        Input::One(text) => vec![text],
        Input::Many(texts) => texts,
    };
    let prompt_tokens = check(&texts, model.context_tokens)?;
    let data = texts
        .iter()
        .enumerate()
        .map(|(index, text)| Embedding {
            object: "embedding",
            index,
            embedding: vector::embed(text, dimensions),
        })
        .collect();
    Ok(Reply::ok(&List {
        object: "list",
        data,
        model: model.id,
        usage: Usage {
            prompt_tokens,
            total_tokens: prompt_tokens,
        },
    })
    .with_adjustments(&adjustments))
}

/// Refuses empty and oversized inputs; returns their tokens.
fn check(texts: &[String], context_tokens: usize) -> Result<usize, ApiError> {
    if texts.is_empty() || texts.iter().any(String::is_empty) {
        return Err(ApiError::invalid(
            "empty_input",
            "`input` is empty or holds an empty string. Send one or more non-empty strings.",
        )
        .at("input"));
    }
    if texts.len() > MOST_INPUTS {
        return Err(ApiError::invalid(
            "array_too_long",
            format!("`input` takes at most {MOST_INPUTS} strings."),
        )
        .at("input"));
    }
    let mut total = 0;
    for text in texts {
        let tokens = tokens::count(text);
        if tokens > context_tokens {
            return Err(ApiError::unprocessable(
                "context_length_exceeded",
                format!("An input has {tokens} tokens; at most {context_tokens} fit."),
            )
            .at("input"));
        }
        total += tokens;
    }
    Ok(total)
}
