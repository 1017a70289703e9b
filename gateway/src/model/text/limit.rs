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

/// A text after its limits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Limited {
    /// Split again, it gives the same tokens: a cut is always between two.
    pub(crate) text: String,
    pub(crate) tokens: usize,
    pub(crate) finish: Finish,
}

/// Cuts before the first stop sequence, then after the last allowed token. The stop sequence itself is not returned; one that would only
/// appear after the token limit did not stop anything.
pub(crate) fn limit(mut text: String, sampling: &Sampling) -> Limited {
    let stopped = sampling
        .stop
        .iter()
        .filter(|stop| !stop.is_empty())
        .filter_map(|stop| text.find(stop.as_str()))
        .min();
    if let Some(at) = stopped {
        text.truncate(at);
    }
    let (mut tokens, mut end) = (0, 0);
    for token in tokens::split(&text).take(sampling.max_tokens) {
        tokens += 1;
        end += token.len();
    }
    let finish = if end < text.len() {
        Finish::Length
    } else {
        Finish::Stop
    };
    text.truncate(end);
    Limited {
        text,
        tokens,
        finish,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_stop_sequence_is_cut_before_the_token_limit_counts() {
        let limited = |max_tokens, stop: &[&str]| {
            let sampling = Sampling {
                max_tokens,
                stop: stop.iter().map(|stop| (*stop).to_owned()).collect(),
                ..Sampling::default()
            };
            let limited = limit("one two three".to_owned(), &sampling);
            (limited.text, limited.tokens, limited.finish)
        };
        let text = |text: &str| text.to_owned();
        assert_eq!(limited(9, &[]), (text("one two three"), 3, Finish::Stop));
        assert_eq!(limited(2, &[]), (text("one two"), 2, Finish::Length));
        assert_eq!(
            limited(2, &["three", " t", ""]),
            (text("one"), 1, Finish::Stop)
        );
        assert_eq!(limited(1, &["three"]), (text("one"), 1, Finish::Length));
    }

    proptest! {
        #[test]
        fn a_limited_text_has_the_tokens_it_was_cut_at(
            text in "\\PC{0,60}|[ \\na1é日.]{0,60}", max_tokens in 0_usize..20,
        ) {
            let sampling = Sampling { max_tokens, ..Sampling::default() };
            let limited = limit(text.clone(), &sampling);
            let expected: Vec<&str> = tokens::split(&text).take(max_tokens).collect();
            prop_assert_eq!(tokens::split(&limited.text).collect::<Vec<_>>(), expected);
            prop_assert_eq!(limited.tokens, tokens::count(&limited.text));
        }
    }
}
