//! Time.

use std::time::Duration;

use crate::fault::{Effect, Fault, Layer, Modality, On, Subject};
use crate::wire::Step;

const fn slow(
    name: &'static str,
    breaks: &'static str,
    on: On,
    rewrite: fn(&Subject, Vec<Step>) -> Vec<Step>,
) -> Fault {
    Fault {
        name,
        modality: Modality::All,
        layer: Layer::Latency,
        breaks,
        promise: "CONTRACT §1 routes: streaming, over time",
        effect: Effect::Steps(on, rewrite),
    }
}

pub(super) fn faults() -> Vec<Fault> {
    vec![
        slow(
            "latency.first_token_late",
            "A stream's head comes at once and its first event after four seconds.",
            On::streams(),
            |_, mut steps| {
                steps.insert(1.min(steps.len()), Step::Pause(Duration::from_secs(4)));
                steps
            },
        ),
        slow(
            "latency.gap_midway",
            "A stream pauses for four seconds in the middle.",
            On::streams(),
            |_, mut steps| {
                steps.insert(steps.len() / 2, Step::Pause(Duration::from_secs(4)));
                steps
            },
        ),
        slow(
            "latency.body_late",
            "An answer's head comes at once and its body after four seconds.",
            On::success(),
            |_, mut steps| {
                steps.insert(1.min(steps.len()), Step::Pause(Duration::from_secs(4)));
                steps
            },
        ),
    ]
}
