//! The documented order of Responses events: created, in progress, each item from added to done, and one terminal event.

use serde::Serialize;

use crate::model::text::{Completion, tokens};
use crate::routes::responses::envelope::{Item, Part, Response};
use crate::sse::Event;

pub(super) fn events(response: &Response, answer: &Completion, done: bool) -> Vec<Event> {
    let mut writer = Writer::default();
    let begun = response.begun();
    writer.response("response.created", &begun);
    writer.response("response.in_progress", &begun);
    for (index, item) in response.output.iter().enumerate() {
        writer.item("response.output_item.added", index, &item.begun());
        match item {
            Item::Message { id, .. } => writer.text(id, index, answer),
            Item::FunctionCall { id, arguments, .. } => writer.arguments(id, index, arguments),
        }
        writer.item("response.output_item.done", index, item);
    }
    let last = if response.is_incomplete() {
        "response.incomplete"
    } else {
        "response.completed"
    };
    writer.response(last, response);
    if done {
        writer.events.push(Event::done());
    }
    writer.events
}

#[derive(Default)]
struct Writer {
    events: Vec<Event>,
    sequence: usize,
}

#[derive(Serialize)]
struct Numbered<T> {
    #[serde(rename = "type")]
    kind: &'static str,
    sequence_number: usize,
    #[serde(flatten)]
    rest: T,
}

#[derive(Serialize)]
struct OfResponse<'a> {
    response: &'a Response,
}

#[derive(Serialize)]
struct OfItem<'a> {
    output_index: usize,
    item: &'a Item,
}

#[derive(Serialize)]
struct Within<'a> {
    item_id: &'a str,
    output_index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delta: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<Part>,
}

impl<'a> Within<'a> {
    fn new(item_id: &'a str, output_index: usize) -> Self {
        Self {
            item_id,
            output_index,
            content_index: None,
            delta: None,
            text: None,
            arguments: None,
            part: None,
        }
    }
}

impl Writer {
    fn push(&mut self, kind: &'static str, rest: impl Serialize) {
        let event = Numbered {
            kind,
            sequence_number: self.sequence,
            rest,
        };
        self.sequence += 1;
        self.events.push(Event::named(kind, &event));
    }

    fn response(&mut self, kind: &'static str, response: &Response) {
        self.push(kind, OfResponse { response });
    }

    fn item(&mut self, kind: &'static str, output_index: usize, item: &Item) {
        debug_assert!(!item.id().is_empty());
        self.push(kind, OfItem { output_index, item });
    }

    fn text(&mut self, id: &str, index: usize, answer: &Completion) {
        let within = || Within {
            content_index: Some(0),
            ..Within::new(id, index)
        };
        self.push(
            "response.content_part.added",
            Within {
                part: Some(Part::text(String::new())),
                ..within()
            },
        );
        for piece in tokens::split(&answer.text) {
            self.push(
                "response.output_text.delta",
                Within {
                    delta: Some(piece),
                    ..within()
                },
            );
        }
        self.push(
            "response.output_text.done",
            Within {
                text: Some(&answer.text),
                ..within()
            },
        );
        self.push(
            "response.content_part.done",
            Within {
                part: Some(Part::text(answer.text.clone())),
                ..within()
            },
        );
    }

    fn arguments(&mut self, id: &str, index: usize, arguments: &str) {
        for piece in tokens::split(arguments) {
            self.push(
                "response.function_call_arguments.delta",
                Within {
                    delta: Some(piece),
                    ..Within::new(id, index)
                },
            );
        }
        self.push(
            "response.function_call_arguments.done",
            Within {
                arguments: Some(arguments),
                ..Within::new(id, index)
            },
        );
    }
}
