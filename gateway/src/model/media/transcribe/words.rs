//! Frames to words, words to sentences.

use super::super::modem::Heard;
use super::{Segment, Word};

/// Ends of sentences, in several scripts.
const FULL_STOPS: [char; 8] = ['.', '!', '?', '。', '！', '？', '।', '؟'];

/// The words of all frames, with the time each takes.
pub(super) fn place(frames: &[Heard]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for frame in frames {
        let mut offset = 0;
        for (index, piece) in frame.text.split(' ').enumerate() {
            let start = frame.text_start + offset as f64 * frame.byte_seconds;
            let end = (start + piece.len() as f64 * frame.byte_seconds).min(frame.end);
            offset += piece.len() + 1;
            match words.last_mut() {
                Some(word) if index == 0 && frame.continues => {
                    word.word.push_str(piece);
                    word.end = end;
                }
                _ if piece.is_empty() => {}
                _ => words.push(Word {
                    start,
                    end,
                    word: piece.to_owned(),
                }),
            }
        }
    }
    words
}

/// The text of `words`.
pub(super) fn join(words: &[Word]) -> String {
    words
        .iter()
        .map(|word| word.word.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Cuts `words` into sentences.
pub(super) fn segments(words: &[Word]) -> Vec<Segment> {
    let sentences = words.split_inclusive(|word| {
        word.word
            .trim_end_matches(['"', '\'', ')', '”'])
            .ends_with(FULL_STOPS)
    });
    sentences
        .enumerate()
        .filter_map(|(id, sentence)| {
            let (first, last) = (sentence.first()?, sentence.last()?);
            Some(Segment {
                id,
                start: first.start,
                end: last.end,
                text: join(sentence),
            })
        })
        .collect()
}
