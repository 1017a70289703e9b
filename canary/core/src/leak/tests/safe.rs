use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::input::{Declared, declare, template};

/// Values that a report may hold.
fn words() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[0-9a-f]{64}".prop_map(Value::from),
        "[0-9A-F]{64}".prop_map(Value::from),
        "sha256:[0-9a-f]{64}".prop_map(Value::from),
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}".prop_map(Value::from),
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?Z"
            .prop_map(Value::from),
        "(chatcmpl|resp|msg|call|req|run)[-_][A-Za-z0-9]{12,32}".prop_map(Value::from),
        "[a-z]{3,12}(\\.[a-z_]{3,16}){1,4}(\\.local)?".prop_map(Value::from),
        "RUNINFRA_[A-Z_]{3,20}".prop_map(Value::from),
        "runinfra-[0-9]\\.[0-9]{1,2}\\.[0-9]{1,2}\\.crate".prop_map(Value::from),
        "/(reports|rows|candidate)/[0-9]{1,2}/[a-z]{1,12}".prop_map(Value::from),
        "POST /v1/(chat/completions|embeddings|audio/speech)".prop_map(Value::from),
        "([A-Z]?[a-z]{1,12}[,.;:]? ){1,12}[a-z]{1,9}".prop_map(Value::from),
        Just(Value::from("https://api.runinfra.ai/v1")),
        Just(Value::from("set_redacted")),
        Just(Value::from("audio/wav; codecs=1")),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
    ]
}

fn declared() -> Declared {
    let text = include_str!("../../../../../matrix/inputs.toml");
    declare::read(&crate::diagnose::SourceFile::new("inputs.toml", text)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn safe_reports_are_never_flagged(
        rows in prop::collection::vec(prop::collection::vec(words(), 1..8), 1..12),
        secrets in prop::collection::vec("[A-Za-z0-9+/_-]{12,40}", 0..4),
    ) {
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let scanner = scanner(&secrets);
        let rows: Vec<Value> = rows
            .into_iter()
            .map(|evidence| json!({"name": "a.b.c", "status": "passed", "evidence": evidence}))
            .collect();
        let report = json!({"schemaVersion": 1, "strict": true, "results": rows});
        for text in [report.to_string(), serde_json::to_string_pretty(&report).unwrap()] {
            let leaks = scanner.scan(&text);
            prop_assert!(leaks.is_empty(), "{leaks:?} in {text}");
        }
    }
}

#[test]
fn templates_and_declarations_are_not_flagged() {
    let declared = declared();
    let scanner = scanner(&[]).with_names(declared.secret_variables());
    let names: Vec<String> = declared.need_words();
    for text in [
        template::full(&declared),
        template::missing(&declared, &names).unwrap(),
        include_str!("../../../../../matrix/inputs.toml").to_owned(),
    ] {
        assert_eq!(scanner.scan(&text), Vec::new());
    }
}

#[test]
fn these_sources_are_not_flagged() {
    for source in [
        include_str!("../format.rs"),
        include_str!("../name.rs"),
        include_str!("../needle.rs"),
        include_str!("../place.rs"),
        include_str!("../scan.rs"),
        include_str!("../view.rs"),
        include_str!("formats.rs"),
        include_str!("places.rs"),
        include_str!("safe.rs"),
        include_str!("values.rs"),
        include_str!("views.rs"),
        include_str!("../../input/tests/env_file.rs"),
        include_str!("../../input/tests/kinds.rs"),
        include_str!("../../input/tests/resolve.rs"),
    ] {
        assert_eq!(scanner(&[]).scan(source), Vec::new());
    }
}

#[test]
fn hostile_texts_end_in_time() {
    // Each is a shape that would make a backtracking or rescanning search quadratic.
    let secret = "a".repeat(40);
    let scanner = scanner(&[&secret, "aaaa", "q9w8e7r6t5"]);
    let jwt = token("eyJ", 12) + ".";
    for unit in [
        "sk-",
        "eyJ",
        &jwt,
        "npm_",
        "/home",
        "\\",
        "\\\\u",
        "%25",
        "&amp;",
        "a",
        "[",
        "{\"a\":",
        "A_KEY=",
        "\\u",
        "-----BEGIN ",
        " ",
        "aws_secret_",
        "file:/",
        "\u{fffd}",
    ] {
        let text = unit.repeat(200_000 / unit.len());
        assert!(scanner.scan(&text).len() <= 64, "{unit}");
    }
}
