use base64::{Engine, engine::general_purpose::*};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use proptest::prelude::*;

use super::*;
use crate::leak::Encoding;

const SECRET: &str = "p\"4/ s\\w?ö+rd&1";
/// What a lenient encoder leaves as it is.
const MINIMAL: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%').add(b'&').add(b'#');

fn percent(text: &str) -> String {
    let codes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    codes.concat()
}

fn utf16_escapes(text: &str) -> String {
    let units: Vec<String> = text
        .encode_utf16()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect();
    units.concat()
}

fn entities(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

fn wrap(text: &str, width: usize, gap: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let lines: Vec<String> = chars
        .chunks(width)
        .map(|line| line.iter().collect())
        .collect();
    lines.join(gap)
}

/// Base64 of the secret between other bytes.
fn base64_between(engine: &GeneralPurpose, before: usize, secret: &str, after: usize) -> String {
    let mut bytes = vec![b'u'; before];
    bytes.extend_from_slice(secret.as_bytes());
    bytes.extend(vec![0xf3; after]);
    engine.encode(bytes)
}

#[test]
fn a_value_is_found_in_every_encoding() {
    let json = serde_json::to_string(SECRET).unwrap();
    let hex = hex::encode(SECRET);
    #[rustfmt::skip]
    let table = [
        (Encoding::Raw, SECRET.to_owned()),
        (Encoding::Raw, format!("Bearer {SECRET}.")),
        (Encoding::Escaped, json.clone()),
        (Encoding::Escaped, format!("{SECRET:?}")),
        (Encoding::Escaped, serde_json::to_string(&json).unwrap()),
        (Encoding::Escaped, utf16_escapes(SECRET)),
        (Encoding::Escaped, json.replace('/', "\\/")),
        (Encoding::Escaped, entities(SECRET)),
        (Encoding::Percent, percent(SECRET)),
        (Encoding::Percent, percent(SECRET).to_lowercase()),
        (Encoding::Percent, percent(&percent(SECRET))),
        (Encoding::Percent, utf8_percent_encode(SECRET, MINIMAL).to_string()),
        (Encoding::Percent, percent(SECRET).replace("%20", "+")),
        (Encoding::Hex, hex.clone()),
        (Encoding::Hex, hex.to_uppercase()),
        (Encoding::Hex, wrap(&hex, 2, " ")),
        (Encoding::Base64, STANDARD.encode(SECRET)),
        (Encoding::Base64, STANDARD_NO_PAD.encode(SECRET)),
        (Encoding::Base64, URL_SAFE.encode(SECRET)),
        (Encoding::Base64, URL_SAFE_NO_PAD.encode(SECRET)),
        (Encoding::Base64, STANDARD.encode(&json)),
        (Encoding::Base64, percent(&STANDARD.encode(SECRET))),
        (Encoding::Base64, wrap(&STANDARD.encode(SECRET), 5, "\r\n")),
        (Encoding::List, format!("{:?}", SECRET.as_bytes())),
        (Encoding::List, format!("{:#?}", SECRET.as_bytes())),
        (Encoding::List, serde_json::to_string(SECRET.as_bytes()).unwrap()),
        (Encoding::List, wrap(&hex, 2, ":")),
        (Encoding::List, wrap(&hex.to_uppercase(), 2, ":")),
        (Encoding::List, format!("0x{}", wrap(&hex, 2, ", 0x"))),
        (Encoding::List, format!("0x{}", wrap(&hex, 2, ",\n    0x"))),
        (Encoding::Wrapped, wrap(&percent(SECRET), 4, "\n")),
        (Encoding::Wrapped, wrap(SECRET, 4, "\n")),
        (Encoding::Wrapped, wrap(SECRET, 3, "\n    ")),
    ];
    let scanner = scanner(&[SECRET]);
    for (encoding, written) in table {
        for text in [written.clone(), format!("<p>\n{written}</p>")] {
            assert_eq!(
                patterns(&scanner.scan(&text)),
                [Pattern::SensitiveValue(encoding)],
                "{text:?}"
            );
        }
        let json = serde_json::json!({"safe": 1, "rows": [{"evidence": written}]});
        assert_eq!(
            scanner.scan(&json.to_string()).len(),
            1,
            "{encoding:?} {json}"
        );
    }
}

#[test]
fn base64_of_what_only_begins_alike_is_no_leak() {
    let scanner = scanner(&["k3y-0f-w"]);
    for engine in [&STANDARD, &URL_SAFE] {
        for before in 0..3 {
            let text = base64_between(engine, before, "k3y-0f.\u{7}", 3);
            assert_eq!(scanner.scan(&text), [], "{before} {text}");
        }
    }
}

#[test]
fn base64_is_found_at_every_alignment() {
    let scanner = scanner(&["k3y-0f-w"]);
    for engine in [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD] {
        for before in 0..5 {
            for after in 0..4 {
                let text = base64_between(engine, before, "k3y-0f-w", after);
                assert_eq!(
                    patterns(&scanner.scan(&text)),
                    [Pattern::SensitiveValue(Encoding::Base64)],
                    "{before} {after} {text}"
                );
            }
        }
    }
}

#[test]
fn short_values_count_where_they_stand_alone() {
    let scanner = scanner(&["canary", "abc1", "xyz", ""]);
    let found = |text: &str| !scanner.scan(text).is_empty();
    for text in [
        "canary",
        "{\"a\":\"canary\"}",
        "<td>canary</td>",
        "x\ncanary\n",
        "'abc1'",
        "Y2FuYXJ5",
        "q=Y2FuYXJ5;",
        "YWJjMQ==",
        "63616e617279",
        "(61626331)",
        "\"{\\\"a\\\":\\\"canary\\\"}\"",
    ] {
        assert!(found(text), "{text:?}");
    }
    for text in [
        "canary-core",
        "a canary sings",
        "{\"a\":\"the canary\"}",
        "{\"canaries\":1}",
        "abc12",
        "xyz",
        "\"xyz\"",
        "xY2FuYXJ5",
        "Y2FuYXJ5z",
        "063616e617279",
        "can\nary",
        "",
    ] {
        assert!(!found(text), "{text:?}");
    }
}

#[test]
fn a_long_value_is_found_by_its_pieces() {
    let parts: Vec<String> = (1..400_u64)
        .map(|n| format!("{:x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
        .collect();
    let long = parts.concat();
    let scanner = scanner(&[&long]);
    assert_eq!(scanner.scan(&format!("x{long}x")).len(), 3);
    assert!(!scanner.scan(&wrap(&long, 76, "\n")).is_empty());
    assert!(!scanner.scan(&STANDARD.encode(&long)).is_empty());
    assert!(!scanner.scan(&long[..100]).is_empty());
    let wide = "ж".repeat(300);
    assert!(!super::scanner(&[&wide]).scan(&wide).is_empty());
}

#[test]
fn values_within_values_do_not_hide_each_other() {
    let scanner = scanner(&["abc4", "xxabc4yyyy"]);
    assert_eq!(
        patterns(&scanner.scan("(xxabc4yyyy)")),
        [Pattern::SensitiveValue(Encoding::Raw)]
    );
}

#[test]
fn a_value_is_found_in_what_a_json_parser_would_drop() {
    let scanner = scanner(&["12345678", "s3cret-value"]);
    assert_eq!(scanner.scan("{\"a\":12345678}").len(), 1);
    assert_eq!(
        scanner
            .scan("{\"a\":\"s3cret\\u002dvalue\",\"a\":\"\"}")
            .len(),
        1
    );
    assert_eq!(scanner.scan("{\"s3cret-value\":1").len(), 1);
}

fn secrets() -> impl Strategy<Value = String> {
    prop_oneof![
        "[!-~]{8,40}",
        "[!-~][ -~]{6,40}[!-~]",
        "[!-~]\\PC{6,20}[a-z]"
    ]
}

/// A JSON value in which the text stands somewhere.
fn around(text: String) -> impl Strategy<Value = serde_json::Value> {
    let noise = prop::collection::vec(
        prop_oneof![
            "[a-z .:]{0,12}".prop_map(serde_json::Value::from),
            any::<u32>().prop_map(serde_json::Value::from),
            any::<bool>().prop_map(serde_json::Value::from),
        ],
        0..4,
    );
    (noise, any::<prop::sample::Index>(), any::<bool>()).prop_map(
        move |(mut list, index, as_key)| {
            let place = index.index(list.len() + 1);
            if as_key {
                list.insert(place, serde_json::json!({ text.as_str(): 1 }));
            } else {
                list.insert(place, serde_json::json!({ "evidence": text }));
            }
            serde_json::json!({ "rows": list })
        },
    )
}

#[derive(Debug, Clone, Copy)]
enum Written {
    Raw,
    Json,
    Utf16,
    Debug,
    Entities,
    Percent(bool),
    PercentMinimal,
    Hex(bool),
    Base64(usize, usize, usize),
    Wrapped(usize),
    PercentWrapped(usize),
    Base64Wrapped(usize),
}

fn written() -> impl Strategy<Value = Written> {
    prop_oneof![
        Just(Written::Raw),
        Just(Written::Json),
        Just(Written::Utf16),
        Just(Written::Debug),
        Just(Written::Entities),
        any::<bool>().prop_map(Written::Percent),
        Just(Written::PercentMinimal),
        any::<bool>().prop_map(Written::Hex),
        (0..4usize, 0..5usize, 0..4usize).prop_map(|(a, b, c)| Written::Base64(a, b, c)),
        (1..20usize).prop_map(Written::Wrapped),
        (1..20usize).prop_map(Written::PercentWrapped),
        (1..20usize).prop_map(Written::Base64Wrapped),
    ]
}

impl Written {
    fn write(self, secret: &str) -> String {
        let engines = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD];
        match self {
            Self::Raw => secret.to_owned(),
            Self::Json => serde_json::to_string(secret).unwrap(),
            Self::Utf16 => utf16_escapes(secret),
            Self::Debug => format!("{secret:?}"),
            Self::Entities => entities(secret),
            Self::Percent(true) => percent(secret),
            Self::Percent(false) => percent(secret).to_lowercase(),
            Self::PercentMinimal => utf8_percent_encode(secret, MINIMAL).to_string(),
            Self::Hex(true) => hex::encode(secret),
            Self::Hex(false) => hex::encode_upper(secret),
            Self::Base64(engine, before, after) => {
                base64_between(engines[engine], before, secret, after)
            }
            Self::Wrapped(width) => wrap(secret, width, "\n  "),
            Self::PercentWrapped(width) => wrap(&percent(secret), width, "\n"),
            Self::Base64Wrapped(width) => wrap(&STANDARD.encode(secret), width, "\r\n"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_secret_in_any_encoding_in_any_json_is_found(
        (secret, how, json) in (secrets(), written()).prop_flat_map(|(secret, how)| {
            let json = around(how.write(&secret));
            (Just(secret), Just(how), json)
        }),
    ) {
        let visible = secret.chars().filter(|c| !c.is_ascii_whitespace()).count();
        prop_assume!(!matches!(how, Written::Wrapped(_)) || visible >= 8);
        let scanner = scanner(&[&secret]);
        for text in [json.to_string(), serde_json::to_string_pretty(&json).unwrap(), how.write(&secret)] {
            let leaks = scanner.scan(&text);
            prop_assert!(!leaks.is_empty(), "{how:?} {text}");
            for leak in &leaks {
                prop_assert!(leak.at.bytes.end <= text.len() && leak.at.bytes.start < leak.at.bytes.end);
                prop_assert!(!leak.to_string().contains(&secret));
            }
        }
    }
}

#[test]
fn a_short_value_is_found_encoded_where_it_stands_alone() {
    let secret = "q7!x2";
    let scanner = scanner(&[secret]);
    for written in [STANDARD.encode(secret), hex::encode(secret)] {
        let found = |text: String| !scanner.scan(&text).is_empty();
        assert!(found(format!("token {written} was sent")), "{written}");
        assert!(found(format!("\"{written}\"")), "{written}");
        assert!(!found(format!("token a{written}b was sent")), "{written}");
    }
}

#[test]
fn a_value_that_also_looks_like_a_key_is_told_as_both() {
    let secret = ["rp_live_", "Zq8abcdefghijklmnop0123"].concat();
    let leaks = scanner(&[&secret]).scan(&format!("said {secret} twice"));
    let values = |leak: &&Leak| matches!(leak.pattern, Pattern::SensitiveValue(_));
    let told = leaks.iter().filter(values).count();
    assert_eq!((told, leaks.len()), (1, 2), "{leaks:?}");
}
