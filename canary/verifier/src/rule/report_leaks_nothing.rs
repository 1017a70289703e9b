//! Neither report holds anything of the form of a secret or of a private path, nor the value of a
//! sensitive variable that is set where the verifier runs.

use std::borrow::Cow;

use canary_core::report::read::SIZE_LIMIT;

use super::{Applies, Check, Rule};
use crate::{Context, case::Filed, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "report_leaks_nothing",
    demands: "Neither report holds anything of the form of a secret or of a private path, nor the value of a sensitive variable that is set where the verifier runs.",
    because: "Reports are uploaded, attached and published.",
    next: "revoke what leaked, then find out how it got into a report; the value is not shown here",
    scope: Applies::Always,
    check: Check::File(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.run().id = ["rp_live", "0123456789abcdefABCDEF0123"].join("_"),
        also: &["run_is_completed"],
    },
};

fn check(file: &Filed<'_>, context: &Context, out: &mut Findings) {
    // What is too long to be read is not scanned either: another rule refuses it.
    if file.bytes.len() > SIZE_LIMIT {
        return;
    }
    for leak in context.scanner.scan(&text(file.bytes)) {
        let at = leak.at.to_string();
        out.add(file.subject, at, leak.pattern, "nothing of the kind");
    }
}

/// The bytes as a text that is no longer than they are, each piece that is none as one `?`.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.into();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push('?');
        }
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn what_is_no_text_takes_no_more_room_as_one() {
        for (bytes, expected) in [
            (&b"plain"[..], "plain"),
            (b"", ""),
            ("\u{e9}".as_bytes(), "\u{e9}"),
            (b"a\xffb\xff\xff", "a?b??"),
            (b"\xf0\x9f\x98", "?"),
        ] {
            assert_eq!(text(bytes), expected);
        }
        let long = vec![0xff; 1 << 20];
        assert_eq!(text(&long).len(), long.len());
    }
}
