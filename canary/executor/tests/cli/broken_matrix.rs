//! A broken matrix is refused whole: every problem with its place and advice, exit code 2, nothing
//! written.

use crate::support::Place;

/// Name of the case, file, what stands there, what is put in its place.
type Case = (&'static str, &'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    (
        "unknown_key",
        "rows.toml",
        "proves = \"The catalog",
        "prooves = \"The catalog",
    ),
    (
        "missing_key",
        "rows.toml",
        "venue = \"live\"\nsurfaces = [\"models.list\"]",
        "surfaces = [\"models.list\"]",
    ),
    (
        "wrong_type",
        "rows.toml",
        "needs = [\"RUNINFRA_API_KEY\", \"RUNINFRA_LLM_MODEL\"]\ncall = { operation = \"models.list\" }",
        "needs = \"RUNINFRA_API_KEY\"\ncall = { operation = \"models.list\" }",
    ),
    (
        "unknown_operation",
        "rows.toml",
        "operation = \"models.list\"",
        "operation = \"models.lists\"",
    ),
    (
        "unknown_parameter",
        "rows.toml",
        "max_tokens = 64",
        "max_token = 64",
    ),
    (
        "missing_parameter",
        "rows.toml",
        "model = \"${RUNINFRA_LLM_MODEL}\", ",
        "",
    ),
    (
        "unknown_expectation",
        "rows.toml",
        "\"usage_adds_up\"",
        "\"usage_add_up\"",
    ),
    (
        "expectation_without_its_argument",
        "rows.toml",
        "{ text_has = \"${nonce}\" }",
        "\"text_has\"",
    ),
    (
        "unknown_input",
        "rows.toml",
        "[\"RUNINFRA_API_KEY\", \"RUNINFRA_LLM_MODEL\"]\ncall = { operation = \"models.list\" }",
        "[\"RUNINFRA_API_KEY\", \"RUNINFRA_LLM_MODLE\"]\ncall = { operation = \"models.list\" }",
    ),
    (
        "unknown_fault",
        "rows.toml",
        "\"chat.usage_sum_wrong\"",
        "\"chat.usage_sum_rong\"",
    ),
    ("unknown_tier", "scripted.toml", "\"preview\"", "\"previw\""),
    ("unknown_venue", "scripted.toml", "\"local\"", "\"lokal\""),
    (
        "unknown_surface",
        "rows.toml",
        "surfaces = [\"models.list\"]",
        "surfaces = [\"model.list\"]",
    ),
    (
        "unknown_shape",
        "rows.toml",
        "shape = \"list\"",
        "shape = \"lists\"",
    ),
    (
        "unknown_sample",
        "scripted.toml",
        "headers = { retry-after = \"7\" }, sample = \"limited\"",
        "headers = { retry-after = \"7\" }, sample = \"limitd\"",
    ),
    (
        "unknown_script_key",
        "scripted.toml",
        "headers = { retry-after = \"7\" }",
        "heders = { retry-after = \"7\" }",
    ),
    (
        "two_rows_of_one_name",
        "scripted.toml",
        "\"error.rate_limit.local\"",
        "\"models.list\"",
    ),
    (
        "bad_name",
        "rows.toml",
        "name = \"models.list\"",
        "name = \"Models List\"",
    ),
    (
        "bad_template",
        "rows.toml",
        "nothing else: ${nonce}\"",
        "nothing else: ${nonse}\"",
    ),
    (
        "open_template",
        "rows.toml",
        "nothing else: ${nonce}\"",
        "nothing else: ${nonce\"",
    ),
    (
        "input_used_and_not_needed",
        "rows.toml",
        "[\"RUNINFRA_API_KEY\", \"RUNINFRA_LLM_MODEL\"]\ncall = { operation = \"chat",
        "[\"RUNINFRA_API_KEY\"]\ncall = { operation = \"chat",
    ),
    (
        "nothing_expected",
        "rows.toml",
        "[\"answered\", \"usage_adds_up\", { text_has = \"${nonce}\" }]",
        "[]",
    ),
    (
        "nothing_can_make_it_fail",
        "rows.toml",
        "[\"chat.usage_sum_wrong\"]",
        "[]",
    ),
    (
        "syntax_error",
        "rows.toml",
        "proves = \"The catalog is a list.\"",
        "proves = \"The catalog is a list.",
    ),
    (
        "key_twice",
        "rows.toml",
        "proves = \"The catalog is a list.\"",
        "proves = \"The catalog is a list.\"\nproves = \"It is.\"",
    ),
    (
        "bad_schema",
        "shapes/list.json",
        "\"const\": \"list\"",
        "\"type\": \"lst\"",
    ),
    (
        "json_syntax_error",
        "samples/limited.json",
        "\"Slow down.\",",
        "\"Slow down.\"",
    ),
    (
        "cycle_of_fallbacks",
        "inputs.toml",
        "kind = \"key\"\nabout = \"Workspace API key.\"",
        "kind = \"key\"\nfallback = [\"RUNINFRA_VOICE_PIPELINE_API_KEY\"]\nabout = \"Workspace API key.\"",
    ),
    (
        "unknown_kind",
        "inputs.toml",
        "kind = \"url\"",
        "kind = \"ulr\"",
    ),
    (
        "input_twice",
        "inputs.toml",
        "name = \"RUNINFRA_TTS_VOICE\"",
        "name = \"RUNINFRA_LLM_MODEL\"",
    ),
    (
        "alias_that_is_taken",
        "inputs.toml",
        "aliases = [\"TEST_MODEL\"]",
        "aliases = [\"RUNINFRA_TTS_VOICE\"]",
    ),
    (
        "secret_with_a_default",
        "inputs.toml",
        "secret = true\nabout = \"Words that",
        "secret = true\ndefault = \"hello\"\nabout = \"Words that",
    ),
];

/// Runs a command that would write a report, and checks that it wrote nothing.
fn refused(place: &Place) -> String {
    let before = place.files();
    let ended = place
        .run(&["preflight", "--report", "out/readiness.json"])
        .expect(2);
    assert_eq!(place.files(), before, "something was written");
    assert!(!place.path("out").exists(), "a folder was made");
    assert_eq!(ended.out, "");
    ended.err
}

#[test]
fn the_small_matrix_itself_is_sound() {
    let place = Place::new();
    let ended = place.run(&["matrix", "check"]).expect(0);
    assert!(ended.out.starts_with("3 rows in 5 files"), "{}", ended.out);
}

#[test]
fn every_kind_of_mistake_is_shown_with_its_place_and_advice() {
    for (name, file, from, to) in CASES {
        let place = Place::new();
        place.edit(&format!("matrix/{file}"), from, to);
        let said = refused(&place);
        assert!(
            said.contains(&format!("{file}:")),
            "{name}: no place\n{said}"
        );
        insta::with_settings!({ omit_expression => true, description => format!("{file}: {from:?} became {to:?}") }, {
            insta::assert_snapshot!(*name, said);
        });
    }
}

#[test]
fn all_problems_of_all_files_are_told_at_once() {
    let place = Place::new();
    for name in [
        "unknown_key",
        "unknown_expectation",
        "unknown_tier",
        "unknown_kind",
        "bad_schema",
    ] {
        let (_, file, from, to) = CASES.iter().find(|case| case.0 == name).unwrap();
        place.edit(&format!("matrix/{file}"), from, to);
    }
    insta::assert_snapshot!(refused(&place));
}

#[test]
fn a_matrix_without_inputs_or_rows_is_refused() {
    let place = Place::without_matrix();
    place.write("empty/notes.txt", "nothing here");
    let ended = place
        .run(&["matrix", "check", "--matrix", "empty"])
        .expect(2);
    insta::assert_snapshot!(ended.err);
}

#[test]
fn every_command_refuses_it() {
    let place = Place::new();
    place.edit("matrix/rows.toml", "\"usage_adds_up\"", "\"usage_add_up\"");
    let before = place.files();
    for arguments in [
        &["rehearse"][..],
        &["preflight"],
        &["run", "--report", "live.json"],
        &["selftest"],
        &["discover", "--report", "found.json"],
        &["coverage"],
        &["matrix", "check"],
        &["matrix", "list"],
        &["matrix", "explain", "models.list"],
        &["matrix", "docs", "--write", "matrix/rows.toml"],
    ] {
        let ended = place.run(arguments).expect(2);
        assert!(
            ended.err.contains("did you mean `usage_adds_up`?"),
            "{arguments:?}: {}",
            ended.err
        );
        assert_eq!(place.files(), before, "{arguments:?} wrote something");
    }
}
