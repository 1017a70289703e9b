//! The API key, and the mask that keeps it out of everything printable.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use http::HeaderValue;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands where a secret stood.
pub(crate) const MASK: &str = "[redacted]";

/// Shorter keys are not searched for: replacing a letter or two everywhere would only shred messages.
const SHORTEST_KEY: usize = 4;
/// Shorter encoded forms are not searched for, since ordinary words would match them.
const SHORTEST_ENCODED: usize = 6;

/// An API key: non-blank printable ASCII. It has no `Display`, no `Serialize`, and a masked `Debug`.
#[derive(Clone)]
pub(crate) struct ApiKey(Arc<str>);

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl ApiKey {
    /// Trims `text` and takes it when what is left is printable ASCII. The reason for a refusal never quotes the key.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let key = text.trim();
        if key.is_empty() {
            return Err("the API key is blank: pass the key shown when it was created");
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(
                "the API key has a character that is not printable ASCII: copy it again, without spaces or quotes",
            );
        }
        Ok(Self(key.into()))
    }

    /// The `Authorization` value, marked sensitive so that no header dump prints it.
    pub(crate) fn bearer(&self) -> Result<HeaderValue, http::header::InvalidHeaderValue> {
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.0))?;
        value.set_sensitive(true);
        Ok(value)
    }

    pub(crate) fn redactor(&self) -> Redactor {
        Redactor::new(&self.0)
    }
}

/// Finds the key in foreign text, as it is and in the encodings in which servers and proxies echo things.
#[derive(Clone)]
pub(crate) struct Redactor(Arc<Needles>);

struct Needles {
    /// Lower case; matched without regard to case.
    folded: Vec<String>,
    /// Matched exactly.
    exact: Vec<String>,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

impl Redactor {
    pub(crate) fn new(key: &str) -> Self {
        if key.len() < SHORTEST_KEY {
            return Self(Arc::new(Needles {
                folded: Vec::new(),
                exact: Vec::new(),
            }));
        }
        let digits = hex::encode(key);
        let every_byte = digits
            .as_bytes()
            .chunks(2)
            .flat_map(|pair| [b'%', pair[0], pair[1]]);
        let every_byte: String = every_byte.map(char::from).collect();
        let folded = [
            key.to_owned(),
            utf8_percent_encode(key, NON_ALPHANUMERIC).to_string(),
            url::form_urlencoded::byte_serialize(key.as_bytes()).collect(),
            every_byte,
            digits,
            json_escaped(key),
        ];
        let mut folded: Vec<String> = folded.map(|needle| needle.to_ascii_lowercase()).into();
        folded.sort_unstable();
        folded.dedup();
        let mut exact = base64_forms(key.as_bytes());
        exact.retain(|needle| needle.len() >= SHORTEST_ENCODED);
        exact.sort_unstable();
        exact.dedup();
        Self(Arc::new(Needles { folded, exact }))
    }

    /// `text` with every form of the key replaced by `[redacted]`.
    pub(crate) fn clean(&self, text: &str) -> String {
        let lower = text.to_ascii_lowercase();
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for needle in &self.0.folded {
            spans.extend(
                lower
                    .match_indices(needle.as_str())
                    .map(|(at, found)| (at, at + found.len())),
            );
        }
        for needle in &self.0.exact {
            spans.extend(
                text.match_indices(needle.as_str())
                    .map(|(at, found)| (at, at + found.len())),
            );
        }
        if spans.is_empty() {
            return text.to_owned();
        }
        spans.sort_unstable();
        mask_spans(text, &spans)
    }

    /// Foreign text for a message: trimmed, masked, and no longer than `longest` characters and an ellipsis.
    ///
    /// Masked before it is cut, so that no cut can leave a part of the key that the mask no longer recognises.
    pub(crate) fn excerpt(&self, text: &str, longest: usize) -> String {
        let clean = self.clean(text);
        let clean = clean.trim();
        match clean.char_indices().nth(longest) {
            Some((at, _)) => format!("{}…", &clean[..at]),
            None => clean.to_owned(),
        }
    }
}

fn mask_spans(text: &str, spans: &[(usize, usize)]) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut copied = 0;
    for &(start, end) in spans {
        if start >= copied {
            clean.push_str(&text[copied..start]);
            clean.push_str(MASK);
        }
        copied = copied.max(end);
    }
    clean.push_str(&text[copied..]);
    clean
}

fn json_escaped(key: &str) -> String {
    let quoted = serde_json::Value::from(key).to_string();
    quoted.trim_matches('"').to_owned()
}

/// The characters that the key contributes to a base64 text, whatever precedes it: one form per alignment and alphabet.
fn base64_forms(key: &[u8]) -> Vec<String> {
    let mut forms = Vec::new();
    for skipped in 0..3_usize {
        let mut padded = vec![0_u8; skipped];
        padded.extend_from_slice(key);
        // Characters that also carry bits of a neighbour differ with the neighbour: leave them out.
        let first = (skipped * 8).div_ceil(6);
        let last = padded.len() * 8 / 6;
        for text in [
            STANDARD_NO_PAD.encode(&padded),
            URL_SAFE_NO_PAD.encode(&padded),
        ] {
            forms.push(text[first..last].to_owned());
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    const KEY: &str = "rp_live_S3cret+marker/42";

    #[test]
    fn every_form_of_the_key_is_masked() {
        let redactor = Redactor::new(KEY);
        let forms = [
            KEY.to_owned(),
            KEY.to_uppercase(),
            format!("Bearer {KEY}"),
            hex::encode(KEY),
            hex::encode_upper(KEY),
            utf8_percent_encode(KEY, NON_ALPHANUMERIC).to_string(),
            hex::encode_upper(KEY)
                .as_bytes()
                .chunks(2)
                .flat_map(|pair| ['%', char::from(pair[0]), char::from(pair[1])])
                .collect(),
            STANDARD.encode(KEY),
            STANDARD.encode(format!("Bearer {KEY}")),
            STANDARD.encode(format!("x{KEY}y")),
            URL_SAFE_NO_PAD.encode(format!("ab{KEY}yz")),
        ];
        for form in forms {
            let clean = redactor.clean(&format!("before {form} after"));
            assert!(
                clean.starts_with("before ") && clean.ends_with(" after"),
                "{clean}"
            );
            assert!(clean.contains(MASK), "{form} survived as {clean}");
            assert!(!clean.contains(&form), "{clean}");
        }
    }

    #[test]
    fn text_without_the_key_is_untouched() {
        let redactor = Redactor::new(KEY);
        for text in [
            "",
            "rp_live_",
            "naïve — ünïcode",
            "the model does not exist",
        ] {
            assert_eq!(redactor.clean(text), text);
        }
    }

    #[test]
    fn an_excerpt_is_masked_before_it_is_cut() {
        let redactor = Redactor::new(KEY);
        let text = format!(" {KEY} žluťoučký ");
        for longest in 0..text.chars().count() {
            let excerpt = redactor.excerpt(&text, longest);
            assert!(!excerpt.contains(&KEY[..3]), "{excerpt}");
            assert!(excerpt.chars().count() <= longest + 1, "{excerpt}");
        }
        assert_eq!(redactor.excerpt(&text, 18), "[redacted] žluťouč…");
        assert_eq!(redactor.excerpt(&text, 20), "[redacted] žluťoučký");
    }

    #[test]
    fn a_key_is_trimmed_and_must_be_printable_ascii() {
        assert!(ApiKey::parse("  key ").is_ok());
        for bad in ["", "  ", "a b", "kéy", "a\u{7f}b", "a\nb"] {
            assert!(ApiKey::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(format!("{:?}", ApiKey::parse("key").unwrap()), MASK);
    }
}
