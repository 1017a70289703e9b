//! Words about what must not be shown: keys above all, in whatever form.

use std::net::Ipv4Addr;

use serde_json::Value;

use super::{
    Scene, Word as Entry,
    build::{Argument, Part},
};
use crate::{
    input::Secret,
    judge::Rule,
    leak::{Pattern, Scanner},
    observe::AnswerSeen,
    template,
};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "hides",
        argument: "a text, or an array of them",
        about: "No rendering of the error (Display, Debug, sources) has the text, plain or encoded.",
        read: hides,
    },
    Entry {
        word: "answer_lacks",
        argument: "a text, or an array of them",
        about: "No header and no body that came back has the text, plain or encoded.",
        read: answer_lacks,
    },
    Entry {
        word: "each_hides_keys",
        argument: "",
        about: "No header and no body of any answer of the row has a key in it, plain or encoded.",
        read: |_| Some(vec![each_hides_keys()]),
    },
    Entry {
        word: "each_error_hides_internals",
        argument: "",
        about: "No error of the row shows what looks like a credential, a path of a machine or an address of a private network.",
        read: |_| Some(vec![each_error_hides_internals()]),
    },
];

/// Longer bodies are searched at both ends only: what echoes a key does it in a head or a tail, and
/// pictures in base64 have megabytes in between.
const SEARCHED_BYTES: usize = 64 << 10;

/// Looks for some values in texts. Nothing is shown when it cannot be built: then everything is
/// taken to show a secret.
struct Search(Option<Scanner>);

impl Search {
    fn for_values(values: &[Secret]) -> Self {
        Self(Scanner::new(values).ok())
    }

    fn finds_value(&self, text: &str) -> bool {
        self.finds(text, |pattern| {
            matches!(pattern, Pattern::SensitiveValue(_))
        })
    }

    fn finds(&self, text: &str, counts: fn(&Pattern) -> bool) -> bool {
        self.0.as_ref().is_none_or(|scanner| {
            let leaks = scanner.scan(text);
            leaks.iter().any(|leak| counts(&leak.pattern))
        })
    }

    fn finds_value_in(&self, answer: &AnswerSeen) -> bool {
        let shown =
            |(name, value): &(String, String)| self.finds_value(value) || self.finds_value(name);
        answer.headers.iter().any(shown)
            || pieces(answer).iter().any(|piece| self.finds_value(piece))
    }
}

/// What of a body is searched.
fn pieces(answer: &AnswerSeen) -> Vec<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let body = &answer.body;
    if body.len() <= 2 * SEARCHED_BYTES {
        return vec![text(body)];
    }
    vec![
        text(&body[..SEARCHED_BYTES]),
        text(&body[body.len() - SEARCHED_BYTES..]),
    ]
}

fn templates(arg: &mut Argument<'_, '_>) -> Option<Vec<Value>> {
    let mut texts = Vec::new();
    for node in arg.one_or_many()? {
        arg.node = Some(node);
        texts.push(arg.text()?);
    }
    Some(texts)
}

fn filled(texts: &[Value], scene: &Scene<'_>) -> Vec<Secret> {
    texts
        .iter()
        .filter_map(|text| template::fill_text(text, scene.scope).ok().flatten())
        .map(Secret::new)
        .collect()
}

fn hides(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let texts = templates(arg)?;
    Some(vec![Part::each(1, move |call, scene, tally| {
        let secrets = filled(&texts, scene);
        let Some(error) = call.error().filter(|_| secrets.len() == texts.len()) else {
            return;
        };
        let search = Search::for_values(&secrets);
        for rendering in &error.renderings {
            tally.hold(!search.finds_value(rendering));
        }
    })])
}

fn answer_lacks(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let texts = templates(arg)?;
    Some(vec![Part::each(1, move |call, scene, tally| {
        let secrets = filled(&texts, scene);
        if secrets.len() < texts.len() {
            return;
        }
        let search = Search::for_values(&secrets);
        for answer in super::wire::answers(call) {
            tally.hold(!search.finds_value_in(answer));
        }
    })])
}

fn each_hides_keys() -> Part {
    Part::row(Rule::Always { at_least: 1 }, |scene| {
        let search = Search::for_values(&without_prefixes(&scene.seen.secrets));
        let mut tally = super::Tally::default();
        for (_, answer) in super::invariant::answers(scene.seen) {
            tally.hold(!search.finds_value_in(answer));
        }
        tally.measured()
    })
}

/// What every key begins with, and what is therefore no secret.
const KEY_PREFIXES: [&str; 2] = ["rp_live_", "sk-ri-"];

/// What is left of a key without its prefix is a secret when it has at least this many bytes.
const SECRET_BYTES: usize = 16;

/// The values, keys without what every key begins with: who has the rest has the key.
fn without_prefixes(values: &[Secret]) -> Vec<Secret> {
    let rest = |value: &Secret| {
        let whole = value.expose().trim();
        KEY_PREFIXES
            .iter()
            .find_map(|prefix| whole.strip_prefix(prefix))
            .filter(|rest| rest.len() >= SECRET_BYTES)
            .map_or_else(|| value.clone(), Secret::new)
    };
    values.iter().map(rest).collect()
}

fn each_error_hides_internals() -> Part {
    Part::row(Rule::Always { at_least: 1 }, |scene| {
        let search = Search::for_values(&[]);
        let mut tally = super::Tally::default();
        for (_, answer) in super::invariant::answers(scene.seen) {
            let shown = answer.status >= 400
                && pieces(answer)
                    .iter()
                    .any(|piece| search.finds(piece, |_| true) || names_private_address(piece));
            tally.hold(!shown);
        }
        tally.measured()
    })
}

/// Whether a text names a machine of a private network: an upstream of the gateway's own.
fn names_private_address(piece: &str) -> bool {
    piece
        .split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .filter_map(|token| token.trim_matches('.').parse::<Ipv4Addr>().ok())
        .any(|address| address.is_private())
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::*;

    const KEY: &str = "rp_live_Zq8marker-one-two";

    fn answer(headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> AnswerSeen {
        let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        AnswerSeen {
            status: 200,
            headers: headers.iter().map(text).collect(),
            body: body.into(),
            arrivals: Vec::new(),
            whole: true,
        }
    }

    #[test]
    fn an_upstream_of_a_private_network_is_seen() {
        for shown in [
            "upstream http://10.3.4.5:8000/v1 said no",
            "[192.168.0.7]",
            "at 172.20.1.1.",
        ] {
            assert!(names_private_address(shown), "{shown}");
        }
        for harmless in [
            "http://127.0.0.1:8080",
            "version 1.10.3",
            "10.3.4",
            "10.3.4.5.6",
            "8.8.8.8",
            "",
        ] {
            assert!(!names_private_address(harmless), "{harmless}");
        }
    }

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        let search = Search::for_values(&[Secret::new(KEY)]);
        for prefix in ["", "a", "ab", "abc"] {
            let all = [
                format!("{prefix}{KEY}tail"),
                format!("x{}", hex::encode(format!("{prefix}{KEY}"))),
                STANDARD.encode(format!("{prefix}{KEY}tail")),
            ];
            for text in all {
                assert!(search.finds_value(&text), "{text}");
            }
        }
        assert!(!search.finds_value("an error without it, but with rp_live_another0key0here"));
    }

    #[test]
    fn an_answer_is_searched_in_its_headers_and_at_both_ends_of_its_body() {
        let search = Search::for_values(&[Secret::new(KEY)]);
        let long = |head: &str, tail: &str| {
            let middle = "{\"x\": \"some text\"}\n".repeat(20_000);
            format!("{head}{middle}{tail}")
        };
        let encoded = STANDARD.encode(KEY);
        let shown = [
            answer(&[("x-debug", &encoded)], "{}"),
            answer(
                &[],
                format!("{{\"error\": {{\"message\": \"Bearer {KEY}\"}}}}"),
            ),
            answer(&[], long(KEY, "")),
            answer(&[], long("", KEY)),
        ];
        for answer in shown {
            assert!(search.finds_value_in(&answer));
        }
        let hidden = answer(&[("x-request-id", "zq8marker")], long("rp_live_", "…"));
        assert!(!search.finds_value_in(&hidden));
    }
}
