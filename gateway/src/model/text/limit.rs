//! Where an answer ends: stop sequences and the token limit.

use crate::model::text::{Sampling, tokens};

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finish {
    Stop,
    Length,
    ToolCalls,
}

impl Finish {
    /// The wire name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
        }
    }
}

/// A text after its limits, a token a piece.
pub(crate) struct Limited {
    pub(crate) pieces: Vec<String>,
    pub(crate) finish: Finish,
}

/// Cuts before the first stop sequence, then after the last allowed token. The stop sequence itself is not returned; one that would only
/// appear after the token limit did not stop anything.
pub(crate) fn limit(text: &str, sampling: &Sampling) -> Limited {
    let stopped = sampling
        .stop
        .iter()
        .filter(|stop| !stop.is_empty())
        .filter_map(|stop| text.find(stop.as_str()))
        .min()
        .map_or(text, |at| &text[..at]);
    let mut pieces = tokens::split(stopped);
    let kept: Vec<String> = pieces
        .by_ref()
        .take(sampling.max_tokens)
        .map(str::to_owned)
        .collect();
    let finish = if pieces.next().is_some() {
        Finish::Length
    } else {
        Finish::Stop
    };
    Limited {
        pieces: kept,
        finish,
    }
}
