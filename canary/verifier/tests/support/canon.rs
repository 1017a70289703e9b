//! A matrix of five rows: two live ones, two against a scripted server, one that does not gate.

use std::collections::BTreeMap;

use canary_core::{
    digest::Digest,
    evidence::{Scalar, Word},
    judge::Rule,
};
use canary_verifier::canon::{Canon, CanonCheck, CanonRow};

/// The matrix.
pub fn small() -> Canon {
    let status = |status| Rule::OneOf(vec![Scalar::Status(status)]);
    let length = Word::known("length").unwrap();
    Canon {
        digest: Digest::of("matrix"),
        file_count: 3,
        rows: vec![
            row(
                "models.list",
                true,
                true,
                &["call"],
                vec![
                    check("status", "call", status(200)),
                    check("request_id.uuid", "call", Rule::Always { at_least: 1 }),
                ],
            ),
            row(
                "chat.completions.create",
                true,
                true,
                &["first", "second"],
                vec![
                    check("status", "first", status(200)),
                    check(
                        "finish_reason",
                        "first",
                        Rule::OneOf(vec![Scalar::Word(length)]),
                    ),
                    check("shape", "second", Rule::Always { at_least: 1 }),
                    check("nonce", "second", Rule::Echoed),
                    check(
                        "max_tokens",
                        "first",
                        Rule::Between(Scalar::Count(1), Scalar::Count(4)),
                    ),
                    check("answers_differ", "first,second", Rule::Differ),
                ],
            ),
            row(
                "error.rate_limit.local",
                true,
                false,
                &["call"],
                vec![
                    check(
                        "error_kind",
                        "call",
                        Rule::OneOf(vec![Scalar::Word(Word::of("rate_limit"))]),
                    ),
                    check(
                        "retry_after",
                        "call",
                        Rule::OneOf(vec![Scalar::Millis(7_000)]),
                    ),
                ],
            ),
            row(
                "retry.safety.get.local",
                true,
                false,
                &["call"],
                vec![check(
                    "attempts",
                    "call",
                    Rule::OneOf(vec![Scalar::Count(3)]),
                )],
            ),
            row(
                "preview.row",
                false,
                true,
                &["call"],
                vec![check("status", "call", status(200))],
            ),
        ],
        inputs: inputs(),
        operations: operations(),
    }
}

fn row(name: &str, gates: bool, live: bool, calls: &[&str], checks: Vec<CanonCheck>) -> CanonRow {
    CanonRow {
        name: name.to_owned(),
        gates,
        live,
        needs: if live { needs() } else { Vec::new() },
        calls: calls.iter().map(|&call| call.to_owned()).collect(),
        together: Vec::new(),
        takes: BTreeMap::new(),
        replays: false,
        checks,
    }
}

/// The key, and either a model or a base URL.
fn needs() -> Vec<Vec<Vec<String>>> {
    let way = |name: &str| vec![name.to_owned()];
    vec![
        vec![way("RUNINFRA_API_KEY")],
        vec![way("RUNINFRA_LLM_MODEL"), way("RUNINFRA_BASE_URL")],
    ]
}

fn check(id: &str, of: &str, rule: Rule) -> CanonCheck {
    CanonCheck {
        id: id.to_owned(),
        of: of.to_owned(),
        fresh: rule == Rule::Echoed,
        rule,
    }
}

fn inputs() -> BTreeMap<String, Vec<String>> {
    [
        ("RUNINFRA_API_KEY", vec![]),
        ("RUNINFRA_BASE_URL", vec![]),
        ("RUNINFRA_LLM_MODEL", vec!["TEST_MODEL".to_owned()]),
    ]
    .map(|(name, aliases)| (name.to_owned(), aliases))
    .into()
}

fn operations() -> BTreeMap<String, Vec<String>> {
    [
        (
            "chat.completions.create",
            vec!["chat.completions.create", "preview.row"],
        ),
        (
            "models.list",
            vec![
                "error.rate_limit.local",
                "models.list",
                "retry.safety.get.local",
            ],
        ),
    ]
    .map(|(name, rows)| {
        (
            name.to_owned(),
            rows.into_iter().map(str::to_owned).collect(),
        )
    })
    .into()
}
