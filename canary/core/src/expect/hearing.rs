//! Words about what was heard: transcripts, and the answers of voice pipelines.

use serde_json::Value;

use super::{
    Word as Entry,
    audio::{recording, two_calls},
    build::{Argument, Part, Tally, millionths},
    text::{share_heard, text_and_bound, words},
};
use crate::{evidence::Measured, judge::Rule, observe::CallSeen, template};

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "nothing_added",
        argument: "{ text, at_most }: the words that were spoken, and the most words heard for each of them",
        about: "The transcript is not much longer than what was spoken: nothing is said twice or made up.",
        read: nothing_added,
    },
    Entry {
        word: "first_word_heard",
        argument: "a text",
        about: "The first word of the answer's text is the first of this one.",
        read: |arg| end_heard(arg, |words| words.first().cloned()),
    },
    Entry {
        word: "last_word_heard",
        argument: "a text",
        about: "The last word of the answer's text is the last of this one.",
        read: |arg| end_heard(arg, |words| words.last().cloned()),
    },
    Entry {
        word: "transcript_heard",
        argument: "{ text, at_least }: the words to hear and the share of them, 0 to 1",
        about: "At least this share of the words is in the `transcript` of a voice pipeline's answer, in their order; where none is called that, in its text.",
        read: transcript_heard,
    },
    Entry {
        word: "words_unheard",
        argument: "{ text, at_most }: words that were not spoken, and the share of them that may be there by chance, 0 to 1",
        about: "The transcript, which may be blank, is not these words.",
        read: words_unheard,
    },
    Entry {
        word: "segments_fit",
        argument: "",
        about: "A verbose transcript names its duration; its segments are numbered from 0, lie in their order within it, and together say the transcript.",
        read: |_| {
            Some(vec![Part::each(4, |call, _, tally| {
                if let Some(document) = &call.document {
                    segments_fit(document, tally);
                }
            })])
        },
    },
    Entry {
        word: "language_told",
        argument: "a language code of two letters",
        about: "A verbose transcript names this language, by its code or its English name.",
        read: |arg| {
            let wanted = arg.text()?;
            Some(vec![Part::truth(move |call, scene| {
                let wanted = template::fill_text(&wanted, scene.scope).ok().flatten();
                let told = call.document.as_ref()?.get("language")?.as_str()?;
                Some(is_language(told, wanted.as_deref()))
            })])
        },
    },
    Entry {
        word: "duration_heard",
        argument: "two calls: the transcript's and the recording's",
        about: "The duration in a verbose transcript is that of the recording, to a second and a tenth.",
        read: duration_heard,
    },
    Entry {
        word: "pipeline_answer",
        argument: "",
        about: "The voice pipeline's answer has a transcript or a response under a name that the contract accepts, and none of them is blank.",
        read: |_| {
            Some(vec![Part::each(1, |call, _, tally| {
                let accepted = TRANSCRIPT.iter().chain(RESPONSE);
                let there = accepted.filter_map(|key| member(call, key));
                for value in there {
                    tally.hold(value.as_str().is_some_and(|text| !text.trim().is_empty()));
                }
            })])
        },
    },
    Entry {
        word: "pipeline_answers_both",
        argument: "",
        about: "The voice pipeline's answer has both a transcript and a response.",
        read: |_| {
            Some(vec![Part::each(2, |call, _, tally| {
                tally.hold_at(one_of(call, TRANSCRIPT).is_some(), "transcript");
                tally.hold_at(one_of(call, responses(call)).is_some(), "response");
            })])
        },
    },
];

/// Names under which a pipeline's transcript may come.
const TRANSCRIPT: &[&str] = &["transcript", "text"];

/// Names under which a pipeline's response may come.
const RESPONSE: &[&str] = &[
    "response_text",
    "response",
    "responseText",
    "output_text",
    "outputText",
];

/// The same, where a transcript has its own name and `text` is left for the response.
const RESPONSE_OR_TEXT: &[&str] = &[
    "response_text",
    "response",
    "responseText",
    "output_text",
    "outputText",
    "text",
];

/// Under which names this answer's response may stand.
fn responses(call: &CallSeen) -> &'static [&'static str] {
    if member(call, "transcript").is_some() {
        RESPONSE_OR_TEXT
    } else {
        RESPONSE
    }
}

fn member<'c>(call: &'c CallSeen, key: &str) -> Option<&'c Value> {
    let value = call.document.as_ref()?.get(key)?;
    (!value.is_null()).then_some(value)
}

fn one_of<'c>(call: &'c CallSeen, names: &[&str]) -> Option<&'c str> {
    let texts = names.iter().filter_map(|key| member(call, key)?.as_str());
    texts.into_iter().find(|text| !text.trim().is_empty())
}

/// What a pipeline heard.
pub(super) fn transcript(call: &CallSeen) -> Option<String> {
    one_of(call, TRANSCRIPT).map(str::to_owned)
}

/// What a pipeline said to it.
pub(super) fn response(call: &CallSeen) -> Option<String> {
    one_of(call, responses(call)).map(str::to_owned)
}

fn nothing_added(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let (text, at_most) = text_and_bound(arg, "at_most")?;
    let rule = Rule::Between(millionths(0.0), millionths(at_most));
    Some(vec![Part::found(rule, move |call, scene| {
        let spoken = words(&template::fill_text(&text, scene.scope).ok()??).len();
        let heard = words(call.text.as_ref()?).len();
        #[expect(clippy::cast_precision_loss, reason = "word counts are small")]
        let ratio = heard as f64 / spoken.max(1) as f64;
        (spoken > 0).then(|| millionths(ratio))
    })])
}

fn end_heard(
    arg: &mut Argument<'_, '_>,
    pick: fn(&[String]) -> Option<String>,
) -> Option<Vec<Part>> {
    let text = arg.text()?;
    Some(vec![Part::truth(move |call, scene| {
        let wanted = pick(&words(&template::fill_text(&text, scene.scope).ok()??))?;
        Some(pick(&words(call.text.as_ref()?)) == Some(wanted))
    })])
}

fn transcript_heard(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let (text, at_least) = text_and_bound(arg, "at_least")?;
    let rule = Rule::Between(millionths(at_least), millionths(1.0));
    Some(vec![Part::found(rule, move |call, scene| {
        let wanted = words(&template::fill_text(&text, scene.scope).ok()??);
        let heard = match member(call, "transcript") {
            Some(transcript) => transcript.as_str()?,
            None => call.text.as_deref()?,
        };
        let heard: Vec<String> = words(heard).into_iter().take(4_000).collect();
        (!wanted.is_empty()).then(|| millionths(share_heard(&wanted, &heard)))
    })])
}

fn words_unheard(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let (text, at_most) = text_and_bound(arg, "at_most")?;
    let rule = Rule::Between(millionths(0.0), millionths(at_most));
    Some(vec![Part::found(rule, move |call, scene| {
        let unspoken = words(&template::fill_text(&text, scene.scope).ok()??);
        let heard: Vec<String> = words(call.text.as_ref()?).into_iter().take(4_000).collect();
        (!unspoken.is_empty()).then(|| millionths(share_heard(&unspoken, &heard)))
    })])
}

/// Slack on the times of segments, in seconds: models round them.
const SLACK: f64 = 1.0;

/// How far, in seconds, a segment may reach into the next: models round.
const OVERLAP: f64 = 0.1;

fn segments_fit(document: &Value, tally: &mut Tally) {
    let duration = document.get("duration").and_then(Value::as_f64);
    tally.hold_at(duration.is_some_and(|seconds| seconds > 0.0), "duration");
    let segments = document.get("segments").and_then(Value::as_array);
    let mut said = Vec::new();
    let mut began = 0.0;
    for (at, segment) in (0u64..).zip(segments.into_iter().flatten()) {
        let number = |key: &str| segment.get(key).and_then(Value::as_f64);
        tally.hold_at(segment.get("id").and_then(Value::as_u64) == Some(at), "id");
        let times = number("start").zip(number("end"));
        let end = duration.unwrap_or(0.0) + SLACK;
        let ordered =
            times.is_some_and(|(from, to)| began <= from + OVERLAP && from < to && to <= end);
        tally.hold_at(ordered, "times");
        began = times.map_or(began, |(_, to)| to);
        said.extend(words(
            segment
                .get("text")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        ));
    }
    let text = document.get("text").and_then(Value::as_str);
    tally.hold_at(text.is_some_and(|text| words(text) == said), "text");
}

/// Whether an answer's language is the one of a code: the code itself, with or without a region, or
/// its English name. Without a code any name of a language will do.
fn is_language(told: &str, code: Option<&str>) -> bool {
    let told = told.trim().to_lowercase();
    let primary = |text: &str| {
        text.split(['-', '_'])
            .next()
            .unwrap_or_default()
            .to_lowercase()
    };
    let Some(code) = code.map(primary) else {
        return !told.is_empty();
    };
    primary(&told) == code || names(&code, &told)
}

#[cfg(feature = "measure")]
fn names(code: &str, told: &str) -> bool {
    // A language can have several English names: `Spanish; Castilian`.
    isolang::Language::from_639_1(code).is_some_and(|language| {
        let all = language.to_name().to_lowercase();
        all.split([';', '(']).any(|name| name.trim() == told)
    })
}

#[cfg(not(feature = "measure"))]
fn names(_code: &str, _told: &str) -> bool {
    false
}

fn duration_heard(arg: &mut Argument<'_, '_>) -> Option<Vec<Part>> {
    let [heard, spoken] = two_calls(arg)?;
    let of = format!("{heard} / {spoken}");
    let rule = Rule::Between(millionths(0.0), millionths(1.0));
    let part = Part::row(rule, move |scene| {
        let told = || {
            let document = scene.seen.call(&heard)?.document.as_ref()?;
            document.get("duration")?.as_f64()
        };
        let lasted = || Some(recording(scene.seen.call(&spoken)?)?.seconds);
        let found = told().zip(lasted());
        // In units of what is tolerated.
        let found =
            found.map(|(told, lasted)| millionths((told - lasted).abs() / (1.0 + lasted / 10.0)));
        Measured::Found { found }
    });
    Some(vec![part.of(of)])
}

#[cfg(test)]
mod tests;
