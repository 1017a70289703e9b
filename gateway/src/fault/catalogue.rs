//! The entries, a file a subject.

mod auth;
mod caches;
mod chat;
mod chat_history;
mod chat_shape;
mod chat_text;
mod embeddings;
mod errors;
mod headers;
mod idempotency;
mod images;
mod latency;
mod leaks;
mod limits;
mod listening;
mod models;
mod params;
mod pipelines;
mod proxy;
mod responses;
mod responses_stream;
mod speech;
mod stream;
mod stream_framing;
mod stream_shape;
mod stream_text;

use std::sync::LazyLock;

use crate::fault::{Effect, Fault, Layer, Modality};
use crate::policy::Policy;

const CHAT: &str = "chat.completions.create";
const RESPONSES: &str = "responses.create";
const EMBEDDINGS: &str = "embeddings.create";
const IMAGES: &str = "images.generate";
const SPEECH: &str = "audio.speech.create";
const TRANSCRIPTIONS: &str = "audio.transcriptions.create";
const VOICE: &str = "voice.pipeline.create";

/// A promise that is kept by state.
const fn policy(
    name: &'static str,
    layer: Layer,
    breaks: &'static str,
    promise: &'static str,
    break_it: fn(&mut Policy),
) -> Fault {
    Fault {
        name,
        modality: Modality::All,
        layer,
        breaks,
        promise,
        effect: Effect::Policy(break_it),
    }
}

pub(super) fn all() -> &'static [Fault] {
    static ALL: LazyLock<Vec<Fault>> = LazyLock::new(|| {
        let mut all: Vec<Fault> = [
            auth::faults(),
            caches::faults(),
            chat::faults(),
            chat_history::faults(),
            chat_shape::faults(),
            chat_text::faults(),
            embeddings::faults(),
            errors::faults(),
            headers::faults(),
            idempotency::faults(),
            images::faults(),
            latency::faults(),
            leaks::faults(),
            limits::faults(),
            listening::faults(),
            models::faults(),
            params::faults(),
            pipelines::faults(),
            proxy::faults(),
            responses::faults(),
            responses_stream::faults(),
            speech::faults(),
            stream::faults(),
            stream_framing::faults(),
            stream_shape::faults(),
            stream_text::faults(),
        ]
        .into_iter()
        .flatten()
        .collect();
        all.sort_by_key(|fault| fault.name);
        all
    });
    &ALL
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::json;

    use super::*;
    use crate::fault::{On, policy as broken};

    /// A flag that no fault turns is fault code that nobody uses: it has to go.
    #[test]
    fn every_flag_of_the_policy_is_turned_by_a_fault() {
        let flags = |policy: &Policy| json!(policy).as_object().cloned().unwrap_or_default();
        let kept = flags(&Policy::default());
        let unused: Vec<&String> = kept
            .iter()
            .filter(|(name, kept)| {
                !all()
                    .iter()
                    .any(|fault| flags(&broken(fault))[*name] != **kept)
            })
            .map(|(name, _)| name)
            .collect();
        assert!(!kept.is_empty() && unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn a_policy_fault_breaks_its_policy_in_a_way_of_its_own() {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for fault in all() {
            if !matches!(fault.effect, Effect::Policy(_)) {
                continue;
            }
            assert_ne!(broken(fault), Policy::default(), "{}", fault.name);
            let twin = seen.insert(json!(broken(fault)).to_string(), fault.name);
            assert_eq!(twin, None, "{}", fault.name);
        }
    }

    /// What an entry says of its modality holds: its effect cannot reach another one.
    #[test]
    fn a_fault_of_one_modality_touches_only_its_operations() {
        for fault in all() {
            let operations: &[&str] = match fault.modality {
                Modality::Chat => &[CHAT],
                Modality::Responses => &[RESPONSES],
                Modality::Embeddings => &[EMBEDDINGS],
                Modality::Images => &[IMAGES],
                Modality::Speech => &[SPEECH],
                Modality::Transcription => &[TRANSCRIPTIONS],
                Modality::Voice => &[VOICE],
                // Which model answers shows where models are asked for.
                Modality::Models | Modality::All => continue,
            };
            let touched = match &fault.effect {
                Effect::Policy(_) => None,
                Effect::Request(operation, _) => Some(*operation),
                Effect::Reply(on, _)
                | Effect::Json(on, _)
                | Effect::Events(on, _)
                | Effect::Frames(on, _)
                | Effect::Steps(on, _) => On::of(*on),
            };
            assert!(
                touched.is_some_and(|touched| operations.contains(&touched)),
                "{} is of {:?} and touches {touched:?}",
                fault.name,
                fault.modality
            );
        }
    }

    /// What the entries appeal to, for a reader who holds it against the contract.
    #[test]
    fn the_promises_are_these() {
        let promises: BTreeSet<&str> = all().iter().map(|fault| fault.promise).collect();
        insta::assert_json_snapshot!(promises);
    }
}
