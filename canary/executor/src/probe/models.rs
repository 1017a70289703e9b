//! The catalog.

use runinfra::{Client, RequestOptions};
use serde_json::{Value, json};

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

/// How many entries of a catalog are read at most: enough for a workspace, and no flood for a
/// catalog of thousands.
const MOST_ENTRIES: usize = 32;

/// Lists the catalog and reads each entry. The document has the list's, and beside it what came.
pub(super) async fn walk(
    drive: Drive<'_>,
    client: &Client,
    options: RequestOptions,
) -> Result<(), Failure> {
    let list = client.models().list_with(options).await?;
    let mut walked = Vec::new();
    for model in list.data.iter().take(MOST_ENTRIES) {
        let answer = client.models().retrieve(&model.id).await;
        drive.seen.request_id = match &answer {
            Ok(answer) => answer.request_id(),
            Err(error) => error.request_id(),
        }
        .map(str::to_owned);
        let found = answer.map_or(Value::Null, |answer| answer.json());
        walked.push(json!({"listed": model.id, "found": found}));
    }
    drive.seen.replayed = Some(list.replayed());
    drive.seen.document = Some(json!({"list": list.json(), "walked": walked}));
    Ok(())
}
