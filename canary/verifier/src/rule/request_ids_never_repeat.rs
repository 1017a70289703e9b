//! Every request id is a UUID, and no two calls to the gateway have the same one, unless one is the replay of the other.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "request_ids_never_repeat",
    demands: "Every request id is a UUID, and no two calls to the gateway have the same one, but for replays within a row.",
    because: "The gateway promises a fresh one for every answer; evidence that was copied repeats them.",
    next: "run again; if it happens again, the gateway repeats request ids",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            let id = good.evidence("models.list").calls[0].request_id.clone();
            good.evidence("chat.completions.create").calls[1].request_id = id;
        },
        also: &[],
    },
};

fn check(live: &Document, context: &Context, out: &mut Findings) {
    let mut seen = BTreeMap::new();
    for (_, row, result, at) in live.results(&context.canon) {
        let calls = result.evidence.iter().flat_map(|evidence| &evidence.calls);
        for (index, call) in calls.enumerate() {
            let at = format!("{at}.evidence.calls[{index}].requestId");
            let Some(id) = &call.request_id else { continue };
            // The executor writes every id in this one spelling.
            let uuid = Uuid::try_parse(id)
                .ok()
                .filter(|uuid| uuid.to_string() == *id && !uuid.is_nil() && !uuid.is_max());
            let Some(uuid) = uuid else {
                out.add(live.subject, at, "no UUID", "a UUID in lower case");
                continue;
            };
            // The scripted server of a local row is ours, and repeats what its script says.
            if !row.live {
                continue;
            }
            let first = seen.insert(uuid, (&row.name, at.clone()));
            // A replay is the stored answer, and may come with its id.
            let first = first.filter(|(name, _)| !(row.replays && **name == row.name));
            if let Some((_, first)) = first {
                out.add(
                    live.subject,
                    at,
                    format!("the id of {first}"),
                    "an id of its own",
                );
            }
        }
    }
}
