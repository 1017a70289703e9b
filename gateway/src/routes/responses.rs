//! `POST /responses`: an adapter that turns its input into a chat and the chat's answer into a Responses envelope.

mod envelope;
mod request;
mod stream;

use crate::app::Call;
use crate::envelope::ApiError;
use crate::model::text;
use crate::reply::Reply;
use crate::routes::Context;

pub(super) fn create(context: &Context, call: &Call) -> Result<Reply, ApiError> {
    let asked = request::read(call)?;
    let answer = text::complete(&asked.task, 0);
    let response = envelope::Response::new(&asked.terms, &answer, call.now);
    let reply = if asked.stream {
        Reply::events(stream::events(
            &response,
            &answer,
            context.done_after_responses,
        ))
    } else {
        Reply::ok(&response)
    };
    Ok(reply.with_adjustments(&asked.adjustments))
}
