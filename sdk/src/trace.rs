//! A span per call when the `tracing` feature is on, and nothing at all otherwise. No field holds text from a body.

use crate::answer::Head;
use crate::error::Error;
use crate::request::Recipe;
use crate::secret::Redactor;

#[cfg(feature = "tracing")]
pub(crate) struct Span(tracing::Span);

#[cfg(feature = "tracing")]
impl Span {
    pub(crate) fn of(recipe: &Recipe, redactor: &Redactor) -> Self {
        Self(tracing::debug_span!(
            target: "runinfra",
            "call",
            operation = recipe.operation,
            method = recipe.method.as_str(),
            path = redactor.clean(recipe.url.path()),
            status = tracing::field::Empty,
            request_id = tracing::field::Empty,
        ))
    }

    pub(crate) fn answered(&self, head: &Head) {
        self.0.record("status", head.status.as_u16());
        if let Some(id) = head.masked_request_id() {
            self.0.record("request_id", id);
        }
        tracing::debug!(target: "runinfra", parent: &self.0, "answered");
    }

    pub(crate) fn failed(&self, error: &Error, retry: u32) {
        tracing::debug!(
            target: "runinfra",
            parent: &self.0,
            kind = error.kind().as_str(),
            status = error.status(),
            request_id = error.request_id(),
            retry,
            "attempt failed"
        );
    }
}

#[cfg(not(feature = "tracing"))]
pub(crate) struct Span;

#[cfg(not(feature = "tracing"))]
impl Span {
    pub(crate) fn of(_: &Recipe, _: &Redactor) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "the same face as the real span")]
    pub(crate) fn answered(&self, _: &Head) {}

    #[expect(clippy::unused_self, reason = "the same face as the real span")]
    pub(crate) fn failed(&self, _: &Error, _: u32) {}
}
