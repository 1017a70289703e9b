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
    use super::*;

    const TONE: &[u8] = include_bytes!("testdata/tone.opus");

    /// The checksum of a page whose own is zero (RFC 3533, section 6).
    fn checksum(page: &[u8]) -> u32 {
        page.iter().fold(0, |crc: u32, byte| {
            let mixed = crc ^ (u32::from(*byte) << 24);
            (0..8).fold(mixed, |crc, _| {
                let carry = if crc >> 31 == 1 { 0x04C1_1DB7 } else { 0 };
                (crc << 1) ^ carry
            })
        })
    }

    fn sealed(mut page: Vec<u8>) -> Vec<u8> {
        page[22..26].fill(0);
        let sum = checksum(&page);
        page[22..26].copy_from_slice(&sum.to_le_bytes());
        page
    }

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
}
