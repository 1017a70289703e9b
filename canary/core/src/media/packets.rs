//! MP3, AAC, FLAC, WAV and Vorbis, through other people's decoders.

use std::{borrow::Cow, io::Cursor};

use symphonia::core::{
    codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions},
    errors::Error,
    formats::{FormatOptions, FormatReader, TrackType, probe::Hint},
    io::{MediaSourceStream, MediaSourceStreamOptions},
    meta::MetadataOptions,
};

use super::{Container, Sound, loudness::Meter};

/// The least share of a file of bare frames or samples that must be frames or samples: anything
/// less is a file with holes. ADTS headers, tags and padding are what is left.
const COVERED: f64 = 0.85;

/// The least share of the length which a file's head states that must be there.
const THERE: f64 = 0.95;

pub(super) fn listen(bytes: &[u8], container: Container) -> Option<Sound> {
    let bytes = if container == Container::Wav {
        with_open_end(bytes)
    } else {
        Cow::Borrowed(bytes)
    };
    let size = bytes.len();
    let in_mp4 = bytes.get(4..8) == Some(b"ftyp");
    let states_length = match container {
        Container::Mp3 => has_frame_count(&bytes),
        // Bare frames state nothing; what the reader says is a guess from the first of them.
        Container::Aac => in_mp4,
        _ => true,
    };
    let source = Box::new(Cursor::new(bytes.into_owned()));
    let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    hint.with_extension(match container {
        Container::Aac if in_mp4 => "m4a",
        Container::Opus => "ogg",
        container => container.as_str(),
    });
    let mut format = symphonia::default::get_probe()
        .probe(
            &hint,
            stream,
            FormatOptions::default(),
            MetadataOptions::default(),
        )
        .ok()?;
    let (track, stated, parameters) = audio_track(format.as_ref())?;
    let options = AudioDecoderOptions::default().verify(container == Container::Flac);
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(&parameters, &options)
        .ok()?;
    let read = read(format.as_mut(), decoder.as_mut(), track)?;
    let checksum_holds = decoder.finalize().verify_ok != Some(false);
    let stated = stated.filter(|frames| states_length && *frames < u64::from(u32::MAX) / 2);
    let whole = share(read.meter.frames(), stated.unwrap_or(0)) >= THERE;
    // What stands around the frames of these files can be longer than they are.
    let bare = !in_mp4 && !matches!(container, Container::Flac | Container::Opus);
    let covered = !bare || share(read.bytes, size as u64) >= COVERED;
    let sound_packets = read.damaged * 50 <= read.packets;
    if !(checksum_holds && whole && covered && sound_packets) {
        return None;
    }
    read.meter.finish()
}

/// Whether an MP3 file says in its first frame how many there are. Of one that does not, the reader
/// guesses it from the first frames, which are small where it begins with silence.
fn has_frame_count(bytes: &[u8]) -> bool {
    let tag = match bytes {
        // The size of an ID3 tag has seven bits a byte.
        [b'I', b'D', b'3', _, _, _, a, b, c, d, ..] => {
            let size = [a, b, c, d]
                .iter()
                .fold(0usize, |size, byte| size << 7 | usize::from(**byte & 0x7F));
            size + 10
        }
        _ => 0,
    };
    // Behind the frame's head and what is beside it: 40 bytes at most.
    let frame = bytes.get(tag..).unwrap_or_default();
    let head = &frame[..frame.len().min(48)];
    [b"Xing", b"Info", b"VBRI"]
        .iter()
        .any(|name| head.windows(4).any(|four| four == *name))
}

#[expect(clippy::cast_precision_loss, reason = "a share needs few digits")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

fn audio_track(format: &dyn FormatReader) -> Option<(u32, Option<u64>, AudioCodecParameters)> {
    let track = format.default_track(TrackType::Audio)?;
    let parameters = track.codec_params.as_ref()?.audio()?.clone();
    Some((track.id, track.num_frames, parameters))
}

struct Read {
    meter: Meter,
    bytes: u64,
    packets: u64,
    damaged: u64,
}

fn read(format: &mut dyn FormatReader, decoder: &mut dyn AudioDecoder, track: u32) -> Option<Read> {
    let mut meter: Option<Meter> = None;
    let mut samples: Vec<f32> = Vec::new();
    let (mut bytes, mut packets, mut damaged) = (0, 0, 0);
    loop {
        let packet = match format.next_packet() {
            Ok(Some(packet)) if packet.track_id == track => packet,
            Ok(Some(_)) => continue,
            Ok(None) => break,
            // How the readers end a file whose length is not stated.
            Err(Error::IoError(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                break;
            }
            Err(_) => return None,
        };
        bytes += packet.data.len() as u64;
        packets += 1;
        let Ok(buffer) = decoder.decode(&packet) else {
            damaged += 1;
            continue;
        };
        let (rate, channels) = (buffer.spec().rate(), buffer.num_planes());
        buffer.copy_to_vec_interleaved(&mut samples);
        let meter = match &mut meter {
            Some(meter) if meter.rate() == rate => meter,
            Some(_) => return None,
            none => none.insert(Meter::new(rate)?),
        };
        meter.push(&samples, channels);
    }
    Some(Read {
        meter: meter?,
        bytes,
        packets,
        damaged,
    })
}

/// A WAV file that was written as a stream states no length, or one that nothing has. Says so in
/// the one way that the reader understands.
fn with_open_end(bytes: &[u8]) -> Cow<'_, [u8]> {
    let head = &bytes[..bytes.len().min(4_096)];
    let Some(data) = head.windows(4).position(|four| four == b"data") else {
        return Cow::Borrowed(bytes);
    };
    let Some(stated) = bytes
        .get(data + 4..data + 8)
        .and_then(|four| four.try_into().ok())
        .map(u32::from_le_bytes)
    else {
        return Cow::Borrowed(bytes);
    };
    // Zero, or just under 2 or 4 GiB: what encoders write before they know better.
    let open = stated == 0 || (stated | 0x8000_0000) >= 0xFFFF_F000;
    if !open {
        return Cow::Borrowed(bytes);
    }
    let mut bytes = bytes.to_vec();
    for at in [4, data + 4] {
        if let Some(length) = bytes.get_mut(at..at + 4) {
            length.fill(0xFF);
        }
    }
    Cow::Owned(bytes)
}

#[cfg(test)]
mod tests;
