//! Chat streams: what becomes of the increments and of what they add up to.

use serde_json::Value;

use crate::fault::catalogue::CHAT;
use crate::fault::catalogue::stream::{SHAPE, SSE, events, fault, frames};
use crate::fault::edit::{collapsed, frame};
use crate::fault::{Effect, Fault};
use crate::sse::Event;

/// Changes the text of every increment, with the index of its answer.
fn each_increment(events: &mut [Event], mut change: impl FnMut(u64, &str) -> String) {
    for event in events {
        frame(event, |chunk| {
            let index = chunk.pointer("/choices/0/index").and_then(Value::as_u64);
            if let (Some(index), Some(text)) =
                (index, chunk.pointer_mut("/choices/0/delta/content"))
                && let Some(old) = text.as_str().filter(|old| !old.is_empty())
            {
                *text = change(index, old).into();
            }
        });
    }
}

#[expect(clippy::too_many_lines, reason = "a table: one entry a fault")]
pub(super) fn faults() -> Vec<Fault> {
    vec![
        events(
            "stream.spaces_collapsed",
            "Several spaces in a row come as one.",
            SSE,
            |_, events| {
                let mut ended_in_space = std::collections::BTreeMap::new();
                each_increment(events, |index, text| {
                    let before = ended_in_space.get(&index).copied().unwrap_or(false);
                    let (text, after) = collapsed(text, before);
                    ended_in_space.insert(index, after);
                    text
                });
            },
        ),
        events(
            "stream.letters_broken",
            "Characters beyond ASCII come as U+FFFD, as where bytes are cut between increments.",
            SSE,
            |_, events| {
                each_increment(events, |_, text| {
                    let broken = |c: char| {
                        if c.is_ascii() {
                            c
                        } else {
                            char::REPLACEMENT_CHARACTER
                        }
                    };
                    text.chars().map(broken).collect()
                });
            },
        ),
        events(
            "stream.text_escaped",
            "`&`, `<` and `>` come as they are written in HTML.",
            SSE,
            |_, events| {
                each_increment(events, |_, text| {
                    text.replace('&', "&amp;")
                        .replace('<', "&lt;")
                        .replace('>', "&gt;")
                });
            },
        ),
        events(
            "stream.line_breaks_lost",
            "Line breaks come as spaces.",
            SSE,
            |_, events| each_increment(events, |_, text| text.replace('\n', " ")),
        ),
        events(
            "stream.increments_trimmed",
            "Increments lose the spaces that they begin with.",
            SSE,
            |_, events| each_increment(events, |_, text| text.trim_start_matches(' ').to_owned()),
        ),
        events(
            "stream.usage_counts_chunks",
            "Usage counts chunks instead of tokens.",
            SHAPE,
            |_, events| {
                let chunks = events.len();
                for event in events {
                    frame(event, |chunk| {
                        if let Some(usage) =
                            chunk.get_mut("usage").filter(|usage| usage.is_object())
                        {
                            let prompt = usage["prompt_tokens"].as_u64().unwrap_or_default();
                            usage["completion_tokens"] = chunks.into();
                            usage["total_tokens"] = (prompt + chunks as u64).into();
                        }
                    });
                }
            },
        ),
        frames(
            "stream.id_constant",
            "Every stream has the same id.",
            SHAPE,
            |_, _, chunk| chunk["id"] = "chatcmpl-000000000000000000000000".into(),
        ),
        frames(
            "stream.tool_call_id_changes",
            "A call's later increments carry another id than its first.",
            SHAPE,
            |_, index, chunk| {
                if let Some(call) = chunk.pointer_mut("/choices/0/delta/tool_calls/0")
                    && call.get("id").is_none()
                {
                    call["id"] = format!("call_part_{index}").into();
                }
            },
        ),
        fault(
            "stream.system_message_ignored",
            "Where the answer is streamed, system messages never reach the model.",
            SSE,
            Effect::Request(CHAT, |body| {
                if body.get("stream") == Some(&Value::Bool(true))
                    && let Some(messages) = body.get_mut("messages").and_then(Value::as_array_mut)
                {
                    messages.retain(|message| message["role"] != "system");
                }
            }),
        ),
        fault(
            "stream.n_ignored",
            "`n` streamed answers were asked for, and one comes.",
            SSE,
            Effect::Request(CHAT, |body| {
                if body.get("stream") == Some(&Value::Bool(true)) {
                    body.remove("n");
                }
            }),
        ),
    ]
}
