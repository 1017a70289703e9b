//! Form bodies with a file (RFC 7578).
//!
//! The boundary is a digest of the parts, not a random text: the same request gives the same bytes, so that the gateway can
//! tell a repetition under one idempotency key from a different request.

use bytes::{Bytes, BytesMut};
use memchr::memmem;
use sha2::{Digest as _, Sha256};

use crate::error::Error;

/// The longest file name, in bytes.
const LONGEST_NAME: usize = 255;

/// A form, part by part.
pub(crate) struct Form {
    parts: Vec<Part>,
}

/// One part.
pub(crate) struct Part {
    head: String,
    content: Bytes,
}

impl Part {
    /// A field. `name` is the crate's own.
    pub(crate) fn text(name: &str, value: &str) -> Self {
        Self {
            head: format!("content-disposition: form-data; name=\"{name}\"\r\n\r\n"),
            content: Bytes::copy_from_slice(value.as_bytes()),
        }
    }

    /// A file. Its name and type are the caller's, and could end the header they stand in.
    pub(crate) fn file(
        name: &str,
        filename: &str,
        content_type: &str,
        content: Bytes,
    ) -> Result<Self, Error> {
        file_name(filename)?;
        media_type(content_type)?;
        let head = format!(
            "content-disposition: form-data; name=\"{name}\"; filename=\"{filename}\"\r\ncontent-type: {content_type}\r\n\r\n"
        );
        Ok(Self { head, content })
    }
}

impl Form {
    pub(crate) fn new() -> Self {
        Self { parts: Vec::new() }
    }

    pub(crate) fn add(&mut self, part: Part) {
        self.parts.push(part);
    }

    /// The form's content type and its bytes.
    pub(crate) fn encode(&self) -> (String, Bytes) {
        let boundary = self.boundary();
        let size: usize = self
            .parts
            .iter()
            .map(|part| part.head.len() + part.content.len() + boundary.len() + 8)
            .sum();
        let mut bytes = BytesMut::with_capacity(size + boundary.len() + 8);
        for part in &self.parts {
            for piece in [
                b"--",
                boundary.as_bytes(),
                b"\r\n",
                part.head.as_bytes(),
                &part.content,
                b"\r\n",
            ] {
                bytes.extend_from_slice(piece);
            }
        }
        for piece in [b"--".as_slice(), boundary.as_bytes(), b"--\r\n"] {
            bytes.extend_from_slice(piece);
        }
        (
            format!("multipart/form-data; boundary={boundary}"),
            bytes.freeze(),
        )
    }

    fn boundary(&self) -> String {
        let mut hash = Sha256::new();
        for part in &self.parts {
            hash.update(&part.head);
            hash.update(&part.content);
        }
        loop {
            let digest = hash.clone().finalize();
            let boundary = format!("runinfra-{}", hex::encode(&digest[..16]));
            // It would take a file that holds its own digest; then the next digest will do.
            let finder = memmem::Finder::new(&boundary);
            if self
                .parts
                .iter()
                .all(|part| finder.find(&part.content).is_none())
            {
                return boundary;
            }
            hash.update(digest);
        }
    }
}

fn file_name(name: &str) -> Result<(), Error> {
    let refuse = |found: &str| {
        Err(Error::invalid(format!(
            "filename {found}: use up to {LONGEST_NAME} characters such as recording.wav"
        )))
    };
    if name.trim().is_empty() {
        return refuse("is blank");
    }
    if name.len() > LONGEST_NAME {
        return refuse("is too long");
    }
    if name
        .chars()
        .any(|c| c == '"' || c == '\\' || c.is_control())
    {
        return refuse("has a quote, a backslash or a control character");
    }
    Ok(())
}

/// A media type: `type/subtype`, with parameters if need be, in printable ASCII.
pub(crate) fn media_type(text: &str) -> Result<(), Error> {
    let essence = text.split(';').next().unwrap_or_default().trim();
    let is_token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let well_formed = essence
        .split_once('/')
        .is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype));
    if well_formed
        && text.len() <= LONGEST_NAME
        && text
            .bytes()
            .all(|byte| byte == b' ' || byte.is_ascii_graphic())
    {
        Ok(())
    } else {
        Err(Error::invalid(
            "content_type is not a media type: use something like audio/wav".to_owned(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(content: &'static [u8]) -> Form {
        let mut form = Form::new();
        form.add(Part::file("file", "a b.wav", "audio/wav", Bytes::from_static(content)).unwrap());
        form.add(Part::text("model", "m\r\n--x"));
        form
    }

    #[test]
    fn the_bytes_are_the_format_and_repeat() {
        let (content_type, bytes) = form(b"RIFF").encode();
        let boundary = content_type
            .strip_prefix("multipart/form-data; boundary=")
            .unwrap();
        let wanted = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a b.wav\"\r\ncontent-type: audio/wav\r\n\r\nRIFF\r\n--{boundary}\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nm\r\n--x\r\n--{boundary}--\r\n"
        );
        assert_eq!(bytes, wanted.as_bytes());
        assert_eq!(form(b"RIFF").encode(), (content_type.clone(), bytes));
        assert_ne!(form(b"RIFX").encode().0, content_type);
    }

    #[test]
    fn names_that_could_end_their_header_are_refused() {
        for bad in [
            "",
            " ",
            "a\"b",
            "a\\b",
            "a\rb",
            "a\nb",
            "a\u{0}b",
            "a\u{85}b",
            &"a".repeat(256),
        ] {
            assert!(
                Part::file("file", bad, "audio/wav", Bytes::new()).is_err(),
                "{bad:?}"
            );
        }
        for good in ["a.wav", "naïve name (1).mp3", &"a".repeat(255)] {
            assert!(
                Part::file("file", good, "audio/wav", Bytes::new()).is_ok(),
                "{good:?}"
            );
        }
    }

    #[test]
    fn media_types_are_checked() {
        for bad in [
            "",
            "audio",
            "audio/",
            "/wav",
            "audio/wav\r\nx: y",
            "au dio/wav",
            "audio/wäv",
            "a/b/c",
        ] {
            assert!(media_type(bad).is_err(), "{bad:?}");
        }
        for good in [
            "audio/wav",
            "audio/x-wav; codecs=1",
            "application/octet-stream",
        ] {
            assert!(media_type(good).is_ok(), "{good:?}");
        }
    }
}
