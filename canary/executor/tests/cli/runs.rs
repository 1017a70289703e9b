//! `canary run` against gateways that keep, break and withhold their promises.

use canary_core::report::v1::{Diagnostic, RowStatus};

use crate::support::{Place, Served, nobody};

#[test]
fn the_compiled_in_matrix_passes_on_a_gateway_that_keeps_every_promise() {
    let place = Place::without_matrix();
    let served = Served::whole();
    place.write_env("env", &served.variables());
    let ended = place
        .run(&[
            "run",
            "--gate",
            "all",
            "--env-file",
            "env",
            "--jobs",
            "4",
            "--report",
            "live.json",
        ])
        .expect(0);
    assert!(
        ended.out.contains(" 0 failed, 0 could not tell, 0 skipped"),
        "{}",
        ended.out
    );
    let live = place.report("live.json");
    assert_eq!(live.reports[0].results.len(), live.expected_rows.len());
}

#[test]
fn a_broken_promise_is_a_no_that_says_what_was_wanted_and_found() {
    let place = Place::new();
    let served = Served::broken("chat.usage_sum_wrong");
    place.write_env("env", &served.few_variables());
    let ended = place
        .run(&["run", "--env-file", "env", "--report", "live.json"])
        .expect(1);
    let live = place.report("live.json");
    let results = &live.reports[0].results;
    let row = results
        .iter()
        .find(|result| result.name == "chat.completions.create")
        .unwrap();
    assert_eq!(row.status, RowStatus::Failed);
    let error = row.error.as_ref().unwrap();
    assert_eq!(error.diagnostic, Diagnostic::CheckBroken);
    let request_id = error.request_id.as_deref().unwrap();
    let failure = ended.out.split("\nFAILED: ").nth(1).unwrap();
    let failure = failure
        .split("\n\n")
        .next()
        .unwrap()
        .replace(request_id, "[request id]");
    insta::assert_snapshot!(failure);
}

#[test]
fn nobody_there_is_neither_yes_nor_no() {
    let place = Place::new();
    place.write(
        "env",
        &format!(
            "RUNINFRA_API_KEY=rp_live_x\nRUNINFRA_LLM_MODEL=m\nRUNINFRA_BASE_URL={}\n",
            nobody()
        ),
    );
    let ended = place
        .run(&["run", "--env-file", "env", "--report", "live.json"])
        .expect(3);
    assert!(
        ended
            .out
            .contains("could not be reached; check RUNINFRA_BASE_URL"),
        "{}",
        ended.out
    );
    let live = place.report("live.json");
    let statuses: Vec<RowStatus> = live.reports[0]
        .results
        .iter()
        .map(|result| result.status)
        .collect();
    assert_eq!(
        statuses,
        [
            RowStatus::Inconclusive,
            RowStatus::Inconclusive,
            RowStatus::Passed
        ]
    );
}

#[test]
fn a_wrong_key_is_a_no() {
    let place = Place::new();
    let served = Served::whole();
    let mut variables = served.few_variables();
    variables.insert(
        "RUNINFRA_API_KEY".to_owned(),
        "rp_live_of_somebody_else".to_owned(),
    );
    place.write_env("env", &variables);
    let ended = place.run(&["run", "--env-file", "env"]).expect(1);
    assert!(!ended.both().contains("rp_live_of_somebody_else"));
}

#[test]
fn without_inputs_nothing_is_proven() {
    let place = Place::new();
    // One local row passes, but no row that decides has its turn.
    let ended = place.run(&["run"]).expect(1);
    assert!(
        ended
            .out
            .contains("1 passed, 0 failed, 0 could not tell, 2 skipped"),
        "{}",
        ended.out
    );
    place.run(&["run", "--gate", "all"]).expect(0);
    place.run(&["run", "--gate", "all", "--strict"]).expect(1);
}

#[test]
fn preview_rows_decide_only_when_asked() {
    let place = Place::new();
    let served = Served::whole();
    place.write_env("env", &served.few_variables());
    // The scripted server says something else than the preview row demands.
    place.edit(
        "matrix/scripted.toml",
        "retry_after_ms = 7000",
        "retry_after_ms = 8000",
    );
    let ended = place.run(&["run", "--env-file", "env"]).expect(0);
    assert!(
        ended.out.contains("FAILED: error.rate_limit.local"),
        "{}",
        ended.out
    );
    place
        .run(&["run", "--env-file", "env", "--gate", "all"])
        .expect(1);
}

#[test]
fn a_new_row_of_known_words_runs_without_a_line_of_rust() {
    let place = Place::new();
    let served = Served::whole();
    place.write_env("env", &served.few_variables());
    place.write(
        "matrix/mine.toml",
        r#"
[[row]]
name = "mine.metadata"
proves = "Metadata comes back, and a limit limits."
tier = "ga"
venue = "live"
surfaces = ["chat.completions.create"]
needs = ["RUNINFRA_API_KEY", "RUNINFRA_LLM_MODEL"]
expect = [
  { answered = true, of = "*" },
  { echoes = { at = "/metadata", value = { probe = "${nonce}" } }, of = "echoing" },
  { finish_reason = "length", of = "limited" },
  { output_tokens_at_most = 5, of = "limited" },
]
sabotage = ["chat.max_tokens_ignored"]

[[row.call]]
as = "echoing"
operation = "chat.completions.create"
model = "${RUNINFRA_LLM_MODEL}"
messages = [{ role = "user", content = "Hello" }]
metadata = { probe = "${nonce}" }

[[row.call]]
as = "limited"
operation = "chat.completions.create"
model = "${RUNINFRA_LLM_MODEL}"
messages = [{ role = "user", content = "Count from 1 to 50, with a space between the numbers." }]
max_tokens = 5
"#,
    );
    let ended = place.run(&["run", "--env-file", "env"]).expect(0);
    assert!(ended.out.contains("mine.metadata"), "{}", ended.out);
    // And it notices the fault that it names.
    let broken = Served::broken("chat.max_tokens_ignored");
    place.write_env("env", &broken.few_variables());
    let ended = place.run(&["run", "--env-file", "env"]).expect(1);
    assert!(ended.out.contains("FAILED: mine.metadata"), "{}", ended.out);
}
