//! Promises that can be kept in several ways.

use super::{
    Check, Context, Word as Entry,
    build::{Argument, Part},
};
use crate::{
    evidence::Scalar,
    judge::{Outcome, Rule, judge},
};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "either",
        argument: "an array of two or more alternatives, each an array of expectations",
        about: "Everything that at least one of the alternatives demands holds.",
        read: either,
    },
    Entry {
        word: "error_names",
        argument: "a text, or an array of them",
        about: "The envelope's message, code or param names one of these, whatever the case of its letters.",
        read: error_names,
    },
];

fn either(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let node = arg.node()?;
    let nodes = node.array(arg.reader)?;
    if nodes.len() < 2 {
        arg.reader
            .problem(node.span(), "one alternative is no choice");
        return None;
    }
    let mut alternatives: Vec<Vec<Check>> = Vec::new();
    for node in &nodes {
        let before = arg.reader.count();
        let context = Context {
            calls: arg.calls,
            shapes: arg.shapes,
        };
        let checks = super::read(arg.reader, node, context);
        if arg.reader.count() > before {
            return None;
        }
        if checks.is_empty() {
            arg.reader.problem(
                node.span(),
                "an alternative that demands nothing always holds",
            );
            return None;
        }
        alternatives.push(checks);
    }
    let of = looked_at(&alternatives);
    let rule = Rule::OneOf(vec![Scalar::Truth(true)]);
    let part = Part::row(rule, move |scene| {
        let holds = |check: &Check| judge(&check.rule, &check.measure(scene)) == Outcome::Held;
        let held = alternatives.iter().any(|checks| checks.iter().all(holds));
        crate::evidence::Measured::Found {
            found: Some(Scalar::Truth(held)),
        }
    });
    Some(vec![part.of(of)])
}

/// The calls that any alternative looks at.
fn looked_at(alternatives: &[Vec<Check>]) -> String {
    let mut calls: Vec<&str> = Vec::new();
    for check in alternatives.iter().flatten() {
        if !calls.contains(&check.of.as_str()) {
            calls.push(&check.of);
        }
    }
    calls.join(" / ")
}

fn error_names(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let nodes = arg.one_or_many()?;
    let mut names = Vec::new();
    for node in nodes {
        names.push(node.string(arg.reader)?.to_lowercase());
    }
    Some(vec![Part::truth(move |call, _| {
        let envelope = call.answer()?.envelope()?;
        let says = |key: &str| {
            let text = envelope.get(key).and_then(|text| text.as_str());
            let text = text.unwrap_or_default().to_lowercase();
            names.iter().any(|name| text.contains(name))
        };
        Some(["message", "code", "param"].into_iter().any(says))
    })])
}

#[cfg(test)]
mod tests {
    use super::super::trial::{answered, checks, failed, held, problems};
    use serde_json::json;

    #[test]
    fn one_alternative_that_holds_is_enough() {
        let expect = r#"[{ either = [
            ["answered", { field = { at = "/n", is = { at_least = 2 } } }],
            [{ error = { status = 400 } }, { error_names = ["size"] }],
        ] }]"#;
        let refusal = json!({"error": {
            "message": "Size is not supported", "type": "invalid_request_error",
        }});
        assert!(held(expect, &[answered("call", &json!({"n": 2}))]));
        assert!(held(expect, &[failed("call", 400, &refusal)]));
        assert!(!held(expect, &[answered("call", &json!({"n": 1}))]));
        assert!(!held(expect, &[failed("call", 422, &refusal)]));
        let other = json!({"error": {"message": "No", "type": "invalid_request_error"}});
        assert!(!held(expect, &[failed("call", 400, &other)]));
    }

    #[test]
    fn a_choice_without_a_choice_is_refused() {
        for (expect, problem) in [
            (
                "[{ either = [[\"answered\"]] }]",
                "one alternative is no choice",
            ),
            (
                "[{ either = [[\"answered\"], []] }]",
                "an alternative that demands nothing",
            ),
            (
                "[{ either = [[\"answered\"], [\"anserwed\"]] }]",
                "unknown expectation",
            ),
        ] {
            let found = problems(expect);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].contains(problem), "{found:?}");
        }
    }

    #[test]
    fn a_choice_looks_at_every_call_that_an_alternative_names() {
        let expect = r#"[{ either = [
            [{ answered = true, of = "b" }, { status = 200, of = "a" }],
            [{ status = 400, of = "b" }],
        ] }]"#;
        let found = checks(expect, &["a", "b", "c"]);
        let of: Vec<&str> = found.iter().map(|check| check.of.as_str()).collect();
        assert_eq!(of, ["b / a"]);
    }
}
