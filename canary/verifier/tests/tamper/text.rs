//! Changes that leave no JSON document behind, or another spelling of the same one.

use canary_core::report::read::SIZE_LIMIT;

use crate::support::Good;

/// What is done to a report's text, and the rule that refuses it.
type Change = (&'static str, fn(&str) -> String, &'static str);

const READABLE: &str = "report_is_readable";
const CANONICAL: &str = "report_is_canonical";

/// A text with the first of some others replaced; it has to be there.
fn put(text: &str, from: &str, to: &str) -> String {
    let changed = text.replacen(from, to, 1);
    assert!(changed != text, "`{from}` is not in the report");
    changed
}

const CHANGES: &[Change] = &[
    ("nothing", |_| String::new(), READABLE),
    ("cut in half", |t| t[..t.len() / 2].to_owned(), READABLE),
    (
        "cut before its end",
        |t| t[..t.len() - 3].to_owned(),
        READABLE,
    ),
    ("two reports", |t| format!("{t}{t}"), READABLE),
    ("something after it", |t| format!("{t}null"), READABLE),
    ("a byte-order mark", |t| format!("\u{feff}{t}"), READABLE),
    ("in an array", |t| format!("[{t}]"), READABLE),
    ("a comment", |t| format!("// fine\n{t}"), READABLE),
    (
        "a trailing comma",
        |t| put(t, "\"strict\": true,", "\"strict\": true,,"),
        READABLE,
    ),
    (
        "single quotes",
        |t| put(t, "\"strict\"", "'strict'"),
        READABLE,
    ),
    (
        "a key twice",
        |t| put(t, "{", "{\"strict\": true,"),
        READABLE,
    ),
    (
        "a key twice, escaped",
        |t| put(t, "{", "{\"stri\\u0063t\": true,"),
        READABLE,
    ),
    (
        "a key twice, deep",
        |t| put(t, "\"ready\": 5", "\"ready\": 5, \"ready\": 5"),
        READABLE,
    ),
    (
        "NaN",
        |t| put(t, "\"rowCount\": 5", "\"rowCount\": NaN"),
        READABLE,
    ),
    (
        "infinity",
        |t| put(t, "\"rowCount\": 5", "\"rowCount\": Infinity"),
        READABLE,
    ),
    (
        "a fraction",
        |t| put(t, "\"rowCount\": 5", "\"rowCount\": 5.0"),
        READABLE,
    ),
    (
        "an exponent",
        |t| put(t, "\"rowCount\": 5", "\"rowCount\": 5e0"),
        READABLE,
    ),
    (
        "a huge number",
        |t| {
            put(
                t,
                "\"rowCount\": 5",
                "\"rowCount\": 99999999999999999999999",
            )
        },
        READABLE,
    ),
    (
        "a huger number",
        |t| put(t, "\"rowCount\": 5", "\"rowCount\": 1e400"),
        READABLE,
    ),
    (
        "a negative number",
        |t| put(t, "\"rowCount\": 5", "\"rowCount\": -5"),
        READABLE,
    ),
    (
        "a null",
        |t| put(t, "\"rowCount\": 5", "\"rowCount\": null"),
        READABLE,
    ),
    (
        "a truth as text",
        |t| put(t, "\"strict\": true", "\"strict\": \"true\""),
        READABLE,
    ),
    (
        "deep nesting",
        |t| {
            put(
                t,
                "\"missing\": []",
                &format!("\"missing\": {}{}", "[".repeat(100), "]".repeat(100)),
            )
        },
        READABLE,
    ),
    (
        "absurd nesting",
        |t| {
            put(
                t,
                "\"missing\": []",
                &format!("\"missing\": {}", "[".repeat(100_000)),
            )
        },
        READABLE,
    ),
    (
        "a Cyrillic letter in a row",
        |t| put(t, "models.list", "m\u{43e}dels.list"),
        READABLE,
    ),
    (
        "a Greek letter in a status",
        |t| put(t, "\"ready\"", "\"re\u{3b1}dy\""),
        READABLE,
    ),
    (
        "a full-width letter in a key",
        |t| put(t, "\"strict\"", "\"\u{ff53}trict\""),
        READABLE,
    ),
    (
        "a soft hyphen",
        |t| put(t, "models.list", "models\u{ad}.list"),
        READABLE,
    ),
    (
        "a right-to-left mark",
        |t| put(t, "models.list", "models\u{202e}.list"),
        READABLE,
    ),
    (
        "a zero byte, escaped",
        |t| put(t, "models.list", "models.list\\u0000"),
        READABLE,
    ),
    (
        "a bell, escaped",
        |t| put(t, "models.list", "models\\u0007.list"),
        READABLE,
    ),
    (
        "a new line, escaped",
        |t| put(t, "models.list", "models\\n.list"),
        READABLE,
    ),
    (
        "a raw tab",
        |t| put(t, "models.list", "models\t.list"),
        READABLE,
    ),
    (
        "half a surrogate",
        |t| put(t, "models.list", "models\\ud800.list"),
        READABLE,
    ),
    (
        "another case of a word",
        |t| put(t, "\"evidence\"", "\"Evidence\""),
        READABLE,
    ),
    (
        "another case of a key",
        |t| put(t, "\"strict\"", "\"Strict\""),
        READABLE,
    ),
    (
        "a digest in capitals",
        |t| {
            let at = t.find("\"digestSha256\": \"").unwrap() + 17;
            format!(
                "{}{}{}",
                &t[..at],
                t[at..at + 64].to_uppercase(),
                &t[at + 64..]
            )
        },
        READABLE,
    ),
    (
        "a later version",
        |t| put(t, "\"schemaVersion\": 1", "\"schemaVersion\": 2"),
        READABLE,
    ),
    (
        "no time",
        |t| put(t, "\"generatedAt\": \"2", "\"generatedAt\": \"x"),
        READABLE,
    ),
    ("spaces at the end", |t| format!("{t}  "), CANONICAL),
    (
        "no new line at the end",
        |t| t.trim_end().to_owned(),
        CANONICAL,
    ),
    (
        "no indent",
        |t| t.lines().map(str::trim_start).collect(),
        CANONICAL,
    ),
    ("other line ends", |t| t.replace('\n', "\r\n"), CANONICAL),
    (
        "an escape for a letter",
        |t| put(t, "models.list", "\\u006dodels.list"),
        CANONICAL,
    ),
    (
        "an escape for a slash",
        |t| put(t, "\"https://api", "\"https:\\/\\/api"),
        CANONICAL,
    ),
    (
        "another zone for a time",
        |t| {
            let at = t.find("\"generatedAt\": \"").unwrap();
            let end = at + t[at..].find("Z\"").unwrap();
            format!("{}+00:00{}", &t[..end], &t[end + 1..])
        },
        CANONICAL,
    ),
    (
        "fields in another order",
        |t| {
            put(
                &put(t, "  \"strict\": true,\n", ""),
                "  \"packageSource\"",
                "  \"strict\": true,\n  \"packageSource\"",
            )
        },
        CANONICAL,
    ),
];

#[test]
fn every_change_of_the_text_is_refused_for_its_reason() {
    let mut good = Good::new();
    let context = good.context();
    let live = good.live_json();
    for (name, change, rule) in CHANGES {
        let text = change(&live);
        assert!(text != live, "{name} changes nothing");
        good.live_text = Some(text);
        let broken = good.broken_in(&context);
        assert!(
            broken.iter().any(|found| found == rule),
            "{name}: {broken:?}"
        );
    }
    good.live_text = None;
    let readiness = good.readiness_json();
    for (name, change, rule) in CHANGES {
        if name.contains("slash") {
            continue; // No URL stands in a readiness report.
        }
        good.readiness_text = Some(change(&readiness));
        good.bind();
        let broken = good.broken_in(&context);
        assert!(
            broken.iter().any(|found| found == rule),
            "{name}: {broken:?}"
        );
    }
}

#[test]
fn a_cut_report_is_refused_wherever_it_is_cut() {
    let mut good = Good::new();
    let context = good.context();
    let live = good.live_json();
    for length in (0..live.len()).step_by(331) {
        good.live_text = Some(live[..length].to_owned());
        let broken = good.broken_in(&context);
        assert!(
            broken.contains(&READABLE.to_owned()),
            "cut to {length}: {broken:?}"
        );
    }
}

#[test]
fn a_report_that_is_too_long_is_refused_at_once() {
    let good = Good::new();
    let context = good.context();
    let long = vec![b' '; SIZE_LIMIT + 1];
    let verdict = canary_verifier::verify(good.readiness_json().as_bytes(), &long, &context);
    let rules: Vec<&str> = verdict.findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, [READABLE]);
    assert!(verdict.findings[0].found.contains("was not parsed"));
}

#[test]
fn one_unreadable_report_does_not_hide_what_is_wrong_with_the_other() {
    let mut good = Good::new();
    good.readiness_text = Some("{}".to_owned());
    good.run().ended = canary_core::report::v1::Ended::Aborted;
    good.stage("other-1.0.0.crate", b"");
    assert_eq!(
        good.broken(),
        [
            "artifact_is_a_package",
            "artifacts_are_the_staged_files",
            READABLE,
            "run_is_completed"
        ]
    );
}
