//! A chat answer as increments: a first delta with the role, one token a delta, a closing chunk with the finish reason, `[DONE]`.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::ids;
use crate::model::text::{Completion, tokens};
use crate::routes::chat::reply::{Function, Head, ToolCall, Usage};
use crate::sse::Event;

#[derive(Serialize)]
#[expect(clippy::option_option, reason = "absent and null differ on the wire")]
struct Chunk<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    model: &'a str,
    choices: Vec<ChunkChoice<'a>>,
    /// `null` until the last chunk when usage was asked for; absent when it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Option<Usage>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Map<String, Value>>,
}

#[derive(Serialize)]
struct ChunkChoice<'a> {
    index: usize,
    delta: Delta<'a>,
    logprobs: Option<()>,
    finish_reason: Option<&'static str>,
}

#[derive(Serialize, Default)]
struct Delta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<ToolCall>,
}

pub(super) fn events(head: &Head, answers: &[Completion], include_usage: bool) -> Vec<Event> {
    let writer = Writer {
        head,
        include_usage,
    };
    let mut events = Vec::new();
    for (index, answer) in answers.iter().enumerate() {
        writer.open(&mut events, index, answer);
    }
    // Several answers arrive side by side, as they do from a batching backend.
    let pieces: Vec<Vec<&str>> = answers
        .iter()
        .map(|answer| tokens::split(&answer.text).collect())
        .collect();
    let longest = pieces.iter().map(Vec::len).max();
    for place in 0..longest.unwrap_or_default() {
        for (index, pieces) in pieces.iter().enumerate() {
            if let Some(piece) = pieces.get(place) {
                events.push(writer.delta(
                    index,
                    Delta {
                        content: Some(piece),
                        ..Delta::default()
                    },
                ));
            }
        }
    }
    for (index, answer) in answers.iter().enumerate() {
        writer.calls(&mut events, index, answer);
        events.push(writer.chunk(
            vec![ChunkChoice {
                index,
                delta: Delta::default(),
                logprobs: None,
                finish_reason: Some(answer.finish.as_str()),
            }],
            None,
        ));
    }
    if include_usage {
        events.push(writer.chunk(Vec::new(), Some(Usage::new(head, answers))));
    }
    events.push(Event::done());
    events
}

struct Writer<'a> {
    head: &'a Head,
    include_usage: bool,
}

impl Writer<'_> {
    fn open(&self, events: &mut Vec<Event>, index: usize, answer: &Completion) {
        events.push(self.delta(
            index,
            Delta {
                role: Some("assistant"),
                content: answer.calls.is_empty().then_some(""),
                ..Delta::default()
            },
        ));
    }

    /// Each call: one delta with id, type and name, then its arguments a token at a time.
    fn calls(&self, events: &mut Vec<Event>, index: usize, answer: &Completion) {
        for (number, call) in answer.calls.iter().enumerate() {
            let mut piece = |id, kind, name, arguments: &str| {
                events.push(self.delta(
                    index,
                    Delta {
                        tool_calls: vec![ToolCall {
                            index: Some(number),
                            id,
                            kind,
                            function: Function {
                                name,
                                arguments: arguments.to_owned(),
                            },
                        }],
                        ..Delta::default()
                    },
                ));
            };
            piece(
                Some(ids::id("call_")),
                Some("function"),
                Some(call.name.clone()),
                "",
            );
            for token in tokens::split(&call.arguments) {
                piece(None, None, None, token);
            }
        }
    }

    fn delta(&self, index: usize, delta: Delta<'_>) -> Event {
        self.chunk(
            vec![ChunkChoice {
                index,
                delta,
                logprobs: None,
                finish_reason: None,
            }],
            None,
        )
    }

    fn chunk(&self, choices: Vec<ChunkChoice<'_>>, usage: Option<Usage>) -> Event {
        Event::data(&Chunk {
            id: &self.head.id,
            object: "chat.completion.chunk",
            created: self.head.created,
            model: self.head.model,
            choices,
            usage: self.include_usage.then_some(usage),
            metadata: self.head.metadata.as_ref(),
        })
    }
}
