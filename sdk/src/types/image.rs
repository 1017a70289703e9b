//! Image generation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::ObjectOnly;
use super::body::{JsonRequest, model_given, not_empty};
use crate::error::{Error, ErrorKind};

open_enum! {
    /// How an image comes back.
    ImageFormat {
        /// As the URL to fetch it from.
        Url = "url",
        /// In the answer, in base64.
        B64Json = "b64_json",
    }
}

/// A request for images.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ImageRequest {
    /// The model's id. Required.
    pub model: String,
    /// The description of the image. Required, and not empty.
    pub prompt: String,
    /// How many images to generate, 1 to 10. 1 unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// Width and height in pixels, as `1024x1024`. The deployment's own when unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Whether images come back as URLs or as base64 in the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_format: Option<ImageFormat>,
    /// The quality, by a name that the deployment knows, such as `standard`, `hd` or `high`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<String>,
    /// The style, by a name that the deployment knows, such as `vivid` or `natural`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
    /// An opaque id of your end user, for telling abuse apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether a parameter that the gateway would drop or clamp is a 400 instead. `false` unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict_params: Option<bool>,
    /// Body fields that are not typed here.
    #[serde(skip_serializing, deserialize_with = "crate::types::foreign::map")]
    pub extra_body: Map<String, Value>,
}

impl ImageRequest {
    /// A request with what is required.
    pub fn new(model: impl Into<String>, prompt: impl Into<String>) -> Self {
        Self {
            model: model.into(),
            prompt: prompt.into(),
            ..Self::default()
        }
    }
}

setters!(ImageRequest {
    n: u32,
    size: String,
    response_format: ImageFormat,
    quality: String,
    style: String,
    user: String,
    strict_params: bool,
});
extra_body!(ImageRequest);

impl JsonRequest for ImageRequest {
    fn extra_body(&self) -> &Map<String, Value> {
        &self.extra_body
    }

    fn check(&self) -> Result<(), Error> {
        model_given(&self.model)?;
        not_empty("prompt", &self.prompt)
    }
}

/// Generated images.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct ImageList {
    /// When they were generated, in Unix seconds.
    pub created: u64,
    /// The images, at least one.
    #[serde(deserialize_with = "super::body::at_least_one")]
    pub data: Vec<Image>,
}

/// An image: where it is, or what it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(remote = "Self")]
#[non_exhaustive]
pub struct Image {
    /// The URL to fetch it from, with `response_format` `url`.
    pub url: Option<String>,
    /// The image file in base64, with `response_format` `b64_json`; [`bytes`](Self::bytes) decodes it.
    pub b64_json: Option<String>,
    /// The prompt that was used, where the model revised it.
    pub revised_prompt: Option<String>,
}

impl Serialize for Image {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The derived function, which is not the trait's.
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Image {
    /// An image that is neither a URL nor data is not one.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let image = Self::deserialize(ObjectOnly(deserializer))?;
        if image.url.is_none() && image.b64_json.is_none() {
            return Err(serde::de::Error::custom(
                "an image has neither `url` nor `b64_json`",
            ));
        }
        Ok(image)
    }
}

impl Image {
    /// The image's bytes, when it came in the answer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ResponseShape`] when the text is not base64.
    pub fn bytes(&self) -> Option<Result<Vec<u8>, Error>> {
        let text = self.b64_json.as_deref()?;
        Some(STANDARD.decode(text).map_err(|error| {
            Error::new(
                ErrorKind::ResponseShape,
                format!("b64_json is not base64: {error}"),
            )
        }))
    }
}

objects! { ImageRequest, ImageList }
