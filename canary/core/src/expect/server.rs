//! Words about what a `.local` row's scripted server received.

use serde_json::Value;

use super::{
    Word as Entry,
    build::{Argument, Part, count},
};
use crate::{
    evidence::{Measured, Scalar},
    judge::Rule,
    observe::{RequestSeen, ServerSeen},
    template,
};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "server_requests",
        argument: "a whole number",
        about: "The scripted server received this many requests.",
        read: |arg| counted(arg, |server| server.requests.len()),
    },
    Entry {
        word: "server_connections",
        argument: "a whole number",
        about: "The scripted server accepted this many connections.",
        read: |arg| {
            counted(arg, |server| {
                usize::try_from(server.connections).unwrap_or(usize::MAX)
            })
        },
    },
    Entry {
        word: "server_abandoned",
        argument: "a whole number",
        about: "The client closed this many connections while an answer was under way.",
        read: |arg| {
            counted(arg, |server| {
                usize::try_from(server.abandoned).unwrap_or(usize::MAX)
            })
        },
    },
    Entry {
        word: "sent_header",
        argument: "{ name, is } where is = present, absent, uuid, same, or { equals } with a text",
        about: "Every request that the scripted server received has this header as said; `same` is one value on all.",
        read: sent_header,
    },
    Entry {
        word: "sent_field",
        argument: "{ at, is } where is = absent or { equals }",
        about: "The JSON body of every request that the scripted server received is as said at this pointer.",
        read: sent_field,
    },
    Entry {
        word: "sent_path",
        argument: "a path with its query, from the root",
        about: "Every request that the scripted server received went to this path.",
        read: |arg| {
            let wanted = arg.text()?;
            Some(vec![every_request(move |_, request, scene| {
                fill(&wanted, scene).is_some_and(|wanted| request.path == wanted)
            })])
        },
    },
    Entry {
        word: "sent_method",
        argument: "a method in capitals",
        about: "Every request that the scripted server received had this method.",
        read: |arg| {
            let wanted = arg.text()?;
            Some(vec![every_request(move |_, request, scene| {
                fill(&wanted, scene).is_some_and(|wanted| request.method == wanted)
            })])
        },
    },
    Entry {
        word: "sent_body_has",
        argument: "a text, or an array of them",
        about: "The body of every request that the scripted server received has this text in it.",
        read: |arg| sent_body(arg, true),
    },
    Entry {
        word: "sent_body_lacks",
        argument: "a text, or an array of them",
        about: "No body and no path of a request that the scripted server received has this text in it.",
        read: |arg| sent_body(arg, false),
    },
    Entry {
        word: "sent_alike",
        argument: "",
        about: "The scripted server received at least two requests, all with the same method, path and body.",
        read: |_| {
            Some(vec![every_request(|all, request, _| {
                let same = |other: &RequestSeen| {
                    (&other.method, &other.path, &other.body)
                        == (&request.method, &request.path, &request.body)
                };
                all.len() > 1 && all.iter().all(same)
            })])
        },
    },
];

fn fill(wanted: &Value, scene: &super::Scene<'_>) -> Option<String> {
    template::fill_text(wanted, scene.scope).ok().flatten()
}

fn sent_body(arg: &mut Argument<'_, '_>, wanted: bool) -> Option<Vec<Part>> {
    let mut texts = Vec::new();
    for node in arg.one_or_many()? {
        arg.node = Some(node);
        texts.push(arg.text()?);
    }
    Some(vec![every_request(move |_, request, scene| {
        texts.iter().all(|text| {
            let Some(text) = fill(text, scene) else {
                return false;
            };
            let body = String::from_utf8_lossy(&request.body);
            if wanted {
                body.contains(&text)
            } else {
                !body.contains(&text) && !request.path.contains(&text)
            }
        })
    })])
}

fn counted(arg: &mut Argument<'_, '_>, find: fn(&ServerSeen) -> usize) -> Option<Vec<Part>> {
    let wanted = Scalar::Count(arg.count()?);
    Some(vec![
        Part::row(Rule::OneOf(vec![wanted]), move |scene| Measured::Found {
            found: scene.seen.server.as_ref().map(|server| count(find(server))),
        })
        .of("server"),
    ])
}

/// A condition on every request that the server received.
fn every_request(
    holds: impl Fn(&[RequestSeen], &RequestSeen, &super::Scene<'_>) -> bool + Send + Sync + 'static,
) -> Part {
    Part::row(Rule::Always { at_least: 1 }, move |scene| {
        let mut tally = super::Tally::default();
        let requests = scene
            .seen
            .server
            .as_ref()
            .map_or(&[][..], |server| &server.requests);
        for request in requests {
            tally.hold(holds(requests, request, scene));
        }
        tally.measured()
    })
    .of("server")
}

type HeaderTest = fn(&[RequestSeen], &str, Option<&str>) -> bool;

const HEADER_TESTS: &[(&str, HeaderTest)] = &[
    ("present", |_, _, value| {
        value.is_some_and(|value| !value.trim().is_empty())
    }),
    ("absent", |_, _, value| value.is_none()),
    ("uuid", |_, _, value| {
        value.is_some_and(super::wire::is_uuid)
    }),
    ("same", |all, name, value| {
        value.is_some() && all.iter().all(|request| request.header(name) == value)
    }),
];

fn sent_header(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let name = table.string(arg.reader, "name")?;
    let is = table.required(arg.reader, "is");
    table.refuse_unknown(arg.reader);
    let is = is?;
    if is.is_string() {
        let test: HeaderTest = is.word(arg.reader, "header test", HEADER_TESTS)?;
        return Some(vec![every_request(move |all, request, _| {
            test(all, &name, request.header(&name))
        })]);
    }
    let mut inner = is.table(arg.reader)?;
    let equals = inner.required(arg.reader, "equals");
    inner.refuse_unknown(arg.reader);
    arg.node = Some(equals?);
    let wanted = arg.text()?;
    Some(vec![every_request(move |_, request, scene| {
        let wanted = fill(&wanted, scene);
        wanted.is_some() && request.header(&name) == wanted.as_deref()
    })])
}

fn sent_field(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let at = table.string(arg.reader, "at")?;
    let is = table.required(arg.reader, "is");
    table.refuse_unknown(arg.reader);
    let is = is?;
    let body = |request: &RequestSeen| serde_json::from_slice::<Value>(&request.body).ok();
    if is.is_string() {
        is.word(arg.reader, "field test", &[("absent", ())])?;
        return Some(vec![every_request(move |_, request, _| {
            body(request).is_some_and(|body| body.pointer(&at).is_none())
        })]);
    }
    let mut inner = is.table(arg.reader)?;
    let equals = inner.required(arg.reader, "equals");
    inner.refuse_unknown(arg.reader);
    arg.node = Some(equals?);
    let wanted = arg.json()?;
    Some(vec![every_request(move |_, request, scene| {
        let wanted = template::fill(&wanted, scene.scope).ok().flatten();
        wanted.is_some() && body(request).and_then(|body| body.pointer(&at).cloned()) == wanted
    })])
}
