//! `POST /images/generations`, and the pictures that its `url` answers link to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::Call;
use crate::catalog::Modality;
use crate::envelope::{ApiError, ErrorType, clip};
use crate::ids;
use crate::model::media::image;
use crate::model::text::tokens;
use crate::params::{Adjustments, Whole};
use crate::reply::Reply;
use crate::routes::{Context, document, model};

const MOST_PICTURES: usize = 10;
const SMALLEST_SIDE: u32 = 16;
const LARGEST_SIDE: u32 = 2_048;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    model: String,
    prompt: String,
    n: Option<Whole>,
    size: Option<String>,
    response_format: Option<Format>,
    // Passed through to the backend, which has no use for them.
    quality: Option<Value>,
    style: Option<Value>,
    user: Option<String>,
    strict_params: Option<bool>,
}

#[derive(Debug, Clone, Copy, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Url,
    B64Json,
}

#[derive(Serialize)]
struct Pictures {
    created: u64,
    data: Vec<Picture>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Picture {
    Url(String),
    B64Json(String),
}

pub(super) fn create(context: &Context, call: &Call) -> Result<Reply, ApiError> {
    let body: Body = document::parse(call)?;
    let model = model(call, &body.model, Modality::Image)?;
    if body.prompt.trim().is_empty() {
        return Err(ApiError::invalid("empty_input", "`prompt` is empty.").at("prompt"));
    }
    if tokens::count(&body.prompt) > model.context_tokens {
        return Err(
            ApiError::unprocessable("context_length_exceeded", "`prompt` is too long.")
                .at("prompt"),
        );
    }
    let mut adjustments = Adjustments::default();
    let count = body
        .n
        .map_or(1, |n| adjustments.clamp_count("n", n, MOST_PICTURES));
    if body.quality.is_some() {
        adjustments.drop("quality");
    }
    if body.style.is_some() {
        adjustments.drop("style");
    }
    adjustments.enforce(body.strict_params.unwrap_or(false))?;
    let _ = body.user;
    let (width, height) = size(body.size.as_deref().unwrap_or("1024x1024"))?;
    let data = (0..count)
        .map(|index| {
            let prompt = match index {
                0 => body.prompt.clone(),
                _ => format!("{} (variation {index})", body.prompt),
            };
            let png = image::render(&prompt, width, height);
            deliver(context, png, body.response_format.unwrap_or_default())
        })
        .collect();
    Ok(Reply::ok(&Pictures {
        created: call.now,
        data,
    })
    .with_adjustments(&adjustments))
}

fn deliver(context: &Context, png: Vec<u8>, format: Format) -> Picture {
    match format {
        Format::B64Json => Picture::B64Json(STANDARD.encode(png)),
        Format::Url => {
            let name = format!("{}.png", ids::id("img-"));
            let url = format!("{}/images/files/{name}", context.base_url);
            context.files.keep(name, Bytes::from(png));
            Picture::Url(url)
        }
    }
}

/// `WIDTHxHEIGHT`, both within what the model draws.
fn size(text: &str) -> Result<(u32, u32), ApiError> {
    let sides = text
        .split_once('x')
        .and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    match sides {
        Some((width, height))
            if [width, height]
                .iter()
                .all(|side| (SMALLEST_SIDE..=LARGEST_SIDE).contains(side)) =>
        {
            Ok((width, height))
        }
        _ => Err(ApiError::invalid(
            "invalid_size",
            format!(
                "`size` is `{}`; send WIDTHxHEIGHT with sides of {SMALLEST_SIDE} to {LARGEST_SIDE} pixels, e.g. `1024x1024`.",
                clip(text)
            ),
        )
        .at("size")),
    }
}

/// A picture that an earlier answer linked to.
pub(super) fn fetch(context: &Context, name: &str) -> Result<Reply, ApiError> {
    let png = context.files.find(name).ok_or_else(|| {
        ApiError::new(
            StatusCode::NOT_FOUND,
            ErrorType::NotFound,
            "file_not_found",
            "There is no such picture, or it is no longer kept. Generate it again.",
        )
    })?;
    Ok(Reply::whole(
        StatusCode::OK,
        HeaderValue::from_static("image/png"),
        png,
    ))
}
