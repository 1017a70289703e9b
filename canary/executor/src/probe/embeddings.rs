//! Embeddings.

use runinfra::{Client, RequestOptions};

use super::{Failure, drive::Drive};

pub(super) async fn create(
    mut drive: Drive<'_>,
    client: &Client,
    options: RequestOptions,
) -> Result<(), Failure> {
    let request = drive.typed()?;
    let answer = client.embeddings().create_with(request, options).await?;
    drive.answered(&answer, None);
    Ok(())
}
