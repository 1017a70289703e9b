//! Words about embeddings.

use serde_json::Value;

use super::{
    Word as Entry,
    build::{Argument, Part, count, millionths},
};
use crate::{evidence::Scalar, judge::Rule, observe::CallSeen, template};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "vectors",
        argument: "{ count, dimensions } of which dimensions is optional",
        about: "There are this many vectors with indices from 0 in order, finite, not zero, not filled up with zeros, none like another, all of one length (or this one).",
        read: vectors,
    },
    Entry {
        word: "nearer",
        argument: "{ anchor, near, far, margin } as positions in the answer and the least difference of cosines",
        about: "The near vector is nearer to the anchor than the far one is, by at least the margin.",
        read: nearer,
    },
];

/// The vectors of an answer, in the order they stand there.
pub(super) fn embeddings(call: &CallSeen) -> Option<Vec<Vec<f64>>> {
    let data = call.document.as_ref()?.get("data")?.as_array()?;
    data.iter()
        .map(|item| {
            item.get("embedding")?
                .as_array()?
                .iter()
                .map(Value::as_f64)
                .collect()
        })
        .collect()
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// The cosine of the angle between two vectors of one length.
pub(super) fn cosine(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.len() != b.len() {
        return None;
    }
    let dot: f64 = a.iter().zip(b).map(|(x, y)| x * y).sum();
    let cosine = dot / (norm(a) * norm(b));
    cosine.is_finite().then_some(cosine)
}

/// Whether a vector of some length is brought to it with zeros: a model leaves no quarter of it blank.
fn filled_up(vector: &[f64]) -> bool {
    let end = &vector[vector.len() - vector.len() / 4..];
    end.len() >= 4 && end.iter().all(|x| *x == 0.0)
}

fn vectors(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let wanted = table
        .required(arg.reader, "count")
        .and_then(|node| node.count(arg.reader));
    let dimensions = table.optional("dimensions");
    table.refuse_unknown(arg.reader);
    let wanted = wanted?;
    let mut parts = vec![
        Part::found(Rule::OneOf(vec![Scalar::Count(wanted)]), |call, _| {
            Some(count(embeddings(call)?.len()))
        })
        .named("count"),
        Part::each(wanted, |call, _, tally| {
            let data = call
                .document
                .as_ref()
                .and_then(|document| document.get("data")?.as_array());
            for (at, item) in (0u64..).zip(data.into_iter().flatten()) {
                tally.hold(item.get("index").and_then(Value::as_u64) == Some(at));
            }
        })
        .named("order"),
        Part::each(wanted, |call, _, tally| {
            let all = embeddings(call).unwrap_or_default();
            for (at, vector) in all.iter().enumerate() {
                let length = norm(vector);
                let alike = all[..at]
                    .iter()
                    .any(|other| cosine(vector, other).is_none_or(|cosine| cosine > 0.9999));
                let whole = length.is_finite() && length > 1e-6 && vector.len() > 1;
                tally.hold(whole && !filled_up(vector) && !alike);
            }
        })
        .named("sound"),
    ];
    if let Some(node) = dimensions {
        let template = node.json(arg.reader)?;
        parts.push(
            Part::each(wanted, move |call, scene, tally| {
                let wanted = template::fill(&template, scene.scope)
                    .ok()
                    .flatten()
                    .and_then(|value| value.as_u64());
                for vector in embeddings(call).unwrap_or_default() {
                    tally.hold(wanted == Some(vector.len() as u64));
                }
            })
            .named("dimensions"),
        );
    }
    Some(parts)
}

fn nearer(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let mut position = |key| {
        let node = table.required(arg.reader, key)?;
        usize::try_from(node.count(arg.reader)?).ok()
    };
    let (anchor, near, far) = (position("anchor"), position("near"), position("far"));
    let margin = table
        .required(arg.reader, "margin")
        .and_then(|node| node.number(arg.reader));
    table.refuse_unknown(arg.reader);
    let (anchor, near, far) = (anchor?, near?, far?);
    let rule = Rule::Between(millionths(margin?), millionths(2.0));
    Some(vec![Part::found(rule, move |call, _| {
        let all = embeddings(call)?;
        let to = |other: usize| cosine(all.get(anchor)?, all.get(other)?);
        Some(millionths(to(near)? - to(far)?))
    })])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::trial::{answered, held};

    fn list(vectors: &[&[f64]]) -> Value {
        let data: Vec<Value> = vectors
            .iter()
            .enumerate()
            .map(|(at, vector)| json!({"index": at, "embedding": vector}))
            .collect();
        json!({"data": data, "usage": {"prompt_tokens": vectors.len()}})
    }

    #[test]
    fn a_vector_filled_up_with_zeros_is_not_as_long_as_it_looks() {
        let expect = "[{ vectors = { count = 1, dimensions = 24 } }]";
        let holds = |zeros: usize| {
            let mut vector = vec![0.2; 24 - zeros];
            vector.resize(24, 0.0);
            held(expect, &[answered("call", &list(&[&vector]))])
        };
        assert!(holds(0) && holds(5));
        assert!(!holds(6) && !holds(16));
        let short = list(&[&[1.0, 0.0]]);
        assert!(held(
            "[{ vectors = { count = 1 } }]",
            &[answered("call", &short)]
        ));
    }

    #[test]
    fn vectors_stand_in_their_places_and_are_none_like_another() {
        let expect = "[{ vectors = { count = 2 } }]";
        let holds = |document: &Value| held(expect, &[answered("call", document)]);
        assert!(holds(&list(&[&[1.0, 0.0], &[0.6, 0.8]])));
        let broken = [
            list(&[&[1.0, 0.0]]),
            list(&[&[1.0, 0.0], &[1.0, 0.0]]),
            list(&[&[1.0, 0.0], &[2.0, 0.0]]),
            list(&[&[1.0, 0.0], &[0.0, 0.0]]),
            list(&[&[1.0, 0.0], &[0.5, 0.5, 0.5]]),
        ];
        for document in &broken {
            assert!(!holds(document), "{document}");
        }
        for (at, value) in [
            ("/data/1/index", json!(0)),
            ("/data/1/index", Value::Null),
            ("/data/1/embedding/0", Value::Null),
            ("/data/1/embedding/0", json!("0.6")),
            ("/data/1/embedding", json!("AAAA")),
        ] {
            let mut document = list(&[&[1.0, 0.0], &[0.6, 0.8]]);
            *document.pointer_mut(at).unwrap() = value;
            assert!(!holds(&document), "{document}");
        }
    }

    #[test]
    fn meaning_and_length_are_measured() {
        let three = list(&[&[1.0, 0.0], &[0.8, 0.6], &[0.0, 1.0]]);
        let call = answered("call", &three);
        let holds = |expect: &str| held(expect, std::slice::from_ref(&call));
        assert!(holds(
            "[{ nearer = { anchor = 0, near = 1, far = 2, margin = 0.5 } }]"
        ));
        assert!(!holds(
            "[{ nearer = { anchor = 0, near = 2, far = 1, margin = 0.0 } }]"
        ));
        assert!(!holds(
            "[{ nearer = { anchor = 0, near = 1, far = 3, margin = 0.0 } }]"
        ));
    }
}
