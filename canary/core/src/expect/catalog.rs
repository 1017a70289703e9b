//! Words about the catalog of models.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    Word as Entry,
    build::{Argument, Part, Tally},
    compare::two_sides,
};
use crate::{
    evidence::{Measured, Scalar},
    judge::Rule,
    observe::{CallSeen, Observation},
};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "catalog_agrees",
        argument: "two calls: one that lists the catalog, and one that retrieves an entry",
        about: "The entry stands in the list, once, with the same id, object and owner.",
        read: catalog_agrees,
    },
    Entry {
        word: "catalog_without_repeats",
        argument: "",
        about: "No two entries of the list have one id.",
        read: |_| {
            Some(vec![Part::each(1, |call, _, tally| {
                without_repeats(call, tally);
            })])
        },
    },
    Entry {
        word: "every_entry_is_there",
        argument: "",
        about: "Each entry that a walk through the catalog asked for was answered, with the id that the list has.",
        read: |_| {
            Some(vec![Part::each(1, |call, _, tally| {
                every_entry(call, tally);
            })])
        },
    },
    Entry {
        word: "every_entry_calls_or_refuses",
        argument: "",
        about: "Each model that a walk asked for a function call made one, or the call was refused with a 4xx in the envelope; at least one did either. None answers as if no function had been sent.",
        read: |_| {
            Some(vec![Part::each(1, |call, _, tally| {
                calls_or_refuses(call, tally);
            })])
        },
    },
];

fn catalog_agrees(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let [(list, _, _), (entry, _, _)] = two_sides(arg)?;
    let of = format!("{list} / {entry}");
    let rule = Rule::OneOf(vec![Scalar::Truth(true)]);
    let part = Part::row(rule, move |scene| Measured::Found {
        found: agrees(scene.seen, &list, &entry).map(Scalar::Truth),
    });
    Some(vec![part.of(of)])
}

fn id(model: &Value) -> Option<&str> {
    model.get("id").and_then(Value::as_str)
}

fn agrees(seen: &Observation, list: &str, entry: &str) -> Option<bool> {
    let list = seen.call(list)?.document.as_ref()?;
    let entry = seen.call(entry)?.document.as_ref()?;
    let wanted = id(entry)?;
    let models = list.get("data")?.as_array()?;
    let mut same = models.iter().filter(|model| id(model) == Some(wanted));
    let (Some(listed), None) = (same.next(), same.next()) else {
        return Some(false);
    };
    Some(
        ["object", "owned_by"]
            .iter()
            .all(|key| listed.get(key) == entry.get(key)),
    )
}

fn without_repeats(call: &CallSeen, tally: &mut Tally) {
    let data = call
        .document
        .as_ref()
        .and_then(|document| document.get("data")?.as_array());
    let Some(models) = data else { return };
    let mut had = HashSet::new();
    for model in models {
        tally.hold(id(model).is_some_and(|id| had.insert(id)));
    }
}

/// The steps of a walk: its document has `walked`, one object an entry, `listed` with its id in the
/// list, `found` with what came when it was asked for, and `refused` with the status of a refusal.
fn steps(call: &CallSeen) -> impl Iterator<Item = &Value> {
    let walked = call
        .document
        .as_ref()
        .and_then(|document| document.get("walked")?.as_array());
    walked.into_iter().flatten()
}

fn every_entry(call: &CallSeen, tally: &mut Tally) {
    for step in steps(call) {
        let listed = step.get("listed").and_then(Value::as_str);
        tally.hold(listed.is_some() && step.get("found").and_then(id) == listed);
    }
}

fn calls_or_refuses(call: &CallSeen, tally: &mut Tally) {
    for step in steps(call) {
        let found = step.get("found").filter(|found| !found.is_null());
        if let Some(found) = found {
            let calls = found.pointer("/choices/0/message/tool_calls");
            let called = calls
                .and_then(Value::as_array)
                .is_some_and(|calls| !calls.is_empty());
            tally.hold_at(called, "tools");
        } else if let Some(status) = step.get("refused").and_then(Value::as_u64) {
            // Who has no turn, no credit or no replica to spare says nothing of functions.
            if (400..500).contains(&status) && !matches!(status, 401 | 402 | 429) {
                tally.hold(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expect::build::sample;
    use serde_json::json;

    #[test]
    fn an_entry_agrees_with_the_list_that_has_it_once() {
        let entry = json!({"id": "m", "object": "model", "owned_by": "a"});
        let other = json!({"id": "m", "object": "model", "owned_by": "b"});
        for (data, wanted) in [
            (json!([entry]), Some(true)),
            (json!([other]), Some(false)),
            (json!([entry, entry]), Some(false)),
            (json!([]), Some(false)),
            (json!(null), None),
        ] {
            let mut list = sample::call();
            list.name = "list".to_owned();
            list.document = Some(json!({"data": data}));
            let mut one = sample::call();
            one.document = Some(entry.clone());
            let seen = sample::row(vec![list, one]);
            assert_eq!(agrees(&seen, "list", "call"), wanted, "{data}");
        }
    }

    #[test]
    fn a_model_that_leaves_a_function_out_is_told_from_one_that_has_none() {
        let judged = |walked: Value| {
            let mut call = sample::call();
            call.document = Some(json!({ "walked": walked }));
            let mut tally = Tally::default();
            calls_or_refuses(&call, &mut tally);
            sample::violations(tally)
        };
        let said = |calls: Value| json!({"listed": "a", "found": {"choices": [{"message": {"tool_calls": calls}}]}});
        let refused = |status: u64| json!({"listed": "b", "found": null, "refused": status});
        assert_eq!(
            judged(json!([said(json!([{"id": "c"}])), refused(400)])),
            (2, 0)
        );
        for dropped in [Value::Null, json!([])] {
            assert_eq!(judged(json!([refused(404), said(dropped)])), (2, 1));
        }
        let unavailable = json!([refused(503), refused(429), refused(402), {"listed": "c"}]);
        assert_eq!(judged(unavailable), (0, 0), "it could not be tried");
    }

    #[test]
    fn repeats_and_missing_entries_are_counted() {
        let judged = |document: Value, read: fn(&CallSeen, &mut Tally)| {
            let mut call = sample::call();
            call.document = Some(document);
            let mut tally = Tally::default();
            read(&call, &mut tally);
            sample::violations(tally)
        };
        let list = json!({"data": [{"id": "a"}, {"id": "b"}, {"id": "a"}, {"name": "c"}]});
        assert_eq!(judged(list, without_repeats), (4, 2));
        let walk = json!({"walked": [
            {"listed": "a", "found": {"id": "a"}},
            {"listed": "b", "found": {"id": "a"}},
            {"listed": "c", "found": null},
        ]});
        assert_eq!(judged(walk, every_entry), (3, 2));
    }
}
