//! The catalog.

use runinfra::{Client, RequestOptions, types::ChatCompletionRequest};
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

/// How many models are asked for work at most: it may be charged.
const MOST_ASKED: usize = 4;

/// Lists the catalog and asks each of its models but the excepted ones for a chat completion. The
/// document has what came, or the status of the refusal.
pub(super) async fn ask_each(
    mut drive: Drive<'_>,
    client: &Client,
    options: RequestOptions,
) -> Result<(), Failure> {
    let mut request = drive.request.take();
    let except = request
        .as_object_mut()
        .and_then(|request| request.remove("except"))
        .unwrap_or_default();
    let is_excepted = |id: &str| {
        let all = except.as_array();
        all.is_some_and(|all| all.iter().any(|other| other == id))
    };
    let list = client.models().list_with(options.clone()).await?;
    let models = list.data.iter().filter(|model| !is_excepted(&model.id));
    let mut walked = Vec::new();
    for model in models.take(MOST_ASKED) {
        request["model"] = json!(model.id);
        let typed: ChatCompletionRequest =
            serde_json::from_value(request.clone()).map_err(|_| Failure::unfit())?;
        let answer = client
            .chat()
            .completions()
            .create_with(typed, options.clone())
            .await;
        let (request_id, refused) = match &answer {
            Ok(answer) => (answer.request_id(), None),
            Err(error) => (error.request_id(), error.status()),
        };
        drive.seen.request_id = request_id.map(str::to_owned);
        let found = answer.map_or(Value::Null, |answer| answer.json());
        walked.push(json!({"listed": model.id, "found": found, "refused": refused}));
    }
    drive.seen.replayed = Some(list.replayed());
    drive.seen.document = Some(json!({"list": list.json(), "walked": walked}));
    Ok(())
}
