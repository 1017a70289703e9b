//! The Responses adapter.

use runinfra::{Client, RequestOptions, types::ResponseEvent};

use super::{Failure, drive::Drive};

pub(super) async fn create(
    mut drive: Drive<'_>,
    client: &Client,
    options: RequestOptions,
) -> Result<(), Failure> {
    let request = drive.typed()?;
    let answer = client.responses().create_with(request, options).await?;
    let text = Some(answer.output_text()).filter(|text| !text.is_empty());
    drive.answered(&answer, text);
    Ok(())
}

pub(super) async fn stream(
    mut drive: Drive<'_>,
    client: &Client,
    options: RequestOptions,
) -> Result<(), Failure> {
    let request = drive.typed()?;
    let stream = client.responses().stream_with(request, options).await?;
    drive
        .stream(stream, |event: &ResponseEvent| {
            event.text().map(str::to_owned)
        })
        .await
}
