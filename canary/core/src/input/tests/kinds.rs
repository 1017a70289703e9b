use super::*;
use crate::input::{BaseUrl, ImageSize, InputProblem, Kind, Secret, Value, decode_base64};

fn parse(kind: &Kind, text: &str) -> Result<Value, InputProblem> {
    kind.parse(text, false, &readable)
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn good_values_become_typed() {
    let number = Kind::Number {
        above: 0.0,
        max: 600.0,
    };
    let integer = Kind::Integer { min: 0, max: 5000 };
    let one = Kind::Word {
        words: words(&["1"]),
    };
    let table: &[(&Kind, &str, Value)] = &[
        (&Kind::Text, " m-1 ", Value::Text("m-1".into())),
        (&Kind::Key, "k-1\n", Value::Secret(Secret::new("k-1"))),
        (&number, "0.5", Value::Number(0.5)),
        (&number, "600", Value::Number(600.0)),
        (&integer, "0", Value::Integer(0)),
        (&integer, "5000", Value::Integer(5000)),
        (
            &Kind::Size,
            "512x256",
            Value::Size(ImageSize {
                width: 512,
                height: 256,
            }),
        ),
        (&one, "1", Value::Word("1".into())),
        (&Kind::Mime, "audio/WAV", Value::Mime("audio/wav".into())),
        (
            &Kind::Mime,
            "audio/ogg;codecs=opus",
            Value::Mime("audio/ogg;codecs=opus".into()),
        ),
        (
            &Kind::Paths,
            "a, b.c-d ,_e",
            Value::Paths(words(&["a", "b.c-d", "_e"])),
        ),
    ];
    for (kind, text, expected) in table {
        assert_eq!(parse(kind, text).as_ref(), Ok(expected), "{text:?}");
        // What is exposed means the same again.
        let exposed = expected.expose().unwrap();
        assert_eq!(parse(kind, &exposed).as_ref(), Ok(expected), "{exposed:?}");
    }
    assert_eq!(parse(&Kind::File, "a.wav").unwrap().expose(), None);
}

#[test]
fn bad_values_are_refused() {
    let number = Kind::Number {
        above: 0.0,
        max: 600.0,
    };
    let integer = Kind::Integer { min: 1, max: 5000 };
    let one = Kind::Word {
        words: words(&["1"]),
    };
    let table: &[(&Kind, &[&str])] = &[
        (&Kind::Text, &["a\u{7}b", "a\nb"]),
        (&Kind::Key, &["a b", "clé", "a\nb"]),
        (&number, &["0", "-1", "600.1", "NaN", "inf", "1e999", "x"]),
        (
            &integer,
            &["0", "5001", "1.5", "+1", "-1", "99999999999999999999"],
        ),
        (
            &Kind::Size,
            &["512", "0x1", "1x", "x", "1x1x1", "-1x1", "1 x 1", "99999x1"],
        ),
        (&one, &["0", "true", "11"]),
        (
            &Kind::Mime,
            &["audio", "audio/", "*/*", "audio/*", "a b/c", "/wav"],
        ),
        (&Kind::Paths, &["a,", ".a", "a..b", "a b", "$.a", "a[0]"]),
    ];
    for (kind, texts) in table {
        for text in *texts {
            assert!(parse(kind, text).is_err(), "{kind:?} took {text:?}");
        }
    }
}

#[test]
fn a_secret_text_may_have_several_lines() {
    let parsed = Kind::Text.parse("one\ntwo", true, &readable);
    assert_eq!(parsed, Ok(Value::Secret(Secret::new("one\ntwo"))));
}

#[test]
fn a_file_is_what_the_shell_found_there() {
    for state in [
        FileState::Empty,
        FileState::Missing,
        FileState::NotAFile,
        FileState::Unreadable,
    ] {
        assert_eq!(
            Kind::File.parse("a.wav", false, &|_| state),
            Err(InputProblem::File(state))
        );
    }
    assert!(Kind::File.parse("a.wav", false, &readable).is_ok());
}

#[test]
fn safe_addresses_are_taken_and_trimmed() {
    let table = [
        ("https://api.runinfra.ai/v1", "https://api.runinfra.ai/v1"),
        (
            "https://api.runinfra.ai/v1///",
            "https://api.runinfra.ai/v1",
        ),
        (
            "HTTPS://API.RunInfra.ai:443/v1/",
            "https://api.runinfra.ai/v1",
        ),
        ("https://example.com", "https://example.com"),
        ("http://localhost:8080/v1", "http://localhost:8080/v1"),
        ("http://127.0.0.1:1/v1/", "http://127.0.0.1:1/v1"),
        ("http://0.0.0.0/v1", "http://0.0.0.0/v1"),
        ("http://[::1]:9/v1", "http://[::1]:9/v1"),
    ];
    for (text, expected) in table {
        assert_eq!(
            BaseUrl::parse(text).as_ref().map(BaseUrl::as_str),
            Ok(expected),
            "{text}"
        );
    }
}

#[test]
fn unsafe_addresses_are_refused() {
    use crate::input::UrlProblem::*;
    let table = [
        ("http://example.com/v1", PlainHttp),
        ("http://127.0.0.2/v1", PlainHttp),
        ("http://localhost.example.com/v1", PlainHttp),
        ("http://[::2]/v1", PlainHttp),
        ("ftp://example.com/v1", Scheme),
        (concat!("file", ":///x"), NotAUrl),
        ("https://u:p@example.com/v1", UserInfo),
        ("https://u@example.com/v1", UserInfo),
        ("https://@example.com/v1", UserInfo),
        ("https://example.com/v1?a=b", Query),
        ("https://example.com/v1?", Query),
        ("https://example.com/v1#a", Fragment),
        ("https://example.com/v1#", Fragment),
        ("example.com/v1", NotAUrl),
        ("https://", NotAUrl),
        ("https://exa mple.com", StrangeCharacter),
        ("https://example.com\\@evil.com", StrangeCharacter),
        ("ht\ttps://example.com", StrangeCharacter),
    ];
    for (text, expected) in table {
        assert_eq!(BaseUrl::parse(text), Err(expected), "{text}");
    }
}

#[test]
fn only_the_production_address_is_production() {
    let production = |text: &str| BaseUrl::parse(text).unwrap().is_production();
    assert!(production("https://api.runinfra.ai/v1/"));
    for other in [
        "https://api.runinfra.ai",
        "https://api.runinfra.ai/v2",
        "https://api.runinfra.ai:8443/v1",
        "https://api.runinfra.ai.example.com/v1",
        "http://localhost/v1",
    ] {
        assert!(!production(other), "{other}");
        assert_eq!(
            BaseUrl::parse(other).unwrap().reported(),
            "custom_set_redacted"
        );
    }
}

#[test]
fn base64_is_decoded_as_ci_systems_store_it() {
    for text in ["aGVsbG8=", "aGVsbG8", "aGVs\nbG8=\n", " aGVs bG8 "] {
        assert_eq!(
            decode_base64(&Secret::new(text)),
            Ok(b"hello".to_vec()),
            "{text:?}"
        );
    }
    for text in ["", "====", "a", "not base64!", "aGVsbG9-"] {
        assert_eq!(
            decode_base64(&Secret::new(text)),
            Err(InputProblem::Base64),
            "{text:?}"
        );
    }
}
