//! What a whole event stream says on the wire, read after the fact.
//!
//! Written apart from the SDK's decoder on purpose: one wrong reading would otherwise pass on both
//! sides. It follows the same document, the event stream format of the WHATWG.

/// One event as it stood on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Frame {
    /// What its `event:` lines say.
    pub(super) event: Option<String>,
    /// Its `data:` lines, joined.
    pub(super) data: Option<String>,
}

/// The events of a body that have data. An event that the stream does not end is one too: whether
/// the end was whole is another word's question.
pub(super) fn frames(body: &[u8]) -> Vec<Frame> {
    let text = String::from_utf8_lossy(body)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    text.split("\n\n")
        .map(|block| Frame {
            event: field(block, "event"),
            data: field(block, "data"),
        })
        .filter(|frame| frame.data.is_some())
        .collect()
}

fn field(block: &str, name: &str) -> Option<String> {
    let values: Vec<&str> = block
        .split('\n')
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
        .map(|value| value.strip_prefix(' ').unwrap_or(value))
        .collect();
    (!values.is_empty()).then(|| values.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_and_a_byte_order_mark_read_the_same() {
        let plain = "event: a\ndata: {\"x\":\ndata:1}\n\n: still there\n\ndata: [DONE]\n\n";
        let wanted = vec![
            Frame {
                event: Some("a".into()),
                data: Some("{\"x\":\n1}".into()),
            },
            Frame {
                event: None,
                data: Some("[DONE]".into()),
            },
        ];
        for end in ["\n", "\r\n", "\r"] {
            let body = plain.replace('\n', end);
            assert_eq!(frames(body.as_bytes()), wanted, "{end:?}");
            assert_eq!(frames(format!("\u{FEFF}{body}").as_bytes()), wanted);
        }
    }

    #[test]
    fn an_event_that_is_not_ended_is_still_seen() {
        assert_eq!(frames(b"data: 1\n\ndata: [DONE]").len(), 2);
        assert!(frames(b"").is_empty());
    }
}
