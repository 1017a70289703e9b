//! Words about the answer as a document: its shape, its fields, the model it names, its usage.

use serde_json::Value;

use super::{
    Word as Entry,
    build::{Argument, Part, Tally, count},
};
use crate::{evidence::Scalar, judge::Rule, observe::CallSeen, template};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "shape",
        argument: "the name of a file in shapes/, without .json",
        about: "The answer, or every event of the stream, fits this JSON Schema.",
        read: shape,
    },
    Entry {
        word: "field",
        argument: "{ at, is } where is = present, absent, string, integer, number, boolean, array, object, or { equals } / { count } / { at_most } / { at_least }",
        about: "What stands at this JSON pointer of the answer is as said.",
        read: field,
    },
    Entry {
        word: "model_matches",
        argument: "",
        about: "The answer, or every event that names a model, names the one that was asked for.",
        read: |_| Some(vec![model_matches()]),
    },
    Entry {
        word: "usage_adds_up",
        argument: "",
        about: "Usage counts at least one input token, and its total is the sum of its parts.",
        read: |_| {
            Some(vec![Part::each(2, |call, _, tally| {
                usage_adds_up(call, tally);
            })])
        },
    },
    Entry {
        word: "output_tokens_at_most",
        argument: "a whole number",
        about: "Usage counts at least one output token and no more than this.",
        read: |arg| {
            let most = arg.count()?;
            Some(vec![Part::truth(move |call, _| {
                let used = tokens(&usage(call)?, &["completion_tokens", "output_tokens"])?;
                Some((1..=most).contains(&used))
            })])
        },
    },
    Entry {
        word: "echoes",
        argument: "{ at, value }: a JSON pointer and the value that was sent",
        about: "What was sent comes back unchanged at this place of the answer.",
        read: echoes,
    },
    Entry {
        word: "replayed",
        argument: "true or false",
        about: "The SDK says whether the answer was replayed, and the answer's header says the same.",
        read: |arg| {
            let wanted = arg.node()?.boolean(arg.reader)?;
            Some(vec![
                Part::truth(move |call, _| Some(call.replayed? == wanted)).named("sdk"),
                Part::truth(move |call, _| {
                    let header = call.answer()?.header("x-runinfra-idempotent-replay");
                    Some(header.is_some_and(|value| value.eq_ignore_ascii_case("true")) == wanted)
                })
                .named("header"),
            ])
        },
    },
    Entry {
        word: "fresh_timestamp",
        argument: "",
        about: "`created` (or `created_at`) is the present in Unix seconds, give or take ten minutes.",
        read: |_| {
            Some(vec![Part::truth(|call, scene| {
                let document = document(call)?;
                let created = document
                    .get("created")
                    .or_else(|| document.get("created_at"))?
                    .as_f64()?;
                // Our own clock: a gateway need not send a Date.
                let now = u32::try_from(scene.seen.now).map_or(f64::MAX, f64::from);
                Some((created - now).abs() <= 600.0)
            })])
        },
    },
    Entry {
        word: "catalog_has",
        argument: "a model id",
        about: "The list of models has this one, once.",
        read: |arg| {
            let wanted = arg.text()?;
            Some(vec![Part::echo(wanted, |call, wanted| {
                let document = document(call)?;
                let models = document.get("data")?.as_array()?;
                let same = |model: &&Value| model.get("id").and_then(Value::as_str) == Some(wanted);
                (models.iter().filter(same).count() == 1).then(|| wanted.to_owned())
            })])
        },
    },
];

/// The answer's document: the JSON answer; of a chat stream its last event with usage; of a
/// Responses stream the response in its terminal event.
pub(super) fn document(call: &CallSeen) -> Option<Value> {
    if let Some(document) = &call.document {
        return Some(document.clone());
    }
    let terminal = call
        .events
        .iter()
        .rev()
        .find_map(|event| event.data.get("response"));
    if let Some(response) = terminal {
        return Some(response.clone());
    }
    let with_usage =
        |event: &&crate::observe::EventSeen| event.data.get("usage").is_some_and(Value::is_object);
    call.events
        .iter()
        .rev()
        .find(with_usage)
        .or(call.events.last())
        .map(|event| event.data.clone())
}

pub(super) fn usage(call: &CallSeen) -> Option<Value> {
    document(call)?
        .get("usage")
        .filter(|usage| usage.is_object())
        .cloned()
}

pub(super) fn tokens(usage: &Value, names: &[&str]) -> Option<u64> {
    names
        .iter()
        .find_map(|name| usage.get(name))
        .and_then(Value::as_u64)
}

fn usage_adds_up(call: &CallSeen, tally: &mut Tally) {
    let Some(usage) = usage(call) else { return };
    let input = tokens(&usage, &["prompt_tokens", "input_tokens"]);
    let output = tokens(&usage, &["completion_tokens", "output_tokens"]);
    let total = tokens(&usage, &["total_tokens"]);
    tally.hold_at(input.is_some_and(|input| input > 0), "input");
    let sum = input.map(|input| input + output.unwrap_or(0));
    tally.hold_at(total.is_some() && total == sum, "total");
    // Embeddings have no output tokens; whatever does must have counted some.
    if call.text.as_ref().is_some_and(|text| !text.is_empty()) {
        tally.hold_at(output.is_some_and(|output| output > 0), "output");
    }
}

fn model_matches() -> Part {
    Part::each(1, |call, _, tally| {
        let Some(asked) = call.asked.get("model").and_then(Value::as_str) else {
            return;
        };
        let named = |value: &Value| -> Option<String> {
            let model = value
                .get("model")
                .or_else(|| value.get("response")?.get("model"));
            model.map(|model| model.as_str().unwrap_or_default().to_owned())
        };
        let documents = call
            .document
            .iter()
            .chain(call.events.iter().map(|event| &event.data));
        for model in documents.filter_map(named) {
            tally.hold(model == asked);
        }
    })
}

fn shape(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let node = arg.node()?;
    let name = node.string(arg.reader)?;
    let Some(schema) = arg.shapes.get(name) else {
        let known: Vec<&str> = arg.shapes.names().collect();
        arg.reader.unknown(node.span(), "shape", name, &known);
        return None;
    };
    Some(vec![Part::each(1, move |call, _, tally| {
        let events = call.events.iter().map(|event| &event.data);
        for document in call.document.iter().chain(events) {
            let broken = schema.first_violation(document);
            tally.hold_at(broken.is_none(), broken.as_deref().unwrap_or_default());
        }
    })])
}

fn field(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let at = table.string(arg.reader, "at");
    let is = table.required(arg.reader, "is");
    table.refuse_unknown(arg.reader);
    let (at, is) = (at?, is?);
    if is.is_string() {
        let test = is.word::<fn(Option<&Value>) -> bool>(
            arg.reader,
            "field test",
            &[
                ("present", |value| {
                    value.is_some_and(|value| !value.is_null())
                }),
                ("absent", |value| value.is_none_or(Value::is_null)),
                ("string", |value| value.is_some_and(Value::is_string)),
                ("integer", |value| {
                    value.is_some_and(|value| value.is_i64() || value.is_u64())
                }),
                ("number", |value| value.is_some_and(Value::is_number)),
                ("boolean", |value| value.is_some_and(Value::is_boolean)),
                ("array", |value| value.is_some_and(Value::is_array)),
                ("object", |value| value.is_some_and(Value::is_object)),
            ],
        )?;
        return Some(vec![Part::truth(move |call, _| {
            Some(test(document(call)?.pointer(&at)))
        })]);
    }
    field_value(arg, at, &is)
}

fn field_value<'a>(
    arg: &mut Argument<'_, 'a>,
    at: String,
    is: &crate::toml_read::Node<'a>,
) -> Option<Vec<Part>> {
    let mut inner = is.table(arg.reader)?;
    let tests = ["equals", "count", "at_most", "at_least"].map(|key| (key, inner.optional(key)));
    inner.refuse_unknown(arg.reader);
    let mut given = tests
        .into_iter()
        .filter_map(|(key, node)| Some((key, node?)));
    let (Some((key, node)), None) = (given.next(), given.next()) else {
        arg.reader.problem(
            is.span(),
            "write one of `equals`, `count`, `at_most`, `at_least`",
        );
        return None;
    };
    arg.node = Some(node.clone());
    Some(vec![match key {
        "equals" => {
            let wanted = arg.json()?;
            Part::call(Rule::Echoed, move |call, scene| {
                echo_json(call, scene, &at, &wanted)
            })
        }
        "count" => {
            let wanted = Scalar::Count(arg.count()?);
            Part::found(Rule::OneOf(vec![wanted]), move |call, _| {
                Some(count(document(call)?.pointer(&at)?.as_array()?.len()))
            })
        }
        _ => {
            let bound = node.number(arg.reader)?;
            let most = key == "at_most";
            Part::truth(move |call, _| {
                let number = document(call)?.pointer(&at)?.as_f64()?;
                Some(if most {
                    number <= bound
                } else {
                    number >= bound
                })
            })
        }
    }])
}

fn echoes(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let at = table.string(arg.reader, "at");
    let value = table.required(arg.reader, "value");
    table.refuse_unknown(arg.reader);
    arg.node = Some(value?);
    let (at, wanted) = (at?, arg.json()?);
    Some(vec![Part::call(Rule::Echoed, move |call, scene| {
        echo_json(call, scene, &at, &wanted)
    })])
}

/// Compares what stands at a pointer with a filled template, as JSON with sorted keys.
fn echo_json(
    call: &CallSeen,
    scene: &super::Scene<'_>,
    at: &str,
    wanted: &Value,
) -> crate::evidence::Measured {
    use crate::evidence::Measured;
    let Ok(Some(wanted)) = template::fill(wanted, scene.scope) else {
        return Measured::Found { found: None };
    };
    let found = document(call).and_then(|document| document.pointer(at).map(ToString::to_string));
    Measured::Echo {
        wanted: scene.key.digest(wanted.to_string()),
        found: found.map(|found| scene.key.digest(found)),
    }
}
