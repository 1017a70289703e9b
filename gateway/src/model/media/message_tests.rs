//! Every message a caller may get to read.

use super::image::ImageError;
use super::speech::{AudioFormat, UnsupportedFormat};
use super::transcribe::DecodeError;

#[test]
fn messages_name_the_attempt_the_finding_and_the_next_step() {
    let unsupported = UnsupportedFormat {
        format: AudioFormat::Aac,
        reason: "no such rate".to_owned(),
    };
    let unknown = "midi".parse::<AudioFormat>().unwrap_err();
    let decode = [
        DecodeError::Unrecognised { length: 12 },
        DecodeError::Damaged {
            kind: "wav",
            reason: "no data".to_owned(),
        },
        DecodeError::Empty { kind: "flac" },
        DecodeError::UnsupportedLayout {
            rate: 1_000,
            channels: 9,
        },
        DecodeError::TooLong,
    ];
    let image = [
        ImageError::Unrecognised { length: 12 },
        ImageError::Damaged {
            format: "PNG",
            reason: "no data".to_owned(),
        },
        ImageError::TooLarge {
            width: 20_000,
            height: 2,
        },
    ];
    let messages = [unsupported.to_string(), unknown.to_string()].into_iter();
    let messages = messages
        .chain(decode.iter().map(ToString::to_string))
        .chain(image.iter().map(ToString::to_string));
    insta::assert_snapshot!(messages.collect::<Vec<_>>().join("\n"));
}
