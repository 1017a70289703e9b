use super::*;
use crate::{
    diagnose::Problems,
    input::{Kind, Need},
};

/// Every problem of a declaration, one a line.
fn problems(text: &str) -> Vec<String> {
    let file = SourceFile::new("inputs.toml", text);
    let Err(list) = read(&file) else {
        return Vec::new();
    };
    let sorted = Problems::new(vec![file.clone()], list);
    sorted
        .list
        .iter()
        .map(|problem| problem.one_line(std::slice::from_ref(&file)))
        .collect()
}

/// An input of kind text with more lines.
fn text(name: &str, more: &str) -> String {
    format!("[[input]]\nname = \"{name}\"\nkind = \"text\"\nabout = \"x\"\n{more}\n")
}

fn assert_problem(text: &str, expected: &str) {
    let found = problems(text);
    assert!(
        found.iter().any(|line| line.contains(expected)),
        "expected {expected:?}, found {found:#?}"
    );
}

/// Name, kind, whether secret, default, aliases, fallbacks and base64 variable, as the matrix
/// reference lists them.
type Line = (
    &'static str,
    &'static str,
    bool,
    Option<&'static str>,
    &'static [&'static str],
    &'static [&'static str],
    Option<&'static str>,
);

#[test]
fn the_declaration_holds_every_variable_of_the_reference() {
    let replay = "idempotency_replayed,_idempotency_replayed,_idempotent_replay,\
                  idempotency.replayed,replay.replayed";
    #[rustfmt::skip]
    let expected: &[Line] = &[
        ("API_KEY", "key", true, None, &[], &[], None),
        ("BASE_URL", "url", false, Some("https://api.runinfra.ai/v1"), &[], &[], None),
        ("CANARY_TIMEOUT_SECONDS", "number", false, Some("120"), &[], &[], None),
        ("CANARY_STREAM_SLOW_CONSUMER_DELAY_MS", "integer", false, Some("25"), &[], &[], None),
        ("CANARY_ENABLE_IDEMPOTENCY", "word", false, None, &[], &[], None),
        ("CANARY_IDEMPOTENCY_EVIDENCE_FIELD", "paths", false, Some(replay), &[], &[], None),
        ("LLM_MODEL", "text", false, None, &["TEST_MODEL"], &[], None),
        ("EMBEDDING_MODEL", "text", false, None, &["TEST_EMBEDDING_MODEL"], &[], None),
        ("EMBEDDING_DIMENSIONS", "integer", false, None, &[], &[], None),
        ("IMAGE_MODEL", "text", false, None, &["TEST_IMAGE_MODEL"], &[], None),
        ("IMAGE_SIZE", "size", false, None, &[], &[], None),
        ("IMAGE_RESPONSE_FORMAT", "word", false, None, &[], &[], None),
        ("TTS_MODEL", "text", false, None, &["TEST_TTS_MODEL"], &[], None),
        ("TTS_VOICE", "text", false, None, &["TEST_TTS_VOICE"], &[], None),
        ("TTS_REF_AUDIO", "text", true, None, &["TEST_TTS_REF_AUDIO"], &[], None),
        ("TTS_REF_TEXT", "text", true, None, &["TEST_TTS_REF_TEXT"], &[], None),
        ("TTS_TASK_TYPE", "text", false, Some("Base"), &["TEST_TTS_TASK_TYPE"], &[], None),
        ("TTS_RESPONSE_FORMAT", "word", false, None, &[], &[], None),
        ("ASR_MODEL", "text", false, None, &["TEST_ASR_MODEL"], &[], None),
        ("ASR_LANGUAGE", "text", false, None, &[], &[], None),
        ("ASR_RESPONSE_FORMAT", "word", false, None, &[], &[], None),
        ("ASR_FIXTURE_PATH", "file", false, None, &["TEST_ASR_FILE"], &[], Some("ASR_FIXTURE_BASE64")),
        ("ASR_FIXTURE_CONTENT_TYPE", "mime", false, Some("audio/wav"), &[], &[], None),
        ("ASR_EXPECTED_TEXT", "text", true, None, &[], &[], None),
        ("PIPELINE_API_KEY", "key", true, None, &[], &[], None),
        ("VOICE_PIPELINE_ID", "text", false, None, &["TEST_PIPELINE_ID"], &[], None),
        ("VOICE_PIPELINE_API_KEY", "key", true, None, &[], &["PIPELINE_API_KEY", "API_KEY"], None),
        ("VOICE_PIPELINE_AUDIO_PATH", "file", false, None, &[], &["ASR_FIXTURE_PATH"], Some("VOICE_PIPELINE_AUDIO_BASE64")),
        ("VOICE_PIPELINE_AUDIO_CONTENT_TYPE", "mime", false, Some("audio/wav"), &[], &["ASR_FIXTURE_CONTENT_TYPE"], None),
        ("VOICE_PIPELINE_EXPECTED_TEXT", "text", true, None, &[], &["ASR_EXPECTED_TEXT"], None),
    ];
    let full = |name: &str| format!("RUNINFRA_{name}");
    let declared = declared();
    assert_eq!(declared.inputs().len(), expected.len());
    for (name, kind, secret, default, aliases, fallback, base64) in expected {
        let name = full(name);
        let input = declared.input(&name).unwrap_or_else(|| panic!("{name}"));
        let fallback: Vec<String> = fallback.iter().map(|name| full(name)).collect();
        assert_eq!(input.kind.word(), *kind, "{name}");
        assert_eq!(input.secret, *secret, "{name}");
        assert_eq!(input.default.as_deref(), *default, "{name}");
        assert_eq!(input.aliases, *aliases, "{name}");
        assert_eq!(input.fallback, fallback, "{name}");
        assert_eq!(input.from_base64, base64.map(full), "{name}");
    }
}

#[test]
fn the_word_of_each_kind_is_what_the_reference_allows() {
    let declared = declared();
    let words = |name: &str| match &declared.input(name).unwrap().kind {
        Kind::Word { words } => words.join(" "),
        other => panic!("{name} is {other:?}"),
    };
    assert_eq!(words("RUNINFRA_CANARY_ENABLE_IDEMPOTENCY"), "1");
    assert_eq!(words("RUNINFRA_IMAGE_RESPONSE_FORMAT"), "url b64_json");
    assert_eq!(
        words("RUNINFRA_TTS_RESPONSE_FORMAT"),
        "mp3 opus aac flac wav pcm"
    );
    assert_eq!(words("RUNINFRA_ASR_RESPONSE_FORMAT"), "json verbose_json");
}

#[test]
fn needs_are_read_only_when_they_are_declared() {
    let declared = declared();
    assert_eq!(
        declared.need("RUNINFRA_LLM_MODEL"),
        Some(Need::Input("RUNINFRA_LLM_MODEL".to_owned()))
    );
    assert_eq!(
        declared.need("choice:tts_speaker"),
        Some(Need::Choice("tts_speaker".to_owned()))
    );
    for unknown in ["TEST_MODEL", "tts_speaker", "choice:", "choice:other", ""] {
        assert_eq!(declared.need(unknown), None, "{unknown}");
    }
    assert!(
        declared
            .need_words()
            .contains(&"choice:tts_speaker".to_owned())
    );
}

#[test]
fn all_problems_of_a_declaration_are_found_at_once() {
    let broken = r#"
[[input]]
name = "RUNINFRA_A"
kind = "tekst"
about = "x"

[[input]]
name = "RUNINFRA_A"
kind = "text"
abuot = "x"

[[input]]
name = "RUNINFRA_N"
kind = "number"
above = "0"
max = 9
default = "ten"
about = "x"
aliases = ["RUNINFRA_A"]
fallback = ["RUNINFRA_M"]

[[chioce]]
name = "c"
"#;
    insta::assert_snapshot!(problems(broken).join("\n"));
}

#[test]
fn a_problem_is_drawn_at_its_place() {
    let file = SourceFile::new("inputs.toml", text("RUNINFRA_A", "alias = [\"B\"]"));
    let list = read(&file).unwrap_err();
    insta::assert_snapshot!(Problems::new(vec![file], list).render(false));
}

#[test]
fn a_cycle_is_named_whole_and_once() {
    let a = text("RUNINFRA_A", "fallback = [\"RUNINFRA_B\"]");
    let b = text("RUNINFRA_B", "fallback = [\"RUNINFRA_C\"]");
    let c = text("RUNINFRA_C", "fallback = [\"RUNINFRA_A\"]");
    let into = text("RUNINFRA_D", "fallback = [\"RUNINFRA_B\"]");
    let found = problems(&[into, a, b, c].concat());
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found[0].contains("RUNINFRA_B → RUNINFRA_C → RUNINFRA_A → RUNINFRA_B"),
        "{found:#?}"
    );
    assert_problem(
        &text("RUNINFRA_A", "fallback = [\"RUNINFRA_A\"]"),
        "RUNINFRA_A → RUNINFRA_A",
    );
}

#[test]
fn two_ways_to_one_input_are_no_cycle() {
    let a = text("RUNINFRA_A", "fallback = [\"RUNINFRA_B\", \"RUNINFRA_C\"]");
    let b = text("RUNINFRA_B", "fallback = [\"RUNINFRA_C\"]");
    let c = text("RUNINFRA_C", "");
    assert_eq!(problems(&[a, b, c].concat()), Vec::<String>::new());
}

#[test]
fn no_variable_means_two_things() {
    let a = text("RUNINFRA_A", "aliases = [\"TEST_X\"]");
    let b = text("RUNINFRA_B", "aliases = [\"TEST_X\"]");
    assert_problem(
        &[a, b].concat(),
        "`TEST_X` is already the alias of `RUNINFRA_A`",
    );
    // Also when the canonical name is declared after the alias.
    let a = text("RUNINFRA_A", "aliases = [\"RUNINFRA_B\"]");
    let b = text("RUNINFRA_B", "");
    assert_problem(
        &[a, b].concat(),
        "inputs.toml:5:12: `RUNINFRA_B` is already the name",
    );
    let file = "[[input]]\nname = \"RUNINFRA_F\"\nkind = \"file\"\nabout = \"x\"\n\
                aliases = [\"TEST_F\"]\nfrom_base64 = \"TEST_F\"\n";
    assert_problem(file, "`TEST_F` is already the alias of `RUNINFRA_F`");
}

#[test]
fn single_mistakes_are_refused() {
    let secret = "secret = true\ndefault = \"x\"";
    let table: &[(String, &str)] = &[
        (text("LLM_MODEL", ""), "not a canonical variable"),
        (text("RUNINFRA_a", ""), "not a canonical variable"),
        (text("RUNINFRA_A", "aliases = [\"a b\"]"), "`a b` is not a variable"),
        (text("RUNINFRA_A", secret), "a secret input has no default"),
        (text("RUNINFRA_A", "template = \"a b\""), "would need quotes"),
        (text("RUNINFRA_A", "max = 3"), "unknown key `max`"),
        (text("RUNINFRA_A", "secret = \"yes\""), "expected true or false"),
        (text("RUNINFRA_A", "default = \" \""), "not blank"),
        (text("RUNINFRA_A", "from_base64 = \"RUNINFRA_B\""), "only a `file`"),
        (
            text("RUNINFRA_MODEL", "") + &text("RUNINFRA_B", "fallback = [\"RUNINFRA_MODLE\"]"),
            "unknown input `RUNINFRA_MODLE` (did you mean `RUNINFRA_MODEL`?)",
        ),
        (
            text("RUNINFRA_A", "aliases = [\"TEST_A\"]")
                + &text("RUNINFRA_B", "fallback = [\"TEST_A\"]"),
            "(this variable sets `RUNINFRA_A`; use that name)",
        ),
        (
            text("RUNINFRA_A", "secret = true") + &text("RUNINFRA_B", "fallback = [\"RUNINFRA_A\"]"),
            "`RUNINFRA_A` is secret, and this input is not",
        ),
        (
            text("RUNINFRA_A", "")
                + "[[input]]\nname = \"RUNINFRA_B\"\nkind = \"size\"\nabout = \"x\"\nfallback = [\"RUNINFRA_A\"]\n",
            "`RUNINFRA_A` is of another kind",
        ),
        (
            "[[input]]\nname = \"RUNINFRA_B\"\nkind = \"integer\"\nabout = \"x\"\nmin = 3\nmax = 2\n".to_owned(),
            "no value is within the bounds",
        ),
        (
            "[[input]]\nname = \"RUNINFRA_B\"\nkind = \"number\"\nabout = \"x\"\nabove = 3\nmax = 3\n".to_owned(),
            "no value is within the bounds",
        ),
        (
            "[[input]]\nname = \"RUNINFRA_B\"\nkind = \"key\"\nabout = \"x\"\nsecret = false\n".to_owned(),
            "a `key` is always secret",
        ),
        (
            "[[input]]\nname = \"RUNINFRA_B\"\nkind = \"text\"\nabout = \"\"\"a\nb\"\"\"\n".to_owned(),
            "`about` is one line",
        ),
        (
            text("RUNINFRA_A", "")
                + "[[choice]]\nname = \"c\"\nabout = \"x\"\nany_of = [[\"RUNINFRA_A\"], [\"RUNINFRA_AA\"]]\n",
            "unknown input `RUNINFRA_AA` (did you mean `RUNINFRA_A`?)",
        ),
        (
            text("RUNINFRA_A", "") + "[[choice]]\nname = \"c\"\nabout = \"x\"\nany_of = [[\"RUNINFRA_A\"]]\n",
            "fewer than two ways",
        ),
        (
            text("RUNINFRA_A", "") + "[[choice]]\nname = \"c\"\nabout = \"x\"\nany_of = [[\"RUNINFRA_A\"], []]\n",
            "names at least one input",
        ),
        ("input = 3\n".to_owned(), "expected an array, found integer"),
        ("[[input]\n".to_owned(), "not TOML"),
    ];
    for (text, expected) in table {
        assert_problem(text, expected);
    }
}

#[test]
fn bounds_may_leave_a_single_value() {
    for bounds in [
        "kind = \"integer\"\nmin = 3\nmax = 3",
        "kind = \"number\"\nabove = 2\nmax = 3",
    ] {
        let text = format!("[[input]]\nname = \"RUNINFRA_B\"\nabout = \"x\"\n{bounds}\n");
        let file = SourceFile::new("inputs.toml", text);
        assert!(read(&file).is_ok(), "{bounds}");
    }
}

#[test]
fn a_mistyped_variable_is_noticed() {
    let variables = [
        "PATH",
        "TEST_MODEL",
        "TEST_MODLE",
        "RUNINFRA_API_KEY",
        "RUNINFRA_ASR_FIXTURE_BASE64",
        "RUNINFRA_LLM_MODLE",
        "RUNINFRA_",
    ];
    let strays = declared().strays(variables);
    let lines: Vec<String> = strays.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines[0],
        "RUNINFRA_LLM_MODLE is set and is not an input; did you mean RUNINFRA_LLM_MODEL?"
    );
    assert!(lines[1].starts_with("RUNINFRA_ is set and is not an input"));
    assert_eq!(lines.len(), 2);
}

#[test]
fn secret_variables_are_those_of_secret_inputs_and_all_base64_ones() {
    let declared = declared();
    let secret: Vec<&str> = declared.secret_variables().collect();
    insta::assert_snapshot!(secret.join("\n"));
}
