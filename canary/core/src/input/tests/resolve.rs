use std::fmt::Write as _;

use super::*;
use crate::input::{FileSource, InputProblem, Need, Provenance, Reported, Secret, State, Value};

const LLM: &str = "RUNINFRA_LLM_MODEL";
const VOICE_KEY: &str = "RUNINFRA_VOICE_PIPELINE_API_KEY";
const FIXTURE: &str = "RUNINFRA_ASR_FIXTURE_PATH";

/// Variables of one source.
type Pairs<'a> = &'a [(&'a str, &'a str)];
/// Value, where from, alias.
type Expected = (&'static str, Provenance, Option<&'static str>);

fn text(inputs: &Inputs, name: &str) -> Option<String> {
    match inputs.value(name)? {
        Value::Text(text) => Some(text.clone()),
        Value::Secret(secret) => Some(secret.expose().to_owned()),
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn the_shell_wins_for_the_whole_alias_group() {
    // (shell, env file) → (value, where from, alias)
    let c = LLM;
    let a = "TEST_MODEL";
    #[rustfmt::skip]
    let table: &[(Pairs<'_>, Pairs<'_>, Option<Expected>)] = &[
        (&[(c, "1")], &[(c, "2")], Some(("1", Provenance::Shell, None))),
        (&[(a, "1")], &[(c, "2")], Some(("1", Provenance::Shell, Some(a)))),
        (&[(c, "1"), (a, "3")], &[(c, "2")], Some(("1", Provenance::Shell, None))),
        (&[], &[(c, "2"), (a, "3")], Some(("2", Provenance::EnvFile, None))),
        (&[], &[(a, "3")], Some(("3", Provenance::EnvFile, Some(a)))),
        (&[(c, " \t")], &[(c, "2")], Some(("2", Provenance::EnvFile, None))),
        (&[(c, ""), (a, "1")], &[(c, "2")], Some(("1", Provenance::Shell, Some(a)))),
        (&[(c, "")], &[(a, "\n")], None),
        (&[], &[], None),
    ];
    for (shell, env_file, expected) in table {
        let inputs = resolve(shell, env_file);
        let found = inputs.get(c).unwrap();
        match expected {
            Some((value, provenance, alias)) => {
                assert_eq!(
                    text(&inputs, c).as_deref(),
                    Some(*value),
                    "{shell:?} {env_file:?}"
                );
                assert_eq!(
                    found.provenance.as_ref(),
                    Some(provenance),
                    "{shell:?} {env_file:?}"
                );
                assert_eq!(found.alias.as_deref(), *alias, "{shell:?} {env_file:?}");
            }
            None => assert_eq!(found.state, State::Missing),
        }
    }
}

#[test]
fn without_an_env_file_only_the_shell_counts() {
    let inputs = Inputs::resolve(&declared(), &variables(&[(LLM, "m")]), None, &readable);
    assert_eq!(text(&inputs, LLM).as_deref(), Some("m"));
}

#[test]
fn fallbacks_are_asked_in_order() {
    let pipeline = "RUNINFRA_PIPELINE_API_KEY";
    let workspace = "RUNINFRA_API_KEY";
    #[rustfmt::skip]
    let table: &[(Pairs<'_>, &str, Provenance)] = &[
        (&[(VOICE_KEY, "v"), (pipeline, "p"), (workspace, "w")], "v", Provenance::Shell),
        (&[(pipeline, "p"), (workspace, "w")], "p", Provenance::Fallback(pipeline.into())),
        (&[(workspace, "w")], "w", Provenance::Fallback(workspace.into())),
    ];
    for (shell, expected, provenance) in table {
        let inputs = resolve(shell, &[]);
        assert_eq!(text(&inputs, VOICE_KEY).as_deref(), Some(*expected));
        let found = inputs.get(VOICE_KEY).unwrap();
        assert_eq!(found.provenance.as_ref(), Some(provenance));
    }
    // An own value in the env file comes before a fallback in the shell.
    let inputs = resolve(&[(workspace, "w")], &[(VOICE_KEY, "v")]);
    assert_eq!(text(&inputs, VOICE_KEY).as_deref(), Some("v"));
    assert_eq!(resolve(&[], &[]).value(VOICE_KEY), None);
}

#[test]
fn an_invalid_value_is_not_missing_and_is_not_passed_over() {
    let inputs = resolve(
        &[("RUNINFRA_PIPELINE_API_KEY", "a b")],
        &[("RUNINFRA_API_KEY", "w")],
    );
    let found = inputs.get(VOICE_KEY).unwrap();
    assert_eq!(found.state, State::Invalid(InputProblem::NotAKey));
    let unmet = inputs.unmet(&[Need::read(VOICE_KEY)]);
    assert_eq!(
        unmet[0].to_string(),
        "RUNINFRA_VOICE_PIPELINE_API_KEY cannot be used: RUNINFRA_PIPELINE_API_KEY, which sets it: \
         a key is printable ASCII without spaces; this one is not (check for a paste error)"
    );
}

#[test]
fn defaults_come_last() {
    let base = "RUNINFRA_BASE_URL";
    let content_type = "RUNINFRA_VOICE_PIPELINE_AUDIO_CONTENT_TYPE";
    let inputs = resolve(&[], &[]);
    let Some(Value::Url(url)) = inputs.value(base) else {
        panic!("no base URL")
    };
    assert!(url.is_production());
    assert_eq!(
        inputs.get(base).unwrap().provenance,
        Some(Provenance::Default)
    );
    assert_eq!(
        inputs.value("RUNINFRA_CANARY_TIMEOUT_SECONDS"),
        Some(&Value::Number(120.0))
    );
    let inputs = resolve(&[("RUNINFRA_ASR_FIXTURE_CONTENT_TYPE", "audio/flac")], &[]);
    assert_eq!(
        inputs.value(content_type),
        Some(&Value::Mime("audio/flac".into()))
    );
}

#[test]
fn base64_is_the_last_of_its_group_and_wins_over_the_env_file() {
    let base64 = "RUNINFRA_ASR_FIXTURE_BASE64";
    let inputs = resolve(&[(base64, "aGVsbG8=")], &[(FIXTURE, "a.wav")]);
    assert_eq!(
        inputs.value(FIXTURE),
        Some(&Value::File(FileSource::Base64(Secret::new("aGVsbG8="))))
    );
    assert_eq!(inputs.aliases()[FIXTURE], base64);
    // The voice pipeline takes the same recording.
    assert_eq!(
        inputs.value("RUNINFRA_VOICE_PIPELINE_AUDIO_PATH"),
        inputs.value(FIXTURE)
    );
    let inputs = resolve(&[(base64, "aGVsbG8="), ("TEST_ASR_FILE", "b.wav")], &[]);
    assert_eq!(
        inputs.value(FIXTURE),
        Some(&Value::File(FileSource::Path("b.wav".into())))
    );
    let inputs = resolve(&[(base64, "%%%")], &[]);
    assert_eq!(
        inputs.get(FIXTURE).unwrap().state,
        State::Invalid(InputProblem::Base64)
    );
}

#[test]
fn a_choice_is_met_by_any_whole_way() {
    let voice = ("RUNINFRA_TTS_VOICE", "v");
    let audio = ("RUNINFRA_TTS_REF_AUDIO", "data");
    let words = ("TEST_TTS_REF_TEXT", "words");
    let need = [Need::read("choice:tts_speaker")];
    let way = |shell: &[(&str, &str)]| resolve(shell, &[]).chosen("tts_speaker").map(<[_]>::len);
    assert_eq!(way(&[voice]), Some(1));
    assert_eq!(way(&[audio, words]), Some(2));
    assert_eq!(way(&[voice, audio]), Some(1));
    assert_eq!(way(&[audio]), None);
    assert_eq!(way(&[]), None);
    let unmet = resolve(&[audio], &[]).unmet(&need);
    assert_eq!(
        unmet[0].to_string(),
        "choice:tts_speaker is missing: set RUNINFRA_TTS_VOICE, or RUNINFRA_TTS_REF_AUDIO with \
         RUNINFRA_TTS_REF_TEXT"
    );
    assert_eq!(resolve(&[], &[]).missing(&need), ["choice:tts_speaker"]);
    let unmet = resolve(&[("RUNINFRA_TTS_VOICE", "a\u{1}b")], &[]).unmet(&need);
    assert!(
        unmet[0]
            .to_string()
            .ends_with("; RUNINFRA_TTS_VOICE cannot be used: has a control character in it"),
        "{}",
        unmet[0]
    );
}

#[test]
fn unmet_needs_say_what_to_do() {
    let inputs = resolve(
        &[("RUNINFRA_IMAGE_SIZE", "big"), ("TEST_ASR_FILE", "a.wav")],
        &[("RUNINFRA_CANARY_ENABLE_IDEMPOTENCY", "yes")],
    );
    let needs = [
        "RUNINFRA_API_KEY",
        LLM,
        VOICE_KEY,
        "RUNINFRA_IMAGE_SIZE",
        FIXTURE,
        "RUNINFRA_CANARY_ENABLE_IDEMPOTENCY",
        "RUNINFRA_BASE_URL",
        "RUNINFRA_NOT_DECLARED",
    ]
    .map(Need::read);
    let lines: Vec<String> = inputs
        .unmet(&needs)
        .iter()
        .map(ToString::to_string)
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
    let gone = Inputs::resolve(
        &declared(),
        &variables(&[("TEST_ASR_FILE", "gone.wav")]),
        None,
        &|_| FileState::Missing,
    );
    assert_eq!(
        gone.unmet(&[Need::read(FIXTURE)])[0].to_string(),
        "RUNINFRA_ASR_FIXTURE_PATH cannot be used: TEST_ASR_FILE, which sets it: there is no file \
         at this path"
    );
}

#[test]
fn a_report_says_only_set_or_missing() {
    let inputs = resolve(&[("TEST_MODEL", "m"), ("RUNINFRA_IMAGE_SIZE", "big")], &[]);
    let report = inputs.report();
    assert_eq!(report.len(), declared().inputs().len());
    assert_eq!(report[LLM], Reported::SetRedacted);
    assert_eq!(report["RUNINFRA_IMAGE_SIZE"], Reported::SetRedacted);
    assert_eq!(report["RUNINFRA_BASE_URL"], Reported::SetRedacted);
    assert_eq!(report["RUNINFRA_API_KEY"], Reported::Missing);
    let json = serde_json::to_string(&report).unwrap();
    assert!(json.contains(r#""RUNINFRA_API_KEY":"missing""#));
    assert!(json.contains(r#""RUNINFRA_LLM_MODEL":"set_redacted""#));
    assert_eq!(inputs.aliases(), variables(&[(LLM, "TEST_MODEL")]));
}

#[test]
fn every_sensitive_value_is_listed_used_or_not() {
    let inputs = resolve(
        &[
            ("RUNINFRA_TTS_REF_TEXT", "shell words"),
            ("TEST_TTS_REF_TEXT", "unused alias"),
            ("RUNINFRA_ASR_FIXTURE_BASE64", "aGVsbG8="),
            (FIXTURE, "/data/private.wav"),
            ("RUNINFRA_BASE_URL", "http://localhost:1/v1"),
            ("RUNINFRA_API_KEY", "not a key"),
            (LLM, "model"),
        ],
        &[
            ("RUNINFRA_TTS_REF_TEXT", "file words"),
            ("RUNINFRA_PIPELINE_API_KEY", " pk "),
        ],
    );
    let mut values: Vec<&str> = inputs
        .sensitive_values()
        .iter()
        .map(Secret::expose)
        .collect();
    values.sort_unstable();
    assert_eq!(
        values,
        [
            "/data/private.wav",
            "aGVsbG8=",
            "file words",
            "http://localhost:1/v1",
            "not a key",
            "pk",
            "shell words",
            "unused alias",
        ]
    );
}

#[test]
fn nothing_shows_a_value() {
    let marker = "m4rker";
    let shell: Vec<(String, String)> = declared()
        .inputs()
        .iter()
        .flat_map(|input| input.variables().cloned().collect::<Vec<_>>())
        .map(|name| (name, format!("{marker} {marker}")))
        .collect();
    let shell = shell.into_iter().collect();
    let inputs = Inputs::resolve(&declared(), &shell, None, &readable);
    let needs: Vec<Need> = declared()
        .need_words()
        .iter()
        .map(|word| Need::read(word))
        .collect();
    let mut shown = format!("{inputs:?} {:?} {:?}", inputs.report(), inputs.aliases());
    for unmet in inputs.unmet(&needs) {
        let _ = write!(shown, "{unmet} {unmet:?}");
    }
    assert!(shown.contains("cannot be used"));
    assert!(!shown.contains(marker), "{shown}");
}

#[test]
fn only_a_path_of_this_machine_is_kept_out_of_reports() {
    let hidden = |path: &str| {
        let inputs = resolve(&[(FIXTURE, path)], &[]);
        let secrets = inputs.sensitive_values();
        secrets.contains(&Secret::new(path))
    };
    assert!(hidden(&["", "data", "voice.wav"].join("/")));
    assert!(!hidden("fixtures/voice.wav"));
}

#[test]
fn what_is_set_and_cannot_be_used_is_told_needed_or_not() {
    let inputs = resolve(&[("RUNINFRA_BASE_URL", "no url")], &[]);
    let told: Vec<String> = inputs
        .invalid()
        .iter()
        .map(|unmet| unmet.need.to_string())
        .collect();
    assert_eq!(told, ["RUNINFRA_BASE_URL"]);
    assert!(resolve(&[], &[]).invalid().is_empty());
}
