use serde_json::{Value, json};

use super::super::trial::{answered, held};

#[test]
fn a_transcript_that_repeats_itself_has_words_added() {
    let expect = r#"[{ nothing_added = { text = "amber anchor apple autumn", at_most = 1.75 } }]"#;
    let says = |text: &str| answered("call", &json!({"text": text}));
    assert!(held(expect, &[says("Amber, anchor, apple, autumn.")]));
    assert!(held(expect, &[says("Am burr, anchor, apple, all tum.")]));
    assert!(!held(
        expect,
        &[says("Amber anchor apple autumn amber anchor apple autumn")]
    ));
}

#[test]
fn the_words_at_both_ends_are_heard() {
    let expect = r#"[{ first_word_heard = "amber anchor apple" }, { last_word_heard = "amber anchor apple" }]"#;
    let says = |text: &str| held(expect, &[answered("call", &json!({"text": text}))]);
    assert!(says("Amber, anchor, apple.") && says("Amber and an apple"));
    assert!(!says("Ethan: amber, anchor, apple.") && !says("Amber, anchor, apple. Thank you."));
    assert!(!says("Anchor, apple.") && !says("Amber, anchor.") && !says(""));
    assert!(!held(expect, &[answered("call", &json!({}))]));
}

#[test]
fn what_was_said_stands_in_the_transcript_where_there_is_one() {
    let expect =
        r#"[{ transcript_heard = { text = "amber anchor apple autumn", at_least = 0.75 } }]"#;
    let spoken = "Amber, anchor, apple, autumn.";
    for (document, holds) in [
        (json!({"transcript": spoken, "text": "Well."}), true),
        (json!({"text": spoken}), true),
        (json!({"transcript": null, "text": spoken}), true),
        (json!({"transcript": "Well.", "text": spoken}), false),
        (json!({"transcript": 3, "text": spoken}), false),
        (json!({"text": "Well."}), false),
    ] {
        assert_eq!(
            held(expect, &[answered("call", &document)]),
            holds,
            "{document}"
        );
    }
}

#[test]
fn words_that_nobody_said_are_not_heard() {
    let expect = r#"[{ words_unheard = { text = "copper lanterns drift", at_most = 0.5 } }]"#;
    let says = |text: &str| held(expect, &[answered("call", &json!({"text": text}))]);
    assert!(says("") && says("Thank you.") && says("copper"));
    assert!(!says("Copper lanterns drift past."));
    assert!(!held(expect, &[answered("call", &json!({}))]));
}

#[test]
fn segments_are_in_order_and_say_the_transcript() {
    let good = || {
        json!({"text": "Hello there. General.", "duration": 2.5, "segments": [
            {"id": 0, "start": 0.0, "end": 1.2, "text": " Hello there."},
            {"id": 1, "start": 1.2, "end": 2.6, "text": " General."},
        ]})
    };
    let fits = |document: &Value| held(r#"["segments_fit"]"#, &[answered("call", document)]);
    assert!(fits(&good()));
    let spoil: [(&str, Value); 10] = [
        ("/segments/0/end", json!(2.4)),
        ("/segments/1/end", json!(1.2)),
        ("/duration", json!(0)),
        ("/duration", json!("2.5")),
        ("/segments", json!([])),
        ("/segments/1/id", json!(0)),
        ("/segments/1/end", json!(1.0)),
        ("/segments/1/end", json!(25.0)),
        ("/segments/0/text", json!("Hello")),
        ("/text", json!("Hello there.")),
    ];
    for (at, value) in spoil {
        let mut document = good();
        *document.pointer_mut(at).unwrap() = value;
        assert!(!fits(&document), "{at}");
    }
    let silent = |duration: f64| {
        json!({"text": "Hm.", "duration": duration, "segments": [
            {"id": 0, "start": 0.0, "end": 0.5, "text": "Hm."},
        ]})
    };
    assert!(fits(&silent(0.1)) && !fits(&silent(0.0)), "no time at all");
}

#[test]
fn without_a_code_any_language_will_do() {
    let told = |language: &str| {
        held(
            r#"[{ language_told = "${LANGUAGE?}" }]"#,
            &[answered("call", &json!({"language": language}))],
        )
    };
    assert!(told("Klingon") && !told("") && !told(" "));
}

#[cfg(feature = "measure")]
#[test]
fn a_transcript_lasts_as_long_as_its_recording() {
    let mut wav = std::io::Cursor::new(Vec::new());
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::new(&mut wav, spec).unwrap();
    for at in 0..80_000 {
        writer.write_sample((at % 50) * 400).unwrap();
    }
    writer.finalize().unwrap();
    let told = |seconds: f64| {
        let spoken = super::super::trial::delivered("spoken", "audio/wav", wav.get_ref());
        let heard = answered("heard", &json!({"duration": seconds}));
        held(
            r#"[{ duration_heard = ["heard", "spoken"] }]"#,
            &[spoken, heard],
        )
    };
    // Ten seconds, to a second and a tenth.
    assert!(told(10.0) && told(11.9) && told(8.1));
    assert!(!told(12.1) && !told(7.9));
}

#[cfg(feature = "measure")]
#[test]
fn a_language_is_told_by_its_code_or_its_name() {
    let told = |language: &str, code: &str| {
        let expect = format!(r#"[{{ language_told = "{code}" }}]"#);
        held(&expect, &[answered("call", &json!({"language": language}))])
    };
    assert!(told("en", "en") && told("english", "en") && told("English", "en-GB"));
    assert!(told("spanish", "es") && told("de-AT", "de"));
    assert!(!told("fr", "en") && !told("french", "en") && !told("", "en"));
}

#[test]
fn a_pipeline_answers_under_any_accepted_name() {
    let holds = |expect: &str, document: &Value| held(expect, &[answered("call", document)]);
    let (any, both) = (r#"["pipeline_answer"]"#, r#"["pipeline_answers_both"]"#);
    let table = [
        (json!({"transcript": "a", "response_text": "b"}), true, true),
        (json!({"text": "a", "outputText": "b"}), true, true),
        (json!({"text": "a", "response": null}), true, false),
        (json!({"responseText": "b"}), true, false),
        (json!({"transcript": "a", "text": "b"}), true, true),
        (json!({"transcript": "a", "response": " "}), false, false),
        (json!({"transcript": 3}), false, false),
        (json!({"data": {"transcript": "a"}}), false, false),
    ];
    for (document, as_any, as_both) in table {
        assert_eq!(holds(any, &document), as_any, "{document}");
        assert_eq!(holds(both, &document), as_both, "{document}");
    }
}
