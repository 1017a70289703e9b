//! What `${…}` stands for while a row runs.

use std::{collections::BTreeMap, path::PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use canary_core::{
    digest::DigestKey,
    input::{FileSource, Inputs, Value as Input},
    media::Container,
    observe::{CallSeen, MediaSeen},
    template::{Scope, Slot, Unfilled},
};
use serde_json::{Value, json};

use crate::media;

/// Words that are easy to speak, and easy to hear apart.
const SPOKEN: [&str; 64] = [
    "amber", "anchor", "apple", "autumn", "basket", "beacon", "bottle", "bridge", "butter",
    "camel", "candle", "carbon", "castle", "circle", "copper", "cotton", "dragon", "eagle",
    "engine", "falcon", "feather", "forest", "garden", "ginger", "hammer", "harbor", "honey",
    "island", "jacket", "jungle", "kitten", "ladder", "lantern", "lemon", "magnet", "marble",
    "meadow", "mirror", "monkey", "needle", "ocean", "orange", "paper", "pepper", "pillow",
    "planet", "pocket", "rabbit", "ribbon", "river", "rocket", "saddle", "salmon", "shadow",
    "silver", "spider", "summer", "temple", "tiger", "tunnel", "velvet", "violin", "window",
    "winter",
];

/// What is known when a row begins.
pub struct RowScope<'a> {
    row: &'a str,
    key: &'a DigestKey,
    inputs: &'a Inputs,
    files: &'a BTreeMap<String, PathBuf>,
    secret: String,
    earlier: &'a [CallSeen],
}

impl<'a> RowScope<'a> {
    /// The scope of one row. `key` is the run's and makes its nonces; `files` has the private files
    /// that inputs were decoded to, by input name.
    pub fn new(
        row: &'a str,
        key: &'a DigestKey,
        inputs: &'a Inputs,
        files: &'a BTreeMap<String, PathBuf>,
    ) -> Self {
        let secret = format!(
            "rp_live_{}",
            &key.digest(format!("secret|{row}")).to_string()[..40]
        );
        Self {
            row,
            key,
            inputs,
            files,
            secret,
            earlier: &[],
        }
    }

    /// The same, knowing what earlier calls brought back.
    pub fn after<'b>(&'b self, earlier: &'b [CallSeen]) -> RowScope<'b> {
        RowScope {
            row: self.row,
            key: self.key,
            inputs: self.inputs,
            files: self.files,
            secret: self.secret.clone(),
            earlier,
        }
    }

    fn random(&self, what: &str, number: u32) -> [u8; 32] {
        *self
            .key
            .digest(format!("{what}|{}|{number}", self.row))
            .bytes()
    }

    /// A word that no model has seen, made of letters and digits.
    fn nonce(&self, number: u32) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
        let random = self.random("nonce", number);
        let word = random[..8]
            .iter()
            .map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
        format!("zq{}", word.collect::<String>())
    }

    /// Four different words that can be spoken.
    fn words(&self, number: u32) -> String {
        let mut words: Vec<&str> = Vec::new();
        for byte in self.random("words", number) {
            let word = SPOKEN[usize::from(byte % 64)];
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words.truncate(4);
        words.join(" ")
    }

    fn input(&self, name: &str) -> Option<Value> {
        Some(match self.inputs.value(name)? {
            Input::Text(text) | Input::Word(text) | Input::Mime(text) => json!(text),
            Input::Secret(secret) => json!(secret.expose()),
            Input::Number(number) => json!(number),
            Input::Integer(number) => json!(number),
            Input::Url(url) => json!(url.as_str()),
            Input::Size(size) => json!(size.to_string()),
            Input::Paths(paths) => json!(paths),
            Input::File(FileSource::Path(path)) => json!(path.display().to_string()),
            Input::File(FileSource::Base64(_)) => {
                json!(self.files.get(name)?.display().to_string())
            }
        })
    }

    fn artifact(&self, call: &str, part: &str) -> Option<Value> {
        let call = self.earlier.iter().find(|seen| seen.name == call)?;
        match part {
            "text" => call.text.clone().map(Value::String),
            "image" => call.media.first().map(|media| json!(data_url(media))),
            "audio" => recording(call).map(|recording| json!(data_url(&recording.media))),
            "content_type" => {
                let named = recording(call)?.media.content_type?;
                Some(json!(named.split(';').next().unwrap_or_default().trim()))
            }
            "filename" => recording(call).map(|recording| json!(recording.filename)),
            "id" => call.document.as_ref()?.get("id").cloned(),
            pointer => call
                .document
                .as_ref()?
                .pointer(&format!("/{}", pointer.replace('.', "/")))
                .cloned(),
        }
    }
}

/// Prose of 376 words: what a prompt holds besides its question, and usage has to count.
const PASSAGE: &str = include_str!("passage.txt");

/// How many words no model reads at once: a power of two above every context there is for
/// embeddings, in a body well below a mebibyte.
const FILLER_WORDS: usize = 131_072;

fn filler() -> String {
    SPOKEN_SHORT.repeat(FILLER_WORDS / 4)
}

/// Four short words, each one token of any tokenizer, with a space behind each.
const SPOKEN_SHORT: &str = "to be or so ";

/// What an earlier call recorded, as a file that can be sent on.
struct Recording {
    media: MediaSeen,
    filename: String,
}

/// A recording as it came, named by its container. Bare samples, which no receiver could know for
/// what they are, are put into a WAV file.
fn recording(call: &CallSeen) -> Option<Recording> {
    let media = call.media.first()?;
    let asked = call.asked.get("response_format").and_then(Value::as_str);
    let bare = asked == Some("pcm") && Container::Pcm.fits(&media.bytes);
    if bare {
        let media = MediaSeen {
            bytes: media::wav(&media.bytes)?,
            content_type: Some("audio/wav".to_owned()),
        };
        let filename = "speech.wav".to_owned();
        return Some(Recording { media, filename });
    }
    let extension = match Container::sniff(&media.bytes) {
        Some(Container::Opus) => "ogg",
        Some(container) => container.as_str(),
        None => "bin",
    };
    Some(Recording {
        media: media.clone(),
        filename: format!("speech.{extension}"),
    })
}

/// Bytes as a `data:` URL, the form in which they stand in a request document.
pub fn data_url(media: &MediaSeen) -> String {
    let content_type = media
        .content_type
        .as_deref()
        .unwrap_or("application/octet-stream");
    format!(
        "data:{content_type};base64,{}",
        STANDARD.encode(&media.bytes)
    )
}

impl Scope for RowScope<'_> {
    fn value(&self, slot: &Slot) -> Result<Option<Value>, Unfilled> {
        match slot {
            Slot::Nonce(number) => Ok(Some(json!(self.nonce(*number)))),
            Slot::Words(number) => Ok(Some(json!(self.words(*number)))),
            Slot::Passage => Ok(Some(json!(PASSAGE.trim_end()))),
            Slot::Filler => Ok(Some(json!(filler()))),
            Slot::Secret => Ok(Some(json!(self.secret))),
            Slot::Input { name, optional } => match self.input(name) {
                None if !optional => Err(Unfilled::Input(name.clone())),
                value => Ok(value),
            },
            Slot::Near { name, miss } => match self.input(name) {
                Some(Value::String(text)) => Ok(Some(json!(miss.of(&text)))),
                _ => Err(Unfilled::Input(name.clone())),
            },
            Slot::Artifact { call, part } => match self.artifact(call, part) {
                None => Err(Unfilled::Artifact {
                    call: call.clone(),
                    part: part.clone(),
                }),
                value => Ok(value),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use canary_core::observe::Ending;

    use super::*;

    fn spoken(format: &str, content_type: &str, bytes: &[u8]) -> CallSeen {
        CallSeen {
            name: "spoken".to_owned(),
            asked: json!({"response_format": format}),
            ending: Ending::Answered,
            text: None,
            document: None,
            events: Vec::new(),
            media: vec![MediaSeen {
                bytes: bytes.to_vec(),
                content_type: Some(content_type.to_owned()),
            }],
            request_id: None,
            replayed: None,
            exchanges: Vec::new(),
            took: Duration::ZERO,
        }
    }

    #[test]
    fn a_recording_is_sent_on_under_the_name_of_its_container() {
        let opus = [b"OggS".as_slice(), &[0; 24], b"OpusHead"].concat();
        let table: [(&str, &str, &[u8], &str); 4] = [
            ("wav", "audio/wav", b"RIFF\0\0\0\0WAVEfmt ", "speech.wav"),
            ("opus", "audio/ogg", &opus, "speech.ogg"),
            ("mp3", "audio/mpeg", &[0xFF, 0xFB, 0x90, 0x64], "speech.mp3"),
            ("mp3", "text/html", b"<html>", "speech.bin"),
        ];
        for (format, content_type, bytes, filename) in table {
            let recording = recording(&spoken(format, content_type, bytes)).unwrap();
            assert_eq!(recording.filename, filename);
            assert_eq!(recording.media.bytes, bytes, "{filename}");
        }
    }

    #[test]
    fn bare_samples_are_sent_on_in_a_file() {
        let samples: Vec<u8> = (0..100_i16)
            .flat_map(|at| (at * 300).to_le_bytes())
            .collect();
        let recording = recording(&spoken("pcm", "application/octet-stream", &samples)).unwrap();
        assert_eq!(recording.filename, "speech.wav");
        assert_eq!(recording.media.content_type.as_deref(), Some("audio/wav"));
        assert!(recording.media.bytes.ends_with(&samples));
        assert_eq!(
            Container::sniff(&recording.media.bytes),
            Some(Container::Wav)
        );
    }

    /// Rows demand 300 tokens of a prompt that holds it: no tokenizer makes fewer tokens than words of prose.
    #[test]
    fn the_passage_has_as_many_words_as_it_says_and_stands_alone() {
        assert_eq!(PASSAGE.split_whitespace().count(), 376);
        assert!(PASSAGE.is_ascii() && !PASSAGE.trim_end().ends_with('\n'));
        assert!(!PASSAGE.contains("${"));
    }

    #[test]
    fn the_filler_is_long_and_its_body_is_not_too_large() {
        let filler = filler();
        assert_eq!(filler.split_whitespace().count(), FILLER_WORDS);
        assert!(filler.len() < 1 << 20);
    }
}
