//! Chat streams: what each chunk holds.
#![expect(clippy::too_many_lines, reason = "a table: one entry a fault")]

use crate::fault::catalogue::CHAT;
use crate::fault::catalogue::stream::{SHAPE, SSE, fault, frames};
use crate::fault::edit::{content_type, each_choice, without};
use crate::fault::{Effect, Fault, On};

pub(super) fn faults() -> Vec<Fault> {
    vec![
        frames(
            "stream.ids_differ",
            "Every chunk has an id of its own.",
            SHAPE,
            |_, index, chunk| chunk["id"] = format!("chatcmpl-{index}").into(),
        ),
        frames(
            "stream.created_differs",
            "`created` moves on by an hour from chunk to chunk.",
            SHAPE,
            |_, index, chunk| {
                chunk["created"] =
                    (chunk["created"].as_u64().unwrap_or_default() + 3_600 * index as u64).into();
            },
        ),
        frames(
            "stream.model_changes",
            "The last chunks name another model.",
            SHAPE,
            |_, index, chunk| {
                if index > 2 {
                    chunk["model"] = "fallback-model".into();
                }
            },
        ),
        frames(
            "stream.object_wrong",
            "Chunks say they are whole completions.",
            SHAPE,
            |_, _, chunk| chunk["object"] = "chat.completion".into(),
        ),
        frames(
            "stream.message_instead_of_delta",
            "Chunks carry `message` instead of `delta`.",
            SHAPE,
            |_, _, chunk| {
                each_choice(chunk, |choice| {
                    crate::fault::edit::rename(choice, "delta", "message");
                });
            },
        ),
        frames(
            "stream.index_missing",
            "Choices of chunks have no index.",
            SHAPE,
            |_, _, chunk| each_choice(chunk, |choice| without(choice, "index")),
        ),
        frames(
            "stream.usage_sum_wrong",
            "The usage chunk does not add up.",
            SHAPE,
            |_, _, chunk| {
                if chunk["usage"].is_object() {
                    chunk["usage"]["total_tokens"] = 1.into();
                }
            },
        ),
        frames(
            "stream.text_differs_from_plain",
            "Increments are in upper case, the plain answer is not.",
            SSE,
            |_, _, chunk| {
                if let Some(text) = chunk.pointer_mut("/choices/0/delta/content")
                    && let Some(old) = text.as_str()
                {
                    *text = old.to_uppercase().into();
                }
            },
        ),
        frames(
            "stream.tool_arguments_cut",
            "A call's last argument increments are empty.",
            SHAPE,
            |_, index, chunk| {
                if index > 4
                    && let Some(arguments) =
                        chunk.pointer_mut("/choices/0/delta/tool_calls/0/function/arguments")
                {
                    *arguments = "".into();
                }
            },
        ),
        frames(
            "stream.finish_reason_wrong",
            "The finish reason is always `stop`.",
            SHAPE,
            |_, _, chunk| {
                each_choice(chunk, |choice| {
                    if choice["finish_reason"].is_string() {
                        choice["finish_reason"] = "stop".into();
                    }
                });
            },
        ),
        fault(
            "stream.never_streams",
            "`stream` is ignored: a whole JSON answer comes.",
            SSE,
            Effect::Request(CHAT, |body| {
                body.remove("stream");
                body.remove("stream_options");
            }),
        ),
        fault(
            "stream.content_type_json",
            "The stream is announced as JSON.",
            SSE,
            Effect::Reply(On::stream(CHAT), |_, reply| {
                content_type(reply, "application/json");
            }),
        ),
    ]
}
