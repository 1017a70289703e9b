//! Chat completions.

use runinfra::{Client, RequestOptions, types::ChatCompletionChunk};

use super::{Failure, drive::Drive};

pub(super) async fn create(
    mut drive: Drive<'_>,
    client: &Client,
    options: RequestOptions,
) -> Result<(), Failure> {
    let request = drive.typed()?;
    let answer = client
        .chat()
        .completions()
        .create_with(request, options)
        .await?;
    let text = answer.text().map(str::to_owned);
    drive.answered(&answer, text);
    Ok(())
}

pub(super) async fn stream(
    mut drive: Drive<'_>,
    client: &Client,
    options: RequestOptions,
) -> Result<(), Failure> {
    let request = drive.typed()?;
    let stream = client
        .chat()
        .completions()
        .stream_with(request, options)
        .await?;
    drive
        .stream(stream, |chunk: &ChatCompletionChunk| {
            chunk.text().map(str::to_owned)
        })
        .await
}
