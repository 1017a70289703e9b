//! Answers are told from each other by ids of their own.

use super::{Tally, Word as Entry, build::Part, created::envelope, once::says_replayed};
use crate::{judge::Rule, observe::CallSeen};

pub(super) const WORDS: &[Entry] = &[Entry {
    word: "each_answer_id",
    argument: "",
    about: "No chat completion and no response has the id of another one of the run. A replay keeps its own id.",
    read: |_| {
        Some(vec![Part::row(Rule::Always { at_least: 1 }, |scene| {
            let mut tally = Tally::default();
            for answer in scene.seen.calls.iter().filter_map(CallSeen::answer) {
                let id = answer.header("x-request-id").map(str::to_ascii_lowercase);
                let again = id.is_some_and(|id| scene.seen.ids_again.contains(&id));
                tally.hold_at(!again || says_replayed(answer, scene), "id");
            }
            tally.measured()
        })])
    },
}];

/// Routes whose answers have an id. A picture and a vector have none.
const ROUTES: [&str; 2] = ["/chat/completions", "/responses"];

/// The id that a call's answer has for itself. Where an idempotency key was sent, the answer may
/// rightly be an earlier one: other words look at those.
pub fn answer_id(call: &CallSeen) -> Option<&str> {
    let has_key = |(name, _): &(String, String)| name.eq_ignore_ascii_case("idempotency-key");
    if call.last()?.headers.iter().any(has_key) {
        return None;
    }
    envelope(call, &ROUTES)?.get("id")?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        expect::{build::sample, trial::held_on},
        observe::{EventSeen, Observation},
    };

    fn call(path: &str, headers: &[(&str, &str)], document: Value) -> CallSeen {
        let mut call = sample::call();
        let mut exchange = sample::answered(&document.to_string());
        path.clone_into(&mut exchange.path);
        let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        if let Some(answer) = &mut exchange.answer {
            answer.headers = headers.iter().map(text).collect();
        }
        call.exchanges = vec![exchange];
        call.document = Some(document);
        call
    }

    #[test]
    fn an_answer_is_known_by_its_own_id() {
        let named = || json!({ "id": "a1" });
        assert_eq!(
            answer_id(&call("/v1/chat/completions", &[], named())),
            Some("a1")
        );
        assert_eq!(
            answer_id(&call("/v1/p/responses?x=1", &[], named())),
            Some("a1")
        );
        assert_eq!(answer_id(&call("/v1/embeddings", &[], named())), None);
        let none = json!({ "id": null });
        assert_eq!(answer_id(&call("/v1/responses", &[], none)), None);

        let mut keyed = call("/v1/responses", &[], named());
        keyed.exchanges[0].headers = vec![("Idempotency-Key".to_owned(), "k".to_owned())];
        assert_eq!(answer_id(&keyed), None, "it may be an earlier answer");
        let mut refused = call("/v1/responses", &[], named());
        refused.exchanges[0].answer.as_mut().unwrap().status = 400;
        assert_eq!(answer_id(&refused), None);

        for first in [
            json!({ "id": "s1", "object": "chat.completion.chunk" }),
            json!({ "type": "response.created", "response": { "id": "s1" } }),
        ] {
            let mut streamed = call("/v1/responses", &[], named());
            streamed.document = None;
            let at = std::time::Duration::ZERO;
            streamed.events = vec![EventSeen { at, data: first }];
            assert_eq!(answer_id(&streamed), Some("s1"));
        }
    }

    #[test]
    fn an_id_that_was_there_before_is_broken_unless_the_answer_was() {
        const REPLAYED: (&str, &str) = ("x-runinfra-idempotent-replay", "true");
        let holds = |headers: &[(&str, &str)], again: &[&str]| {
            let calls = vec![call("/v1/responses", headers, json!({ "id": "a1" }))];
            let seen = Observation {
                ids_again: again.iter().map(|id| (*id).to_owned()).collect(),
                ..sample::row(calls)
            };
            held_on(r#"["each_answer_id"]"#, &seen)
        };
        assert!(holds(&[("x-request-id", "R1")], &[]));
        assert!(holds(&[("x-request-id", "R1")], &["r2"]));
        assert!(!holds(&[("x-request-id", "R1")], &["r1"]));
        assert!(holds(&[("x-request-id", "R1"), REPLAYED], &["r1"]));
        assert!(!held_on(r#"["each_answer_id"]"#, &Observation::default()));
    }
}
