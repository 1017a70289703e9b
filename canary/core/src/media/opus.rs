//! Opus in Ogg (RFC 7845).

use std::io::Cursor;

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
    let mut reader = OggOpusReader::new(Cursor::new(bytes)).ok()?;
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
