//! Words that compare two calls of a row.

use serde_json::Value;

use super::{
    Word as Entry,
    build::{Argument, Part, millionths},
    known_call,
    text::finish_reason,
    vector::{cosine, embeddings},
};
use crate::{digest::DigestKey, evidence::Measured, judge::Rule, observe::CallSeen};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "same",
        argument: "two sides, each written call.part",
        about: "Both sides are there and equal.",
        read: |arg| compare(arg, &Rule::Same),
    },
    Entry {
        word: "differ",
        argument: "two sides, each written call.part",
        about: "Both sides are there and differ.",
        read: |arg| compare(arg, &Rule::Differ),
    },
    Entry {
        word: "alike",
        argument: "{ sides, at_least }: two sides written call.vector or call.vector.N, and a cosine",
        about: "The cosine of the two vectors is at least this.",
        read: |arg| alike(arg, "at_least"),
    },
    Entry {
        word: "unlike",
        argument: "{ sides, at_most }: two sides written call.vector or call.vector.N, and a cosine",
        about: "The cosine of the two vectors is at most this.",
        read: |arg| alike(arg, "at_most"),
    },
];

/// One side of a comparison: a part of a call.
#[derive(Debug, Clone)]
struct Side {
    call: String,
    part: Aspect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aspect {
    Text,
    Words,
    Id,
    Created,
    Metadata,
    Item,
    ToolCall,
    RequestId,
    Model,
    Usage,
    FinishReason,
    RateLimit,
    Body,
    Media,
    Pixels,
    Transcript,
    Response,
    Vector(usize),
}

const ASPECTS: &[(&str, Aspect)] = &[
    ("text", Aspect::Text),
    ("words", Aspect::Words),
    ("id", Aspect::Id),
    ("created", Aspect::Created),
    ("metadata", Aspect::Metadata),
    ("item", Aspect::Item),
    ("tool_call", Aspect::ToolCall),
    ("request_id", Aspect::RequestId),
    ("model", Aspect::Model),
    ("usage", Aspect::Usage),
    ("finish_reason", Aspect::FinishReason),
    ("rate_limit", Aspect::RateLimit),
    ("body", Aspect::Body),
    ("media", Aspect::Media),
    ("pixels", Aspect::Pixels),
    ("transcript", Aspect::Transcript),
    ("response", Aspect::Response),
    ("vector", Aspect::Vector(0)),
];

fn side(arg: &mut Argument<'_, '_>, written: &str, span: &std::ops::Range<usize>) -> Option<Side> {
    let (call, part) = written.split_once('.').unwrap_or((written, ""));
    if known_call(call, arg.calls).is_none() {
        let known: Vec<&str> = arg.calls.iter().map(String::as_str).collect();
        arg.reader.unknown(span.clone(), "call", call, &known);
        return None;
    }
    if let Some(at) = part.strip_prefix("vector.").and_then(|at| at.parse().ok()) {
        return Some(Side {
            call: call.to_owned(),
            part: Aspect::Vector(at),
        });
    }
    let Some((_, part)) = ASPECTS.iter().find(|(name, _)| *name == part) else {
        let known: Vec<&str> = ASPECTS.iter().map(|(name, _)| *name).collect();
        arg.reader
            .unknown(span.clone(), "part of a call", part, &known);
        return None;
    };
    Some(Side {
        call: call.to_owned(),
        part: *part,
    })
}

fn sides(arg: &mut Argument<'_, '_>) -> Option<(Side, Side)> {
    let node = arg.node()?;
    let written = node.strings(arg.reader);
    let [(left, left_span), (right, right_span)] = &written[..] else {
        arg.reader
            .problem(node.span(), "a comparison has two sides");
        return None;
    };
    Some((side(arg, left, left_span)?, side(arg, right, right_span)?))
}

fn compare(arg: &mut Argument<'_, '_>, rule: &Rule) -> Option<Vec<Part>> {
    let written: Vec<String> = arg
        .node()?
        .strings(arg.reader)
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    let (left, right) = sides(arg)?;
    let part = Part::pair(rule.clone(), move |scene| {
        let digest = |side: &Side| {
            let bytes = bytes_of(scene.seen.call(&side.call)?, side.part)?;
            Some(digest_of(scene.key, &bytes))
        };
        (digest(&left), digest(&right))
    });
    Some(vec![part.of(written.join(" / "))])
}

fn digest_of(key: &DigestKey, bytes: &[u8]) -> crate::digest::Digest {
    key.digest(bytes)
}

fn bytes_of(call: &CallSeen, part: Aspect) -> Option<Vec<u8>> {
    let document = super::answer::document(call);
    let field = |key: &str| {
        document
            .as_ref()?
            .get(key)
            .filter(|value| !value.is_null())
            .map(Value::to_string)
    };
    let pointed = |at: &str| {
        document
            .as_ref()?
            .pointer(at)
            .filter(|value| !value.is_null())
            .map(Value::to_string)
    };
    let text = match part {
        Aspect::Text => call.text.clone(),
        Aspect::Words => call.text.as_deref().map(words),
        Aspect::Id => field("id"),
        Aspect::Metadata => field("metadata"),
        Aspect::Created => field("created").or_else(|| field("created_at")),
        Aspect::Item => pointed("/output/0/id"),
        Aspect::ToolCall => {
            pointed("/choices/0/message/tool_calls/0/id").or_else(|| pointed("/output/0/call_id"))
        }
        Aspect::Model => field("model"),
        Aspect::Usage => field("usage"),
        Aspect::RequestId => call.request_id.clone(),
        Aspect::FinishReason => finish_reason(call),
        Aspect::RateLimit => call.answer().and_then(|answer| {
            let limit = answer.header("x-ratelimit-limit")?;
            let tier = answer.header("x-ratelimit-tier").unwrap_or_default();
            Some(format!("{limit} {tier}"))
        }),
        Aspect::Body => {
            return call
                .answer()
                .filter(|answer| answer.whole)
                .map(|answer| answer.body.clone());
        }
        Aspect::Media => return call.media.first().map(|media| media.bytes.clone()),
        Aspect::Pixels => {
            let picture = crate::media::look(&call.media.first()?.bytes)?;
            return Some(picture.pixels);
        }
        Aspect::Transcript => super::hearing::transcript(call),
        Aspect::Response => super::hearing::response(call),
        Aspect::Vector(at) => embeddings(call)?
            .get(at)
            .map(|vector| format!("{vector:?}")),
    };
    text.map(String::into_bytes)
}

/// The letters and digits of a text: two runs of one model at temperature 0 may still differ in a
/// full stop or in emphasis.
fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn alike(arg: &mut Argument<'_, '_>, bound: &'static str) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let node = table.required(arg.reader, "sides");
    let number = table
        .required(arg.reader, bound)
        .and_then(|node| node.number(arg.reader));
    table.refuse_unknown(arg.reader);
    arg.node = Some(node?);
    let written: Vec<String> = arg
        .node()?
        .strings(arg.reader)
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    let (left, right) = sides(arg)?;
    let number = number?;
    let rule = if bound == "at_least" {
        Rule::Between(millionths(number), millionths(1.001))
    } else {
        Rule::Between(millionths(-1.001), millionths(number))
    };
    let part = Part::row(rule, move |scene| {
        let vector = |side: &Side| {
            let Aspect::Vector(at) = side.part else {
                return None;
            };
            embeddings(scene.seen.call(&side.call)?)?.get(at).cloned()
        };
        let found = vector(&left)
            .zip(vector(&right))
            .and_then(|(a, b)| cosine(&a, &b))
            .map(millionths);
        Measured::Found { found }
    });
    Some(vec![part.of(written.join(" / "))])
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_letters_and_digits_without_what_stands_between_them() {
        let plain = "Lemon 42 über";
        for said in [
            "Lemon 42 über.",
            " **Lemon** 42\n`über`",
            "Lemon, 42 über!\n",
        ] {
            assert_eq!(words(said), plain, "{said:?}");
        }
        for other in [
            "lemon 42 über",
            "Lemon 4 2 über",
            "Lemon 42",
            "Lemon 42 über über",
        ] {
            assert_ne!(words(other), plain, "{other:?}");
        }
    }
}
