//! What a matrix demands, read out of one that has each kind of row.

use canary_core::{diagnose::SourceFile, judge::Rule, matrix::Matrix};

use super::Canon;

const INPUTS: &str = r#"
[[input]]
name = "RUNINFRA_API_KEY"
kind = "key"
about = "Key."

[[input]]
name = "RUNINFRA_LLM_MODEL"
kind = "text"
aliases = ["TEST_MODEL", "OTHER_MODEL"]
about = "Model."

[[input]]
name = "RUNINFRA_TTS_VOICE"
kind = "text"
about = "Voice."

[[input]]
name = "RUNINFRA_TTS_REF_TEXT"
kind = "text"
about = "Words."

[[choice]]
name = "speaker"
any_of = [["RUNINFRA_TTS_VOICE"], ["RUNINFRA_TTS_REF_TEXT", "RUNINFRA_LLM_MODEL"]]
about = "Who speaks."
"#;

const ROWS: &str = r#"
[[row]]
name = "chat.completions.create"
proves = "It answers."
tier = "ga"
venue = "live"
surfaces = ["chat.completions.create"]
needs = ["RUNINFRA_API_KEY", "RUNINFRA_LLM_MODEL", "choice:speaker"]
call = { operation = "chat.completions.create", model = "${RUNINFRA_LLM_MODEL}", messages = [
  { role = "user", content = "Say ${nonce}" },
] }
expect = ["answered", { text_has = "${nonce}" }, { text_has = "fixed" }]
sabotage = ["chat.usage_sum_wrong"]

[[row]]
name = "error.rate_limit.local"
proves = "It waits."
tier = "preview"
venue = "local"
surfaces = ["chat.completions.create"]
call = { operation = "chat.completions.create", model = "m", messages = [{ role = "user", content = "x" }] }
script = [{ status = 429, json = {} }]
expect = [{ server_requests = 1 }]
sabotage = [{ name = "local.twice", script = [{ status = 500, json = {} }] }]
"#;

fn canon() -> Canon {
    let files = vec![
        SourceFile::new("inputs.toml", INPUTS),
        SourceFile::new("rows.toml", ROWS),
    ];
    let matrix = Matrix::load(files, None).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.list.iter().map(|one| format!("{one:?}")).collect();
        panic!("{}", lines.join("\n"))
    });
    Canon::of(&matrix)
}

#[test]
fn tier_and_venue_decide_what_gates_and_what_reaches_the_gateway() {
    let canon = canon();
    let rows: Vec<_> = canon
        .rows
        .iter()
        .map(|row| (row.name.as_str(), row.gates, row.live))
        .collect();
    let expected = [
        ("chat.completions.create", true, true),
        ("error.rate_limit.local", false, false),
    ];
    assert_eq!(rows, expected);
    assert_eq!(canon.row_names(), expected.map(|(name, ..)| name));
    assert!(canon.row("chat.completions.create") == canon.rows.first());
    assert!(canon.row("chat").is_none());
    assert_eq!(canon.file_count, 2);
}

#[test]
fn an_input_has_its_other_names_and_not_its_own() {
    let canon = canon();
    assert_eq!(
        canon.inputs["RUNINFRA_LLM_MODEL"],
        ["TEST_MODEL", "OTHER_MODEL"]
    );
    assert!(canon.inputs["RUNINFRA_API_KEY"].is_empty());
}

#[test]
fn needs_are_ways_to_meet_them() {
    let canon = canon();
    let one = |name: &str| vec![vec![name.to_owned()]];
    let speaker = vec![
        vec!["RUNINFRA_TTS_VOICE".to_owned()],
        vec![
            "RUNINFRA_TTS_REF_TEXT".to_owned(),
            "RUNINFRA_LLM_MODEL".to_owned(),
        ],
    ];
    assert_eq!(
        canon.rows[0].needs,
        [one("RUNINFRA_API_KEY"), one("RUNINFRA_LLM_MODEL"), speaker]
    );
}

#[test]
fn only_what_asks_for_a_nonce_is_fresh() {
    let canon = canon();
    let echoes = canon.rows[0]
        .checks
        .iter()
        .filter(|check| check.rule == Rule::Echoed);
    let fresh: Vec<bool> = echoes.map(|check| check.fresh).collect();
    assert_eq!(fresh, [true, false]);
}

#[test]
fn every_operation_is_there_with_its_rows() {
    let canon = canon();
    let rows = &canon.operations["chat.completions.create"];
    assert_eq!(*rows, ["chat.completions.create", "error.rate_limit.local"]);
    assert!(canon.operations["models.list"].is_empty());
}

#[test]
fn a_row_whose_calls_carry_a_key_may_be_answered_with_a_replay() {
    let replays = |parameters: &str| {
        let rows = ROWS.replacen(
            "operation = \"chat.completions.create\", model = \"m\"",
            &format!("operation = \"raw.request\", {parameters}"),
            1,
        );
        let rows = rows.replace(", messages = [{ role = \"user\", content = \"x\" }]", "");
        let files = vec![
            SourceFile::new("inputs.toml", INPUTS),
            SourceFile::new("rows.toml", rows),
        ];
        let matrix = Matrix::load(files, None).unwrap();
        let rows = Canon::of(&matrix).rows;
        assert!(!rows[0].replays);
        rows[1].replays
    };
    let raw = "method = \"POST\", path = \"/v1/x\"";
    assert!(!replays(raw));
    assert!(replays(&format!(
        "{raw}, headers = {{ idempotency-key = \"k\" }}"
    )));
    assert!(!replays(&format!("{raw}, headers = {{ x-key = \"k\" }}")));
    assert!(replays(&format!(
        "{raw}, options = {{ idempotency_key = \"k\" }}"
    )));
    assert!(!replays(&format!("{raw}, options = {{ max_retries = 1 }}")));
}

fn in_use() -> Canon {
    let matrix = Matrix::load(canary_core::builtin::matrix(), None);
    Canon::of(&matrix.unwrap_or_else(|_| panic!("the matrix in use has problems")))
}

#[test]
fn calls_that_are_made_at_the_same_time_are_told() {
    let canon = in_use();
    let row = canon.row("embeddings.parallel").map(|row| &row.together);
    assert_eq!(row, Some(&vec!["second".to_owned(), "third".to_owned()]));
    let row = canon.row("models.list").map(|row| &row.together);
    assert_eq!(row, Some(&Vec::new()));
}

#[test]
fn what_a_call_takes_of_an_earlier_one_is_told() {
    let canon = in_use();
    let takes = |row: &str| canon.row(row).map(|row| row.takes.clone());
    let heard = [("heard".to_owned(), ["spoken".to_owned()].into())];
    assert_eq!(takes("audio.round_trip.mp3"), Some(heard.into()));
    // Nonces, words and inputs are no calls.
    assert_eq!(takes("chat.completions.create"), Some([].into()));
}
