//! Answers about pictures: their size and their colours.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::media::image::{ImageFacts, describe};
use crate::model::text::facts::wants_one_word;
use crate::model::text::pattern::pattern;
use crate::model::text::{Task, Turn};

/// What the latest picture of the conversation shows, as far as the prompt asks.
pub(crate) fn look(task: &Task, prompt: &str) -> Option<String> {
    static COLOUR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bcolou?rs?\b"));
    static SIZE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(?:size|dimensions?|wide|width|high|height|resolution|pixels)\b")
    });
    let pictures: Vec<ImageFacts> = task.turns.iter().flat_map(seen).collect();
    let last = pictures.last()?;
    let colour = last.dominant_colour_name;
    if COLOUR.is_match(prompt) {
        return Some(if wants_one_word(prompt) {
            colour.to_owned()
        } else {
            format!("The image is mostly {colour}.")
        });
    }
    if SIZE.is_match(prompt) {
        return Some(format!("{}x{}", last.width, last.height));
    }
    Some(format!(
        "The image is {} pixels wide and {} pixels high, and mostly {colour}.",
        last.width, last.height
    ))
}

/// Pictures were decoded once when the request was checked, so failures do not occur here.
fn seen(turn: &Turn) -> Vec<ImageFacts> {
    turn.pictures
        .iter()
        .filter_map(|picture| describe(picture).ok())
        .collect()
}
