//! Opus in Ogg (RFC 7845).

use std::{borrow::Cow, io::Cursor};

use opus_pure::{MAX_PACKET_SAMPLES, OggOpusReader, Trim};

use super::{Sound, loudness::Meter};

/// Rate that Opus is decoded at; its own is always 48,000.
const RATE: u16 = 16_000;

/// Whether the first page of an Ogg file says Opus.
pub(super) fn is(bytes: &[u8]) -> bool {
    let page = &bytes[..bytes.len().min(128)];
    page.windows(8).any(|eight| eight == b"OpusHead")
}

pub(super) fn listen(bytes: &[u8]) -> Option<Sound> {
    let bytes = without_nil_pages(bytes);
    let mut reader = OggOpusReader::new(Cursor::new(bytes.as_ref())).ok()?;
    let head = reader.head().clone();
    let channels = usize::from(head.channel_count);
    let mut decoder = head.decoder(i32::from(RATE)).ok()?;
    let mut trim = Trim::new(&head, i32::from(RATE), channels).ok()?;
    let mut meter = Meter::new(u32::from(RATE))?;
    let mut block = vec![0.0_f32; MAX_PACKET_SAMPLES * channels];
    for packet in reader.packets() {
        let packet = packet.ok()?;
        let frames = decoder
            .decode(&packet.data, MAX_PACKET_SAMPLES, &mut block)
            .ok()?;
        let played = block.get(..frames * channels)?;
        meter.push(trim.keep(&packet, played), channels);
    }
    meter.finish()
}

/// The file without its pages that hold no segment. RFC 3533 allows them, some writers end a stream
/// with one, and the reader takes them for damage.
fn without_nil_pages(bytes: &[u8]) -> Cow<'_, [u8]> {
    const HEAD: usize = 27;
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut rest = bytes;
    while rest.starts_with(b"OggS") && rest.len() >= HEAD {
        let segments = usize::from(rest[HEAD - 1]);
        let table = rest.get(HEAD..HEAD + segments).unwrap_or_default();
        let body: usize = table.iter().map(|size| usize::from(*size)).sum();
        let (page, after) = rest.split_at((HEAD + segments + body).min(rest.len()));
        if segments > 0 {
            kept.push(page);
        }
        rest = after;
    }
    if kept.iter().map(|page| page.len()).sum::<usize>() + rest.len() == bytes.len() {
        return Cow::Borrowed(bytes);
    }
    kept.push(rest);
    Cow::Owned(kept.concat())
}

#[cfg(test)]
mod tests {
    use opus_pure::{Application, OggOpusWriter, OpusEncoder, OpusHead};

    use super::*;
    use crate::media::crafted::sealed;

    const TONE: &[u8] = include_bytes!("testdata/tone.opus");

    /// A recording whose end is told by a page of its own, without a segment.
    fn with_nil_end() -> Vec<u8> {
        let at = TONE.windows(4).rposition(|four| four == b"OggS").unwrap();
        let mut last = TONE[at..].to_vec();
        assert_eq!(last[5], 4, "the last page ends the stream");
        let mut end = last[..27].to_vec();
        last[5] = 0;
        let number = u32::from_le_bytes(end[18..22].try_into().unwrap()) + 1;
        end[18..22].copy_from_slice(&number.to_le_bytes());
        end[26] = 0;
        [&TONE[..at], &sealed(last), &sealed(end)].concat()
    }

    #[test]
    fn a_stream_may_end_with_a_page_without_segments() {
        let whole = listen(TONE).unwrap();
        let sound = listen(&with_nil_end()).expect("decoded");
        assert!((sound.seconds - whole.seconds).abs() < 0.1, "{sound:?}");
        assert!(matches!(without_nil_pages(TONE), Cow::Borrowed(_)));
    }

    #[test]
    fn what_is_no_page_is_left_as_it_is() {
        let cut = &TONE[..TONE.len() - 5];
        let tailed = [TONE, b"OggS", &[0; 10]].concat();
        for bytes in [b"".as_slice(), b"RIFF....", cut, &tailed] {
            assert_eq!(without_nil_pages(bytes), bytes);
        }
        let nil = [&with_nil_end()[..], b"tail"].concat();
        assert_eq!(without_nil_pages(&nil).len(), nil.len() - 27);
    }

    #[test]
    fn both_channels_of_a_recording_are_heard() {
        // The longest packets that there are: 120 ms.
        const FRAMES: usize = 5_760;
        let mut encoder = OpusEncoder::new(48_000, 2, Application::Audio).unwrap();
        let head = OpusHead::new(2, 48_000).unwrap();
        let mut file = OggOpusWriter::new(Vec::new(), head).unwrap();
        // A tone of 480 Hz, in the right channel only.
        let tone = |at: usize| if at % 100 < 50 { 0.3 } else { -0.3 };
        let samples: Vec<f32> = (0..FRAMES).flat_map(|at| [0.0, tone(at)]).collect();
        let mut packet = vec![0; 8_000];
        for _ in 0..5 {
            let size = encoder.encode(&samples, FRAMES, &mut packet).unwrap();
            file.write_packet(&packet[..size]).unwrap();
        }
        let sound = listen(&file.finish().unwrap()).expect("decoded");
        assert!((0.5..0.7).contains(&sound.seconds), "{sound:?}");
        assert!(sound.heard > 0.8, "{sound:?}");
    }
}
