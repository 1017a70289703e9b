//! The catalog.

use runinfra::{Client, RequestOptions};
use serde_json::Value;

use super::{Failure, drive::Drive};

pub(super) async fn list(
    mut drive: Drive<'_>,
    client: &Client,
    options: RequestOptions,
) -> Result<(), Failure> {
    let answer = client.models().list_with(options).await?;
    drive.answered(&answer, None);
    Ok(())
}

pub(super) async fn retrieve(
    mut drive: Drive<'_>,
    client: &Client,
    options: RequestOptions,
) -> Result<(), Failure> {
    let model = drive
        .request
        .get("model")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let answer = client.models().retrieve_with(&model, options).await?;
    drive.answered(&answer, None);
    Ok(())
}
