//! A good matrix loads; each way of breaking it is told with its place and what to do.

mod calls;

use super::*;

const INPUTS: &str = r#"
[[input]]
name = "RUNINFRA_API_KEY"
kind = "key"
about = "Workspace key."

[[input]]
name = "RUNINFRA_LLM_MODEL"
kind = "text"
about = "Language model."

[[input]]
name = "RUNINFRA_SIZE"
kind = "integer"
min = 0
max = 9
default = "3"
about = "A size."
"#;

const ROWS: &str = r#"
[[row]]
name = "chat.live"
proves = "Chat answers."
tier = "ga"
venue = "live"
surfaces = ["chat.completions.create"]
needs = ["RUNINFRA_API_KEY", "RUNINFRA_LLM_MODEL"]
call = { operation = "chat.completions.create", model = "${RUNINFRA_LLM_MODEL}", messages = [{ role = "user", content = "${nonce}" }] }
expect = ["answered", { finish_reason = "stop" }]
sabotage = ["chat.broken"]

[[row]]
name = "models.local"
proves = "A list is read."
tier = "preview"
venue = "local"
surfaces = ["models.list"]
call = { operation = "models.list" }
script = [{ json = { object = "list" } }]
expect = [{ server_requests = 1 }]
sabotage = [{ name = "local.other", script = [{ status = 404 }] }]
"#;

fn load(rows: &str) -> Result<Matrix, Problems> {
    let files = vec![
        SourceFile::new("rows.toml", rows),
        SourceFile::new("inputs.toml", INPUTS),
    ];
    Matrix::load(files, Some(&["chat.broken", "chat.slow"]))
}

/// Every problem of the good rows with one thing replaced.
fn problems(from: &str, to: &str) -> Vec<String> {
    assert!(ROWS.contains(from), "{from} is not in the good rows");
    let broken = load(&ROWS.replacen(from, to, 1)).expect_err(to);
    broken
        .list
        .iter()
        .map(|problem| problem.one_line(&broken.files))
        .collect()
}

#[test]
fn a_good_matrix_loads() {
    let matrix = load(ROWS).unwrap();
    let names: Vec<&str> = matrix.rows().iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["chat.live", "models.local"]);
    let ids: Vec<&str> = matrix.rows()[0]
        .checks
        .iter()
        .map(|check| check.id.as_str())
        .collect();
    assert_eq!(ids, ["answered", "answered.status", "finish_reason"]);
    assert_eq!(matrix.surface_rows()["models.list"], ["models.local"]);
    assert!(matrix.surface_rows()["embeddings.create"].is_empty());
}

#[test]
fn a_word_that_is_not_known_is_told_with_the_nearest() {
    let table = [
        (
            "tier = \"ga\"",
            "teir = \"ga\"",
            "rows.toml:5:1: unknown key `teir` (did you mean `tier`?)",
        ),
        (
            "tier = \"ga\"",
            "tier = \"gaa\"",
            "rows.toml:5:8: unknown tier `gaa` (did you mean `ga`?)",
        ),
        (
            "venue = \"live\"",
            "venue = \"lively\"",
            "rows.toml:6:9: unknown venue `lively` (did you mean `live`?)",
        ),
        (
            "\"chat.completions.create\", model",
            "\"chat.completion.create\", model",
            "unknown operation `chat.completion.create` (did you mean `chat.completions.create`?)",
        ),
        (
            "[\"chat.completions.create\"]",
            "[\"chat.completions.creat\"]",
            "unknown surface `chat.completions.creat` (did you mean `chat.completions.create`?)",
        ),
        (
            "\"RUNINFRA_LLM_MODEL\"]",
            "\"RUNINFRA_LLM_MODLE\"]",
            "unknown input `RUNINFRA_LLM_MODLE` (did you mean `RUNINFRA_LLM_MODEL`?)",
        ),
        (
            "\"answered\"",
            "\"answerd\"",
            "unknown expectation `answerd` (did you mean `answered`?)",
        ),
        (
            "finish_reason = \"stop\"",
            "finish_reason = \"stopp\"",
            "unknown word `stopp` (did you mean `stop`?)",
        ),
        (
            "[\"chat.broken\"]",
            "[\"chat.borken\"]",
            "unknown fault `chat.borken` (did you mean `chat.broken`?)",
        ),
        (
            "messages =",
            "massages =",
            "`chat.completions.create` has no parameter `massages` (did you mean `messages`?)",
        ),
        ("${nonce}", "${nonse}", "`${nonse}` means nothing"),
        (
            "status = 404",
            "statuss = 404",
            "unknown key `statuss` (did you mean `status`?)",
        ),
    ];
    for (from, to, told) in table {
        let found = problems(from, to);
        assert!(
            found.iter().any(|line| line.contains(told)),
            "{to}: {found:#?}"
        );
    }
}

#[test]
fn what_makes_no_sense_is_told() {
    let table = [
        (
            "name = \"models.local\"",
            "name = \"chat.live\"",
            "a second row named `chat.live` (the first is in rows.toml)",
        ),
        (
            "name = \"chat.live\"",
            "name = \"Chat Live\"",
            "a row's name is lower-case words",
        ),
        (
            "name = \"chat.live\"",
            "name = \"chat.local\"",
            "a live row is not named `local`",
        ),
        (
            "proves = \"Chat answers.\"\n",
            "",
            "the key `proves` is missing here",
        ),
        (
            "tier = \"ga\"",
            "tier = 3",
            "expected a string, found integer",
        ),
        (
            "expect = [\"answered\", { finish_reason = \"stop\" }]",
            "expect = []",
            "a row that expects nothing proves nothing",
        ),
        (
            "sabotage = [\"chat.broken\"]",
            "sabotage = []",
            "a row that nothing can make fail proves nothing",
        ),
        (
            "surfaces = [\"models.list\"]",
            "surfaces = []",
            "the row names no surface",
        ),
        (
            "script = [{ json = { object = \"list\" } }]",
            "script = [{ sample = \"nothing\" }]",
            "unknown sample `nothing`",
        ),
        (
            ", script = [{ status = 404 }]",
            "",
            "a counter-script changes the `script`, the `call`, its `options` or its `client`",
        ),
        (
            ", \"RUNINFRA_LLM_MODEL\"]",
            "]",
            "the row uses `RUNINFRA_LLM_MODEL` but does not need it",
        ),
        (
            "\"${nonce}\"",
            "\"${other.text}\"",
            "`call` uses `other`, which is no earlier call",
        ),
        (
            "\"${nonce}\"",
            "\"${secret}\"",
            "`${secret}` is the key of a local row's client",
        ),
        (
            "[{ server_requests = 1 }]",
            "[{ status = 99 }]",
            "99 is no HTTP status",
        ),
        (
            "[{ server_requests = 1 }]",
            "[{ status = [] }]",
            "an empty list holds for nothing",
        ),
    ];
    for (from, to, told) in table {
        let found = problems(from, to);
        assert!(
            found.iter().any(|line| line.contains(told)),
            "{to}: {found:#?}"
        );
    }
}

#[test]
fn an_input_with_a_default_may_be_used_without_being_needed() {
    assert!(load(&ROWS.replacen("\"${nonce}\"", "\"${RUNINFRA_SIZE}\"", 1)).is_ok());
}

#[test]
fn the_problems_of_all_files_are_told_at_once() {
    let files = vec![
        SourceFile::new("a.toml", "[[row]]\nname = 1\n"),
        SourceFile::new("b.toml", "row = = 1\n"),
        SourceFile::new("inputs.toml", "[[input]]\nkind = \"text\"\n"),
        SourceFile::new("shapes/x.json", "{ \"type\": 7 }"),
        SourceFile::new("samples/y.json", "{"),
    ];
    let broken = Matrix::load(files, None).unwrap_err();
    for file in [
        "a.toml",
        "b.toml",
        "inputs.toml",
        "shapes/x.json",
        "samples/y.json",
    ] {
        assert!(
            broken.list.iter().any(|problem| problem.file == file),
            "{file}: {broken}"
        );
    }
}

#[test]
fn a_matrix_without_rows_or_inputs_is_no_matrix() {
    let broken = Matrix::load(Vec::new(), None).unwrap_err().to_string();
    assert!(
        broken.contains("the file inputs.toml is missing"),
        "{broken}"
    );
    let inputs = vec![SourceFile::new("inputs.toml", INPUTS)];
    let broken = Matrix::load(inputs, None).unwrap_err().to_string();
    assert!(broken.contains("no row was found"), "{broken}");
}

#[test]
fn the_digest_is_of_names_and_texts() {
    let digest = |name: &str, text: &str| {
        let files = vec![
            SourceFile::new(name, text),
            SourceFile::new("inputs.toml", INPUTS),
        ];
        Matrix::load(files, None).unwrap().digest()
    };
    let all = [
        digest("a.toml", ROWS),
        digest("b.toml", ROWS),
        digest("a.toml", &format!("{ROWS}\n")),
    ];
    assert!(all[0] != all[1] && all[0] != all[2] && all[1] != all[2]);
}

/// The good rows with these invariants.
fn with_invariants(invariants: &str) -> Result<Matrix, Problems> {
    let files = vec![
        SourceFile::new("rows.toml", ROWS),
        SourceFile::new("inputs.toml", INPUTS),
        SourceFile::new("invariants.toml", invariants),
    ];
    Matrix::load(files, Some(&["chat.broken", "chat.slow"]))
}

#[test]
fn invariants_are_checks_of_every_live_row_and_of_no_other() {
    let plain = load(ROWS).unwrap();
    let matrix = with_invariants("expect = [\"each_envelope\", \"each_date\"]").unwrap();
    let ids = |matrix: &Matrix, row: &str| -> Vec<String> {
        let checks = &matrix.row(row).unwrap().checks;
        checks.iter().map(|check| check.id.clone()).collect()
    };
    let mut live = ids(&plain, "chat.live");
    live.extend(["each_envelope".to_owned(), "each_date".to_owned()]);
    assert_eq!(ids(&matrix, "chat.live"), live);
    assert_eq!(ids(&matrix, "models.local"), ids(&plain, "models.local"));
    assert_ne!(matrix.digest(), plain.digest());
}

#[test]
fn an_invariant_names_what_must_break_it() {
    let written = "expect = [\"each_envelope\", \"each_date\"]\n\
                   sabotage = { each_date = [\"chat.slow\", \"chat.broken\"] }";
    let matrix = with_invariants(written).unwrap();
    let invariant = |word: &str, sabotage: &[&str]| Invariant {
        word: word.to_owned(),
        sabotage: sabotage.iter().map(|&name| name.to_owned()).collect(),
    };
    assert_eq!(
        matrix.invariants(),
        [
            invariant("each_envelope", &[]),
            invariant("each_date", &["chat.slow", "chat.broken"]),
        ]
    );
}

#[test]
fn a_wrong_invariant_is_told_with_its_place() {
    let table = [
        (
            "expect = [\"answered\"]",
            "invariants.toml:1:11: an invariant looks at every answer of a row, and this word looks at one call",
        ),
        (
            "expect = [\"each_envelop\"]",
            "invariants.toml:1:11: unknown expectation `each_envelop` (did you mean `each_envelope`?)",
        ),
        (
            "expects = []",
            "invariants.toml:1:1: the key `expect` is missing here",
        ),
        (
            "expect = [\"each_date\"]\nsabotage = { each_dates = [] }",
            "invariants.toml:2:14: unknown invariant `each_dates` (did you mean `each_date`?)",
        ),
        (
            "expect = [\"each_date\"]\nsabotage = { each_date = [\"chat.slaw\"] }",
            "invariants.toml:2:27: unknown fault `chat.slaw` (did you mean `chat.slow`?)",
        ),
    ];
    for (invariants, wanted) in table {
        let broken = with_invariants(invariants).expect_err(invariants);
        let told: Vec<String> = broken
            .list
            .iter()
            .map(|problem| problem.one_line(&broken.files))
            .collect();
        assert!(
            told.iter().any(|line| line.contains(wanted)),
            "{invariants}: {told:?}"
        );
    }
}
