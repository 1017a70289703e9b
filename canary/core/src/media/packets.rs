//! MP3, AAC, FLAC, WAV and Vorbis, through other people's decoders.

use std::io::Cursor;

use symphonia::core::{
    codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions},
    errors::Error,
    formats::{FormatOptions, FormatReader, TrackType, probe::Hint},
    io::{MediaSourceStream, MediaSourceStreamOptions},
    meta::MetadataOptions,
};

use super::{Container, Sound, container::behind_tag, loudness::Meter};

/// The least share of a file of bare frames or samples that must be frames or samples: anything
/// less is a file with holes. ADTS headers, tags and padding are what is left.
const COVERED: f64 = 0.85;

/// The least share of the length which a file's head states that must be there.
const THERE: f64 = 0.95;

pub(super) fn listen(bytes: &[u8], container: Container) -> Option<Sound> {
    let size = bytes.len() as u64;
    let in_mp4 = bytes.get(4..8) == Some(b"ftyp");
    let states_length = match container {
        Container::Mp3 => has_frame_count(bytes),
        // Bare frames state nothing; what the reader says is a guess from the first of them.
        Container::Aac => in_mp4,
        _ => true,
    };
    let opened = match container {
        Container::Wav => with_open_end(bytes),
        _ => None,
    };
    let source = Cursor::new(opened.unwrap_or_else(|| bytes.to_vec()));
    let options = MediaSourceStreamOptions::default();
    let mut format = symphonia::default::get_probe()
        .probe(
            // A file tells what it is by its first bytes.
            &Hint::new(),
            MediaSourceStream::new(Box::new(source), options),
            FormatOptions::default(),
            MetadataOptions::default(),
        )
        .ok()?;
    let (track, stated, parameters) = audio_track(format.as_ref())?;
    // Only FLAC has a checksum of its samples.
    let options = AudioDecoderOptions::default().verify(true);
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(&parameters, &options)
        .ok()?;
    let read = read(format.as_mut(), decoder.as_mut(), track)?;
    let checksum_holds = decoder.finalize().verify_ok != Some(false);
    let stated = stated.filter(|frames| states_length && !is_unknown(*frames));
    let whole = stated.is_none_or(|frames| share(read.meter.frames(), frames) >= THERE);
    // What stands around the frames of these files can be longer than they are.
    let bare = !in_mp4 && !matches!(container, Container::Flac | Container::Opus);
    let covered = !bare || share(read.bytes, size) >= COVERED;
    let sound_packets = read.damaged * 50 <= read.packets;
    if !(checksum_holds && whole && covered && sound_packets) {
        return None;
    }
    read.meter.finish()
}

/// Whether an MP3 file says in its first frame how many there are. Of one that does not, the reader
/// guesses it from the first frames, which are small where it begins with silence.
fn has_frame_count(bytes: &[u8]) -> bool {
    // Behind the frame's head and what is beside it: 40 bytes at most.
    let frame = behind_tag(bytes).unwrap_or_default();
    let head = &frame[..frame.len().min(48)];
    [b"Xing", b"Info", b"VBRI"]
        .iter()
        .any(|name| head.windows(4).any(|four| four == *name))
}

/// Whether a length is what encoders write before they know better: zero, or just under 2 or 4 Gi.
fn is_unknown(length: u64) -> bool {
    length == 0 || (length | 0x8000_0000) >= 0xFFFF_F000
}

#[expect(clippy::cast_precision_loss, reason = "a share needs few digits")]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
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
            // An error of reading is how the readers end a file whose length is not stated: in
            // memory, nothing else can be wrong with it.
            Ok(None) | Err(Error::IoError(_)) => break,
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
            Some(meter) => meter,
            // Decoders keep to the rate of the first packet: one of another rate is damaged.
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
/// the one way that the reader understands. [`None`] for a file that states its length.
fn with_open_end(bytes: &[u8]) -> Option<Vec<u8>> {
    const OPEN: &[u8] = &[0xFF; 4];
    let head = &bytes[..bytes.len().min(4_096)];
    let (before, data) = bytes.split_at(memchr::memmem::find(head, b"data")?);
    let (riff, chunks) = (before.get(..4)?, before.get(8..)?);
    let (name, data) = data.split_first_chunk::<4>()?;
    let (length, samples) = data.split_first_chunk::<4>()?;
    is_unknown(u32::from_le_bytes(*length).into())
        .then(|| [riff, OPEN, chunks, name, OPEN, samples].concat())
}

#[cfg(test)]
mod tests;
