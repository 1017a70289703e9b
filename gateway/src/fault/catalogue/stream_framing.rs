//! Chat streams: how events are written to the connection, and when.
#![expect(clippy::too_many_lines, reason = "a table: one entry a fault")]

use std::time::Duration;

use bytes::Bytes;

use crate::fault::Fault;
use crate::fault::catalogue::stream::{SSE, steps};
use crate::fault::edit::{joined, split};
use crate::wire::Step;

pub(super) fn faults() -> Vec<Fault> {
    vec![
        steps(
            "stream.buffered",
            "The whole stream is held back and sent at once.",
            SSE,
            |subject, steps| {
                let (head, body) = split(steps);
                let wait = subject.pace * u32::try_from(body.len() / 2).unwrap_or(u32::MAX);
                let bytes = Bytes::from(joined(&body));
                [Step::Pause(wait)]
                    .into_iter()
                    .chain(head)
                    .chain([Step::Bytes(bytes)])
                    .collect()
            },
        ),
        steps(
            "stream.frame_cut",
            "The stream is cut off inside a frame.",
            SSE,
            |_, mut steps| {
                let middle = steps.len() / 2;
                steps.truncate(middle);
                if let Some(Step::Bytes(bytes)) = steps
                    .iter_mut()
                    .rev()
                    .find(|step| matches!(step, Step::Bytes(_)))
                {
                    bytes.truncate(bytes.len() / 2);
                }
                steps
            },
        ),
        steps(
            "stream.disconnect_midway",
            "The connection closes in the middle of the stream.",
            SSE,
            |_, mut steps| {
                steps.truncate(steps.len() / 2);
                steps.push(Step::Cut);
                steps
            },
        ),
        steps(
            "stream.reset_midway",
            "The connection is reset in the middle of the stream.",
            SSE,
            |_, mut steps| {
                steps.truncate(steps.len() / 2);
                steps.push(Step::Reset);
                steps
            },
        ),
        steps(
            "stream.stalls_midway",
            "The stream falls silent in the middle and stays open.",
            SSE,
            |_, mut steps| {
                steps.truncate(steps.len() / 2);
                steps.push(Step::Stall);
                steps
            },
        ),
        steps(
            "stream.last_chunk_missing",
            "After its last event the stream is cut off, without the chunk that ends a body.",
            SSE,
            |_, mut steps| {
                // What was sent before arrives.
                steps.push(Step::Pause(Duration::from_millis(50)));
                steps.push(Step::Cut);
                steps
            },
        ),
        steps(
            "stream.never_closes",
            "After `[DONE]` the connection stays open.",
            SSE,
            |_, mut steps| {
                steps.push(Step::Pause(Duration::from_secs(20)));
                steps
            },
        ),
        steps(
            "stream.malformed_frame",
            "One frame in the middle is no JSON.",
            SSE,
            |_, mut steps| {
                let middle = steps.len() / 2;
                if let Some(Step::Bytes(bytes)) = steps[middle..]
                    .iter_mut()
                    .find(|step| matches!(step, Step::Bytes(_)))
                {
                    *bytes = Bytes::from_static(b"data: {\"id\": \"chatcmpl-\n\n");
                }
                steps
            },
        ),
        steps(
            "stream.data_prefix_missing",
            "Frames come without `data:`.",
            SSE,
            |_, mut steps| {
                for step in &mut steps {
                    if let Step::Bytes(bytes) = step {
                        *bytes = bytes.slice(b"data: ".len().min(bytes.len())..);
                    }
                }
                steps
            },
        ),
        steps(
            "stream.newline_delimited",
            "Frames are separated by one line break instead of two.",
            SSE,
            |_, mut steps| {
                for step in &mut steps {
                    if let Step::Bytes(bytes) = step {
                        bytes.truncate(bytes.len() - 1);
                    }
                }
                steps
            },
        ),
    ]
}
