//! Words about the text of an answer: a message, joined deltas, a transcript.

use serde_json::Value;

use super::{
    Word as Entry,
    build::{Argument, Part, count, millionths},
};
use crate::{evidence::Scalar, judge::Rule, observe::CallSeen, template};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "text_has",
        argument: "a text, or an array of them",
        about: "The answer's text has this in it, whatever the case of its letters.",
        read: text_has,
    },
    Entry {
        word: "text_lacks",
        argument: "a text, or an array of them",
        about: "The answer's text is not blank and does not have this in it, whatever the case of its letters.",
        read: text_lacks,
    },
    Entry {
        word: "verbatim",
        argument: "a text",
        about: "The answer's text has this in it exactly once, letter for letter.",
        read: |arg| {
            Some(vec![Part::echo(arg.text()?, |call, wanted| {
                let text = call.text.as_ref()?;
                Some(if text.matches(wanted).count() == 1 {
                    wanted.to_owned()
                } else {
                    format!("another text: {text}")
                })
            })])
        },
    },
    Entry {
        word: "text_is_json",
        argument: "",
        about: "The answer's text is one JSON object.",
        read: |_| {
            Some(vec![Part::truth(|call, _| {
                let parsed: Option<Value> = serde_json::from_str(call.text.as_ref()?).ok();
                Some(parsed.is_some_and(|value| value.is_object()))
            })])
        },
    },
    Entry {
        word: "text_fits",
        argument: "a JSON Schema, which may have slots",
        about: "The answer's text is JSON that fits this schema.",
        read: |arg| {
            let schema = arg.schema()?;
            Some(vec![Part::each(1, move |call, scene, tally| {
                let Some(text) = &call.text else { return };
                let Ok(value) = serde_json::from_str::<Value>(text) else {
                    return tally.hold_at(false, "json");
                };
                let Some(schema) = schema.filled(scene.scope) else {
                    return tally.hold_at(false, "schema");
                };
                let broken = schema.first_violation(&value);
                tally.hold_at(broken.is_none(), broken.as_deref().unwrap_or_default());
            })])
        },
    },
    Entry {
        word: "finish_reason",
        argument: "a finish reason or an array of them",
        about: "Every choice, or the stream's last word on it, ended for this reason.",
        read: |arg| {
            Some(vec![Part::word(arg.words()?, |call, _| {
                finish_reason(call)
            })])
        },
    },
    Entry {
        word: "choices",
        argument: "a whole number",
        about: "The answer has this many choices, with indices from 0.",
        read: |arg| {
            let wanted = Scalar::Count(arg.count()?);
            Some(vec![Part::found(Rule::OneOf(vec![wanted]), |call, _| {
                let choices = call.document.as_ref()?.get("choices")?.as_array()?;
                let index = |choice: &Value| choice.get("index").and_then(Value::as_u64);
                let ordered = choices
                    .iter()
                    .zip(0..)
                    .all(|(choice, at)| index(choice) == Some(at));
                ordered.then(|| count(choices.len()))
            })])
        },
    },
    Entry {
        word: "words_heard",
        argument: "{ text, at_least }: the words to hear and the share of them, 0 to 1",
        about: "At least this share of the words is in the answer's text, in their order.",
        read: words_heard,
    },
];

fn text_has(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let nodes = arg.one_or_many()?;
    let several = nodes.len() > 1;
    for (index, node) in nodes.into_iter().enumerate() {
        arg.node = Some(node);
        let part = Part::echo(arg.text()?, |call, wanted| {
            let text = call.text.as_ref()?;
            let there = text.to_lowercase().contains(&wanted.to_lowercase());
            Some(if there {
                wanted.to_owned()
            } else {
                text.clone()
            })
        });
        parts.push(if several {
            part.named((index + 1).to_string())
        } else {
            part
        });
    }
    Some(parts)
}

fn text_lacks(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut texts = Vec::new();
    for node in arg.one_or_many()? {
        arg.node = Some(node);
        texts.push(arg.text()?);
    }
    Some(vec![Part::each(1, move |call, scene, tally| {
        let Some(text) = call.text.as_ref().filter(|text| !text.trim().is_empty()) else {
            return;
        };
        for unwanted in &texts {
            let Ok(Some(unwanted)) = template::fill_text(unwanted, scene.scope) else {
                continue;
            };
            tally.hold(!text.to_lowercase().contains(&unwanted.to_lowercase()));
        }
    })])
}

/// The one finish reason of all choices, or of the stream; a Responses answer's status and reason
/// are put into the words of chat.
pub(super) fn finish_reason(call: &CallSeen) -> Option<String> {
    let of_choice = |choice: &Value| {
        choice
            .get("finish_reason")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    if let Some(choices) = call
        .document
        .as_ref()
        .and_then(|document| document.get("choices")?.as_array())
    {
        let reasons: Option<Vec<String>> = choices.iter().map(of_choice).collect();
        let mut reasons = reasons?;
        reasons.dedup();
        return if reasons.len() == 1 {
            reasons.pop()
        } else {
            None
        };
    }
    let in_stream = call.events.iter().filter_map(|event| {
        event
            .data
            .get("choices")?
            .as_array()?
            .iter()
            .find_map(of_choice)
    });
    let mut reasons: Vec<String> = in_stream.collect();
    if reasons.len() == 1 {
        return reasons.pop();
    }
    let document = super::answer::document(call)?;
    match document.get("status")?.as_str()? {
        "completed" => Some("stop".to_owned()),
        "incomplete" => match document.pointer("/incomplete_details/reason")?.as_str()? {
            "max_output_tokens" => Some("length".to_owned()),
            other => Some(other.to_owned()),
        },
        other => Some(other.to_owned()),
    }
}

/// Lower-case words without punctuation.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Which share of the wanted words can be found in `heard`, in their order: the length of the
/// longest common subsequence over the number of wanted words.
pub(super) fn share_heard(wanted: &[String], heard: &[String]) -> f64 {
    let mut row = vec![0usize; heard.len() + 1];
    for word in wanted {
        let mut diagonal = 0;
        for (at, other) in heard.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if word == other {
                diagonal + 1
            } else {
                above.max(row[at])
            };
            diagonal = above;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "word counts are small")]
    let share = row[heard.len()] as f64 / wanted.len().max(1) as f64;
    share
}

/// Reads `{ text, BOUND }`: a text that may have slots, and a number.
pub(super) fn text_and_bound(
    arg: &mut Argument<'_, '_>,
    bound: &'static str,
) -> Option<(Value, f64)> {
    let mut table = arg.node()?.table(arg.reader)?;
    let text = table.required(arg.reader, "text");
    let number = table
        .required(arg.reader, bound)
        .and_then(|node| node.number(arg.reader));
    table.refuse_unknown(arg.reader);
    arg.node = Some(text?);
    Some((arg.text()?, number?))
}

fn words_heard(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let (text, at_least) = text_and_bound(arg, "at_least")?;
    let rule = Rule::Between(millionths(at_least), millionths(1.0));
    Some(vec![Part::found(rule, move |call, scene| {
        let wanted = words(&template::fill_text(&text, scene.scope).ok()??);
        // A transcript is short; what is not is no transcript of these words.
        let heard: Vec<String> = words(call.text.as_ref()?).into_iter().take(4_000).collect();
        (!wanted.is_empty()).then(|| millionths(share_heard(&wanted, &heard)))
    })])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_heard_in_their_order_whatever_the_punctuation() {
        let table = [
            ("The quick, brown fox.", "the QUICK brown fox", 1.0),
            ("the quick brown fox", "fox brown quick the", 0.25),
            ("the quick brown fox", "well the quick red fox", 0.75),
            ("the quick brown fox", "", 0.0),
        ];
        for (wanted, heard, share) in table {
            let got = share_heard(&words(wanted), &words(heard));
            assert!((got - share).abs() < 1e-9, "{wanted} / {heard}: {got}");
        }
    }
}
