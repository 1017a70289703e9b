//! Words that compare quantities of two calls of a row: what the longer prompt must have cost, what
//! plain and streamed answers must agree on.

use super::{
    Word as Entry,
    answer::{tokens, usage},
    build::{Argument, Part},
    known_call,
};
use crate::{evidence::Scalar, judge::Rule, observe::CallSeen};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "more",
        argument: "two sides, each written call.quantity, where quantity is input_tokens, output_tokens, total_tokens or text_length",
        about: "The first side is there and greater than the second, which is there too.",
        read: |arg| quantities(arg, |left, right| left > right),
    },
    Entry {
        word: "as_many",
        argument: "two sides, each written call.quantity",
        about: "Both sides are there and equal.",
        read: |arg| quantities(arg, |left, right| left == right),
    },
];

#[derive(Debug, Clone, Copy)]
enum Quantity {
    Input,
    Output,
    Total,
    Text,
}

const QUANTITIES: &[(&str, Quantity)] = &[
    ("input_tokens", Quantity::Input),
    ("output_tokens", Quantity::Output),
    ("total_tokens", Quantity::Total),
    ("text_length", Quantity::Text),
];

fn measured(call: &CallSeen, quantity: Quantity) -> Option<u64> {
    let of_usage = |names: &[&str]| tokens(&usage(call)?, names);
    match quantity {
        Quantity::Input => of_usage(&["prompt_tokens", "input_tokens"]),
        Quantity::Output => of_usage(&["completion_tokens", "output_tokens"]),
        Quantity::Total => of_usage(&["total_tokens"]),
        Quantity::Text => Some(call.text.as_ref()?.chars().count() as u64),
    }
}

/// The two sides of a comparison: a call, and what may follow its name.
pub(super) fn two_sides(
    arg: &mut Argument<'_, '_>,
) -> Option<[(String, String, std::ops::Range<usize>); 2]> {
    let node = arg.node()?;
    let written = node.strings(arg.reader);
    let [left, right] = &written[..] else {
        arg.reader
            .problem(node.span(), "a comparison has two sides");
        return None;
    };
    let mut side = |(text, span): &(String, std::ops::Range<usize>)| {
        let (call, rest) = text.split_once('.').unwrap_or((text, ""));
        if known_call(call, arg.calls).is_none() {
            let known: Vec<&str> = arg.calls.iter().map(String::as_str).collect();
            arg.reader.unknown(span.clone(), "call", call, &known);
            return None;
        }
        Some((call.to_owned(), rest.to_owned(), span.clone()))
    };
    Some([side(left)?, side(right)?])
}

fn quantities(arg: &mut Argument<'_, '_>, holds: fn(u64, u64) -> bool) -> Option<Vec<Part>> {
    let sides = two_sides(arg)?;
    let of = sides
        .iter()
        .map(|(call, quantity, _)| format!("{call}.{quantity}"))
        .collect::<Vec<_>>()
        .join(" / ");
    let mut resolved = Vec::new();
    for (call, quantity, span) in sides {
        let Some((_, found)) = QUANTITIES.iter().find(|(name, _)| *name == quantity) else {
            let known: Vec<&str> = QUANTITIES.iter().map(|(name, _)| *name).collect();
            arg.reader.unknown(span, "quantity", &quantity, &known);
            return None;
        };
        resolved.push((call, *found));
    }
    let rule = Rule::OneOf(vec![Scalar::Truth(true)]);
    Some(vec![
        Part::row(rule, move |scene| {
            let value =
                |(call, quantity): &(String, Quantity)| measured(scene.seen.call(call)?, *quantity);
            let both = resolved
                .first()
                .and_then(value)
                .zip(resolved.get(1).and_then(value));
            crate::evidence::Measured::Found {
                found: both.map(|(left, right)| Scalar::Truth(holds(left, right))),
            }
        })
        .of(of),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expect::build::sample;
    use serde_json::json;

    #[test]
    fn quantities_are_read_by_both_names() {
        for (usage, input, output) in [
            (
                json!({"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}),
                3,
                2,
            ),
            (
                json!({"input_tokens": 4, "output_tokens": 1, "total_tokens": 5}),
                4,
                1,
            ),
        ] {
            let mut call = sample::call();
            call.document = Some(json!({"usage": usage}));
            call.text = Some("äb".to_owned());
            assert_eq!(measured(&call, Quantity::Input), Some(input));
            assert_eq!(measured(&call, Quantity::Output), Some(output));
            assert_eq!(measured(&call, Quantity::Total), Some(5));
            assert_eq!(measured(&call, Quantity::Text), Some(2));
        }
        assert_eq!(measured(&sample::call(), Quantity::Input), None);
    }
}
