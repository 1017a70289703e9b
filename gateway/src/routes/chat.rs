//! `POST /chat/completions`.

mod reply;
mod request;
mod stream;

use crate::app::Call;
use crate::envelope::ApiError;
use crate::ids;
use crate::model::text;
use crate::reply::Reply;

pub(super) fn create(call: &Call) -> Result<Reply, ApiError> {
    let asked = request::read(call)?;
    let answers: Vec<text::Completion> = (0..asked.answers)
        .map(|index| text::complete(&asked.task, index))
        .collect();
    let head = reply::Head {
        id: ids::id("chatcmpl-"),
        created: call.now,
        model: asked.model.id,
        prompt_tokens: asked.prompt_tokens,
        metadata: asked.metadata,
    };
    let reply = if asked.stream {
        Reply::events(stream::events(&head, &answers, asked.include_usage))
    } else {
        Reply::ok(&reply::whole(&head, &answers))
    };
    Ok(reply.with_adjustments(&asked.adjustments))
}
