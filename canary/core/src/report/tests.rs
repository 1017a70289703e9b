//! Reading and writing, on reports and on what is not one.

use proptest::prelude::*;
use serde_json::json;

use super::{
    read::{DEPTH_LIMIT, FormProblem, ReadError, SIZE_LIMIT, VALUE_LIMIT, read},
    v1::Report,
    write::{WriteError, canonical, to_bytes},
};
use crate::{input::Secret, leak::Scanner};

fn report() -> Report {
    let digest = "0".repeat(64);
    let candidate = json!({
        "sdkVersion": "0.1.0", "packageSource": "artifact", "sourceDigestSha256": digest,
        "sourceFileCount": 3, "artifactDigestsChecked": true,
        "artifacts": [{"name": "runinfra", "fileName": "runinfra-0.1.0.crate", "sha256": digest}],
    });
    let readiness = json!({
        "status": "ready", "env": {"RUNINFRA_API_KEY": "set_redacted"}, "aliases": {},
        "missing": [], "rowCoverageErrors": [], "summary": {"ready": 1, "blocked": 0},
        "rows": [{"name": "models.list", "status": "ready", "missing": []}],
    });
    serde_json::from_value(json!({
        "schemaVersion": 1, "kind": "readiness", "generatedAt": "2026-05-01T12:00:00Z",
        "strict": true, "purpose": "evidence", "packageSource": "artifact",
        "candidate": candidate,
        "matrix": {
            "digestSha256": digest, "fileCount": 2, "rowCount": 1, "executorVersion": "0.1.0",
        },
        "expectedRows": ["models.list"], "readiness": readiness,
        "surfaceCoverage": {"operations": {"models.list": ["models.list"]}, "uncovered": []},
        "parity": {"status": "not_run"}, "reports": [],
    }))
    .unwrap()
}

fn text() -> String {
    String::from_utf8(canonical(&report()).unwrap()).unwrap()
}

fn form(text: &str) -> (String, FormProblem) {
    match read(text.as_bytes()) {
        Err(ReadError::Form { path, problem, .. }) => (path, problem),
        other => panic!("expected a problem of form, got {other:?}"),
    }
}

fn shape(text: &str) -> (String, String) {
    match read(text.as_bytes()) {
        Err(ReadError::Shape { path, problem, .. }) => (path, problem),
        other => panic!("expected a problem of shape, got {other:?}"),
    }
}

#[test]
fn a_report_reads_back() {
    assert_eq!(read(text().as_bytes()), Ok(report()));
    assert!(text().ends_with("}\n"));
}

#[test]
fn a_key_that_stands_twice_is_found_at_any_depth() {
    let twice = |text: String| (form(&text).0, form(&text).1 == FormProblem::DuplicateKey);
    let top = text().replacen('{', "{\"kind\": \"live\",", 1);
    assert_eq!(twice(top), ("$.kind".to_owned(), true));
    let deep = text().replace("\"ready\": 1", "\"ready\": 1, \"ready\": 1");
    assert_eq!(twice(deep), ("$.readiness.summary.ready".to_owned(), true));
    // The same key, spelled with an escape.
    let escaped = text().replace("\"ready\": 1", "\"ready\": 1, \"re\\u0061dy\": 1");
    assert_eq!(
        twice(escaped),
        ("$.readiness.summary.ready".to_owned(), true)
    );
}

#[test]
fn characters_that_deceive_are_refused_where_they_stand() {
    for odd in [
        "mоdels.list",
        "models.list\\u0000",
        "models\\nlist",
        "models\u{200b}.list",
        "m\u{7f}",
    ] {
        let spoiled = text().replacen("\"models.list\"\n  ],", &format!("\"{odd}\"\n  ],"), 1);
        assert_eq!(
            form(&spoiled),
            ("$.expectedRows[0]".to_owned(), FormProblem::Character),
            "{odd}"
        );
    }
    let key = text().replace("\"RUNINFRA_API_KEY\"", "\"RUNINFRA_АPI_KEY\"");
    assert_eq!(form(&key).1, FormProblem::Character);
}

#[test]
fn numbers_are_whole_and_of_64_bits() {
    for odd in [
        "1.0",
        "1e3",
        "18446744073709551616",
        "-0.0",
        "-9223372036854775808",
    ] {
        let spoiled = text().replace("\"rowCount\": 1", &format!("\"rowCount\": {odd}"));
        assert_eq!(
            form(&spoiled),
            ("$.matrix.rowCount".to_owned(), FormProblem::Number),
            "{odd}"
        );
    }
    let negative = text().replace("\"rowCount\": 1", "\"rowCount\": -1");
    assert_eq!(shape(&negative).0, "matrix.rowCount");
}

#[test]
fn what_is_not_one_json_value_has_a_place() {
    let not_json = |text: &str| match read(text.as_bytes()) {
        Err(ReadError::NotJson { line, column, .. }) => (line, column),
        other => panic!("{other:?}"),
    };
    for odd in ["NaN", "Infinity", "-Infinity", "0x10", "01", "1e999", "'1'"] {
        let spoiled = text().replace("\"rowCount\": 1", &format!("\"rowCount\": {odd}"));
        let line = spoiled
            .lines()
            .position(|line| line.contains("rowCount"))
            .unwrap()
            + 1;
        assert_eq!(not_json(&spoiled).0, line, "{odd}");
    }
    assert_eq!(not_json(""), (1, 0));
    assert_eq!(not_json("{}{}"), (1, 3));
    let trailing = format!("{}x", text());
    assert_eq!(not_json(&trailing).0, text().lines().count() + 1);
    not_json(&text()[..text().len() - 3]);
    not_json(&text().replace("true,", "true,,"));
    not_json("// comment\n{}");
}

#[test]
fn a_deep_value_is_refused_before_it_is_parsed_in_full() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert!(matches!(
            read(nested(DEPTH_LIMIT).as_bytes()),
            Err(ReadError::Shape { .. })
        ));
        assert_eq!(form(&nested(DEPTH_LIMIT + 1)).1, FormProblem::TooDeep);
        assert_eq!(form(&open.repeat(1_000_000)).1, FormProblem::TooDeep);
    }
}

/// A report of empty texts takes ten times the memory that it takes on disk.
#[test]
fn more_values_than_a_report_has_are_refused() {
    let list = |length: usize| format!("[{}0]", "0,".repeat(length - 1));
    // The list is a value too.
    assert!(matches!(
        read(list(VALUE_LIMIT - 1).as_bytes()),
        Err(ReadError::Shape { .. })
    ));
    let at = format!("$[{}]", VALUE_LIMIT - 1);
    assert_eq!(form(&list(VALUE_LIMIT)), (at, FormProblem::TooMany));
}

#[test]
fn a_long_file_is_not_looked_at() {
    // Not even UTF-8, which nobody gets to see.
    let long = vec![0xff; SIZE_LIMIT + 1];
    assert_eq!(read(&long), Err(ReadError::TooLong));
    assert_eq!(
        read(&long[..SIZE_LIMIT]),
        Err(ReadError::NotUtf8 { offset: 0 })
    );
}

#[test]
fn marks_and_other_encodings_are_refused() {
    assert_eq!(
        read(format!("\u{feff}{}", text()).as_bytes()),
        Err(ReadError::ByteOrderMark)
    );
    assert_eq!(
        read(b"{\"a\xff\":1}"),
        Err(ReadError::NotUtf8 { offset: 3 })
    );
}

#[test]
fn unknown_missing_and_mistyped_fields_are_refused_with_their_path() {
    let table = [
        (
            "\"strict\": true",
            "\"strict\": true, \"note\": \"x\"",
            "note",
            "unknown field",
        ),
        ("\"strict\": true,", "", ".", "missing field `strict`"),
        (
            "\"strict\": true",
            "\"strict\": \"true\"",
            "strict",
            "invalid type",
        ),
        (
            "\"kind\": \"readiness\"",
            "\"kind\": \"Readiness\"",
            "kind",
            "unknown variant",
        ),
        (
            "\"ready\": 1",
            "\"ready\": null",
            "readiness.summary.ready",
            "invalid type",
        ),
        (
            "\"missing\": []",
            "\"missing\": {}",
            "readiness.missing",
            "invalid type",
        ),
        (
            &"0".repeat(64),
            &"0".repeat(63),
            "candidate.sourceDigestSha256",
            "not a SHA-256",
        ),
        (
            "2026-05-01T12:00:00Z",
            "yesterday",
            "generatedAt",
            "input contains invalid characters",
        ),
        (
            "\"status\": \"ready\"",
            "\"status\": \"perhaps\"",
            "readiness.status",
            "unknown variant",
        ),
    ];
    for (from, to, path, problem) in table {
        let spoiled = text().replacen(from, to, 1);
        assert_ne!(spoiled, text(), "{from}");
        let (found_path, found) = shape(&spoiled);
        assert_eq!(found_path, path, "{found}");
        assert!(found.contains(problem), "{path}: {found}");
    }
}

#[test]
fn another_version_is_refused_by_its_number() {
    let later = text().replace("\"schemaVersion\": 1", "\"schemaVersion\": 2");
    assert_eq!(read(later.as_bytes()), Err(ReadError::Version { found: 2 }));
}

#[test]
fn an_error_repeats_nothing_that_a_terminal_obeys() {
    let spoiled = text().replacen("\"strict\"", &format!("\"{}\"", "s".repeat(5000)), 1);
    let said = read(spoiled.as_bytes()).unwrap_err().to_string();
    assert!(said.len() < 600, "{}", said.len());
    let spoiled = text().replacen("\"strict\"", "\"\\u001b[31mstrict\"", 1);
    let said = read(spoiled.as_bytes()).unwrap_err().to_string();
    assert!(said.chars().all(|c| (' '..='~').contains(&c)), "{said}");
}

#[test]
fn a_leaking_report_has_no_bytes() {
    let secret = ["hunter", "2hunter2"].concat();
    let scanner = Scanner::new(&[Secret::new(secret.clone())]).unwrap();
    assert_eq!(to_bytes(&report(), &scanner).unwrap(), text().as_bytes());
    let mut leaking = report();
    leaking.expected_rows.push(secret.clone());
    let error = to_bytes(&leaking, &scanner).unwrap_err();
    assert!(
        matches!(&error, WriteError::Leak(leaks) if leaks.len() == 1),
        "{error:?}"
    );
    let place = "value of a sensitive variable on line";
    assert!(error.to_string().contains(place), "{error}");
    assert!(
        !format!("{error} {error:?}").contains(&secret),
        "the error does not repeat it"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes).is_err());
    }

    #[test]
    fn a_changed_byte_is_refused_or_changes_the_report(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = text().into_bytes();
        let index = at.index(bytes.len());
        bytes[index] = byte;
        if let Ok(read) = read(&bytes) {
            // Another spelling of the same report is not the one that the writer makes.
            let spelled = canonical(&read).unwrap() != bytes || bytes == text().as_bytes();
            prop_assert!(read != report() || spelled);
        }
    }
}
