//! Words about recordings: speech that was made, and how it reached the caller.

use super::{
    Word as Entry,
    build::{Argument, Part, Tally, millionths},
    known_call,
};
use crate::{
    evidence::Measured,
    judge::Rule,
    media::{self, Container, Sound},
    observe::{CallSeen, MediaSeen},
    template,
};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "sound",
        argument: "{ format, min_seconds, max_seconds } of which format is optional",
        about: "The recording is in the container that was asked for (or in the one its content type names), its content type names that family, it decodes to its end, lasts this long, and is not silence.",
        read: sound,
    },
    Entry {
        word: "container",
        argument: "mp3, opus, aac, flac, wav or pcm",
        about: "The recording is in this container, and its content type names that family.",
        read: container,
    },
    Entry {
        word: "bytes_as_sent",
        argument: "",
        about: "The SDK hands on exactly the bytes and the content type that came over the wire.",
        read: |_| Some(vec![bytes_as_sent()]),
    },
    Entry {
        word: "lasts_longer",
        argument: "{ sides, by }: the longer and the shorter recording's calls, and the least ratio of their lengths",
        about: "The first recording lasts longer than the second, by this factor at least.",
        read: lasts_longer,
    },
];

fn sound(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let format = table.optional("format");
    let mut seconds = |key| {
        table
            .required(arg.reader, key)
            .and_then(|node| node.number(arg.reader))
    };
    let (min, max) = (seconds("min_seconds"), seconds("max_seconds"));
    table.refuse_unknown(arg.reader);
    let format = match format {
        Some(node) => {
            arg.node = Some(node);
            Some(arg.text()?)
        }
        None => None,
    };
    let (min, max) = (min?, max?);
    Some(vec![Part::each(5, move |call, scene, tally| {
        let Some(media) = call.media.first() else {
            return;
        };
        let word = format
            .as_ref()
            .and_then(|format| template::fill_text(format, scene.scope).ok().flatten());
        // Without a word (an optional input that is missing) the recording tells what it is.
        let container = word.map_or_else(|| told(media), |word| Container::named(&word));
        let Some(container) = container else {
            return tally.hold_at(false, "container");
        };
        check_sound(media, container, min..=max, tally);
    })])
}

/// The container that the bytes show, or else the one their content type names.
fn told(media: &MediaSeen) -> Option<Container> {
    Container::sniff(&media.bytes).or_else(|| {
        let named = media.content_type.as_deref()?;
        Container::ALL
            .into_iter()
            .find(|one| one.is_named_by(named))
    })
}

fn check_sound(
    media: &MediaSeen,
    container: Container,
    seconds: std::ops::RangeInclusive<f64>,
    tally: &mut Tally,
) {
    check_container(media, container, tally);
    let heard = media::listen(&media.bytes, container);
    tally.hold_at(heard.is_some(), "decoded");
    tally.hold_at(
        heard.is_some_and(|heard| seconds.contains(&heard.seconds)),
        "seconds",
    );
    tally.hold_at(heard.is_some_and(|heard| heard.is_audible()), "silence");
}

fn check_container(media: &MediaSeen, container: Container, tally: &mut Tally) {
    tally.hold_at(container.fits(&media.bytes), "container");
    let named = media.content_type.as_deref();
    let named = named.is_some_and(|named| container.is_named_by(named));
    tally.hold_at(named, "content_type");
}

fn container(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let known = Container::ALL.map(|one| (one.as_str(), one));
    let wanted = arg.node()?.word(arg.reader, "container", &known)?;
    Some(vec![Part::each(2, move |call, _, tally| {
        if let Some(media) = call.media.first() {
            check_container(media, wanted, tally);
        }
    })])
}

fn bytes_as_sent() -> Part {
    Part::each(2, |call, _, tally| {
        let (Some(media), Some(answer)) = (call.media.first(), call.answer()) else {
            return;
        };
        tally.hold_at(answer.whole && media.bytes == answer.body, "bytes");
        let named = media.content_type.as_deref();
        tally.hold_at(
            named.is_some() && named == answer.header("content-type"),
            "content_type",
        );
    })
}

/// The recording of a call, decoded.
pub(super) fn recording(call: &CallSeen) -> Option<Sound> {
    let media = call.media.first()?;
    media::listen(&media.bytes, told(media)?)
}

/// Two calls of the row, by name.
pub(super) fn two_calls(arg: &mut Argument<'_, '_>) -> Option<[String; 2]> {
    let node = arg.node()?;
    let written = node.strings(arg.reader);
    for (name, span) in &written {
        if known_call(name, arg.calls).is_none() {
            let known: Vec<&str> = arg.calls.iter().map(String::as_str).collect();
            arg.reader.unknown(span.clone(), "call", name, &known);
            return None;
        }
    }
    let names: Vec<String> = written.into_iter().map(|(name, _)| name).collect();
    let two = names.try_into().ok();
    if two.is_none() {
        arg.reader
            .problem(node.span(), "a comparison has two sides");
    }
    two
}

fn lasts_longer(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let mut table = arg.node()?.table(arg.reader)?;
    let node = table.required(arg.reader, "sides");
    let by = table
        .required(arg.reader, "by")
        .and_then(|node| node.number(arg.reader));
    table.refuse_unknown(arg.reader);
    arg.node = Some(node?);
    let [long, short] = two_calls(arg)?;
    let of = format!("{long} / {short}");
    let rule = Rule::Between(millionths(by?), millionths(1000.0));
    let part = Part::row(rule, move |scene| {
        let seconds = |name: &str| Some(recording(scene.seen.call(name)?)?.seconds);
        let found = seconds(&long)
            .zip(seconds(&short))
            .map(|(long, short)| millionths(long / short));
        Measured::Found { found }
    });
    Some(vec![part.of(of)])
}

#[cfg(test)]
#[cfg(feature = "measure")]
mod tests;
