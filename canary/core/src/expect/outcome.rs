//! Words about how a call ended: answered, or with which error.

use std::time::Duration;

use super::{
    Word as Entry,
    build::{Argument, Part, report_word, status as read_status},
    wire,
};
use crate::{
    evidence::{Scalar, Word},
    judge::Rule,
    observe::{AnswerSeen, Ending},
    toml_read::Node,
};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "answered",
        argument: "",
        about: "The call ended with an answer that the SDK accepts, and its status is 200.",
        read: |_| {
            Some(vec![
                Part::truth(|call, _| {
                    Some(matches!(call.ending, Ending::Answered | Ending::Cancelled))
                }),
                wire::status(Rule::OneOf(vec![Scalar::Status(200)])).named("status"),
            ])
        },
    },
    Entry {
        word: "accepted",
        argument: "",
        about: "A call that needs no network succeeded.",
        read: |_| {
            Some(vec![Part::truth(|call, _| {
                Some(matches!(call.ending, Ending::Answered))
            })])
        },
    },
    Entry {
        word: "error",
        argument: "{ status, type, code, param, kind, from } of which each is optional",
        about: "The call ended with a traced error in the envelope, and the SDK exposes what the envelope says.",
        read: |arg| error(arg, true),
    },
    Entry {
        word: "rejected",
        argument: "{ status, type, code, param } of which each is optional",
        about: "A raw request was answered with a traced error in the envelope.",
        read: |arg| error(arg, false),
    },
    Entry {
        word: "refused",
        argument: "an SDK error kind or an array of them",
        about: "The SDK ended the call with this kind of error, whatever the wire said.",
        read: |arg| Some(vec![kind(arg.words()?)]),
    },
    Entry {
        word: "retry_after_ms",
        argument: "a whole number of milliseconds",
        about: "The error says how long the gateway asked to wait.",
        read: |arg| {
            let wanted = Scalar::Millis(arg.count()?);
            Some(vec![Part::found(Rule::OneOf(vec![wanted]), |call, _| {
                let wait: Duration = call.error()?.retry_after?;
                Some(Scalar::Millis(
                    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                ))
            })])
        },
    },
    Entry {
        word: "credits",
        argument: "",
        about: "The error carries the balance, the price and the top-up link of the answer.",
        read: |_| Some(vec![credits()]),
    },
    Entry {
        word: "traced",
        argument: "",
        about: "The error exposes the request id of the answer that it came from.",
        read: |_| {
            Some(vec![Part::truth(|call, _| {
                call.error()?;
                let header = call.answer()?.header("x-request-id")?;
                Some(call.request_id.as_deref() == Some(header))
            })])
        },
    },
];

/// The kind of the SDK's error.
fn kind(wanted: Vec<Word>) -> Part {
    Part::word(wanted, |call, _| {
        call.error().map(|error| error.kind.clone())
    })
}

fn words(arg: &mut Argument<'_, '_>, node: Node<'_>) -> Option<Vec<Word>> {
    let nodes = if node.is_array() {
        node.array(arg.reader)?
    } else {
        vec![node]
    };
    nodes
        .iter()
        .map(|node| report_word(arg.reader, node))
        .collect()
}

/// A text of the envelope; one that is blank says no more than one that is not there.
fn envelope_text(answer: &AnswerSeen, key: &str) -> Option<String> {
    let envelope = answer.envelope()?;
    let text = envelope.get(key)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// `through_sdk` asks for the SDK's view of the error beside the wire's.
fn error(arg: &mut Argument<'_, '_>, through_sdk: bool) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let statuses = table.optional("status");
    let kinds = if through_sdk {
        table.optional("kind")
    } else {
        None
    };
    let fields = ["type", "code", "param"].map(|key| (key, table.optional(key)));
    table.refuse_unknown(arg.reader);

    let mut parts = vec![envelope(), wire::uuid_on_every_answer().named("request_id")];
    if through_sdk {
        parts.push(exposed());
    }
    if let Some(node) = statuses {
        let nodes = if node.is_array() {
            node.array(arg.reader)?
        } else {
            vec![node]
        };
        let wanted = nodes
            .iter()
            .map(|node| read_status(arg.reader, node))
            .collect::<Option<Vec<_>>>()?;
        parts.push(wire::status(Rule::OneOf(wanted)).named("status"));
    }
    if let Some(node) = kinds {
        parts.push(kind(words(arg, node)?).named("kind"));
    }
    for (key, node) in fields {
        let Some(node) = node else { continue };
        if key == "param" {
            arg.node = Some(node);
            let wanted = arg.text()?;
            parts.push(
                Part::echo(wanted, |call, _| envelope_text(call.answer()?, "param")).named("param"),
            );
        } else {
            let wanted = words(arg, node)?;
            parts.push(
                Part::word(wanted, move |call, _| envelope_text(call.answer()?, key)).named(key),
            );
        }
    }
    Some(parts)
}

fn envelope() -> Part {
    Part::truth(|call, _| {
        let answer = call.answer()?;
        let json = answer.media_type().as_deref() == Some("application/json");
        Some(
            json && answer.status >= 400
                && answer.envelope().is_some_and(|error| {
                    error
                        .get("message")
                        .and_then(|message| message.as_str())
                        .is_some_and(|text| !text.trim().is_empty())
                }),
        )
    })
    .named("envelope")
}

/// The SDK's error has what the envelope has.
fn exposed() -> Part {
    Part::each(1, |call, _, tally| {
        let Some(error) = call.error() else { return };
        let Some(answer) = call.answer() else { return };
        tally.hold_at(error.status == Some(answer.status), "status");
        tally.hold_at(error.error_type == envelope_text(answer, "type"), "type");
        tally.hold_at(error.code == envelope_text(answer, "code"), "code");
        tally.hold_at(error.param == envelope_text(answer, "param"), "param");
        tally.hold_at(
            call.request_id.as_deref() == answer.header("x-request-id"),
            "request_id",
        );
    })
    .named("exposed")
}

fn credits() -> Part {
    Part::each(3, |call, _, tally| {
        let Some(envelope) = call.answer().and_then(AnswerSeen::envelope) else {
            return;
        };
        let Some((balance, required, url)) = call.error().and_then(|error| error.credits.clone())
        else {
            return;
        };
        let number = |key: &str| envelope.get(key).and_then(serde_json::Value::as_i64);
        tally.hold_at(
            balance.is_some() && balance == number("current_balance_cents"),
            "current_balance_cents",
        );
        tally.hold_at(
            required.is_some() && required == number("required_cents"),
            "required_cents",
        );
        let link = envelope.get("topup_url").and_then(|url| url.as_str());
        tally.hold_at(url.is_some() && url.as_deref() == link, "topup_url");
    })
}
