//! One reader for each kind of file.

use std::io::Cursor;

use opus_pure::{MAX_PACKET_SAMPLES, OggOpusReader, Trim};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

use super::MAX_SECONDS;
use super::decode::{Audio, DecodeError};
use super::mixer::Mixer;

/// Rate at which Opus, which has none of its own, is decoded.
const OPUS_RATE: u16 = 16_000;

/// 16-bit samples without a header.
pub(super) fn raw(
    bytes: &[u8],
    rate: u32,
    channels: u16,
    big_endian: bool,
) -> Result<Audio, DecodeError> {
    let mut mixer = Mixer::new(rate, usize::from(channels))?;
    let pairs = bytes.as_chunks::<2>().0;
    let read = if big_endian {
        i16::from_be_bytes
    } else {
        i16::from_le_bytes
    };
    let samples: Vec<f32> = pairs
        .iter()
        .map(|&pair| f32::from(read(pair)) / 32_768.0)
        .collect();
    mixer.push(&samples)?;
    mixer.finish("pcm")
}

/// Opus in Ogg (RFC 7845).
pub(super) fn ogg_opus(bytes: &[u8]) -> Result<Audio, DecodeError> {
    let damaged = |error: opus_pure::Error| DecodeError::Damaged {
        kind: "opus",
        reason: error.to_string(),
    };
    let mut reader = OggOpusReader::new(Cursor::new(bytes)).map_err(damaged)?;
    let head = reader.head().clone();
    let channels = usize::from(head.channel_count);
    if !(1..=2).contains(&channels) {
        return Err(DecodeError::UnsupportedLayout {
            rate: u32::from(OPUS_RATE),
            channels,
        });
    }
    let mut mixer = Mixer::new(u32::from(OPUS_RATE), channels)?;
    let mut decoder = head.decoder(i32::from(OPUS_RATE)).map_err(damaged)?;
    let mut trim = Trim::new(&head, i32::from(OPUS_RATE), channels).map_err(damaged)?;
    let mut block = vec![0.0_f32; MAX_PACKET_SAMPLES * channels];
    for packet in reader.packets() {
        let packet = packet.map_err(damaged)?;
        let frames = decoder
            .decode(&packet.data, MAX_PACKET_SAMPLES, &mut block)
            .map_err(damaged)?;
        mixer.push(trim.keep(&packet, &block[..frames * channels]))?;
    }
    mixer.finish("opus")
}

/// AAC in MP4, as telephones record it.
///
/// Two readers, since each refuses files that are common: one those without certain descriptors, the other those whose
/// edit list is not a whole number of samples (every 22,050 Hz file of a widespread encoder).
pub(super) fn m4a(bytes: &[u8]) -> Result<Audio, DecodeError> {
    match container(bytes, "m4a") {
        Err(DecodeError::Damaged { .. }) => m4a_by_syom(bytes),
        read => read,
    }
}

fn m4a_by_syom(bytes: &[u8]) -> Result<Audio, DecodeError> {
    let options = syom::DecodeOptions::audio().with_max_duration_secs(MAX_SECONDS);
    let mut mixer: Option<Mixer> = None;
    let mut refused = None;
    let mut interleaved: Vec<f32> = Vec::new();
    let decoded = syom::decode_streaming(bytes, &options, |frame| {
        interleaved.clear();
        interleaved.extend(
            (0..frame.samples).flat_map(|at| frame.planar.iter().map(move |plane| plane[at])),
        );
        feed(
            &mut mixer,
            (frame.sample_rate, frame.planar.len()),
            &interleaved,
            "m4a",
        )
        .map_err(|error| {
            let reason = error.to_string();
            refused = Some(error);
            syom::AacError::decode(reason)
        })
    });
    match (decoded, refused, mixer) {
        (_, Some(error), _) => Err(error),
        (Err(syom::AacError::TooLong { .. }), ..) => Err(DecodeError::TooLong),
        (Err(error), ..) => Err(DecodeError::damaged("m4a", &error)),
        (Ok(_), None, Some(mixer)) => mixer.finish("m4a"),
        (Ok(_), None, None) => Err(DecodeError::Empty { kind: "m4a" }),
    }
}

/// WAV, FLAC, MP3, AAC in ADTS or MP4, Vorbis in Ogg.
pub(super) fn container(bytes: &[u8], extension: &'static str) -> Result<Audio, DecodeError> {
    let damaged = |error: SymphoniaError| DecodeError::damaged(extension, &error);
    let source = Box::new(Cursor::new(bytes.to_vec()));
    let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    hint.with_extension(extension);
    let mut format = symphonia::default::get_probe()
        .probe(
            &hint,
            stream,
            FormatOptions::default(),
            MetadataOptions::default(),
        )
        .map_err(damaged)?;
    let (track, parameters) = audio_track(format.as_ref())
        .ok_or_else(|| DecodeError::damaged(extension, &"it has no audio track"))?;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(&parameters, &AudioDecoderOptions::default())
        .map_err(damaged)?;
    decode_track(format.as_mut(), decoder.as_mut(), track, extension)
}

fn audio_track(format: &dyn FormatReader) -> Option<(u32, AudioCodecParameters)> {
    let track = format.default_track(TrackType::Audio)?;
    Some((track.id, track.codec_params.as_ref()?.audio()?.clone()))
}

fn decode_track(
    format: &mut dyn FormatReader,
    decoder: &mut dyn AudioDecoder,
    track: u32,
    kind: &'static str,
) -> Result<Audio, DecodeError> {
    let mut mixer: Option<Mixer> = None;
    let mut samples: Vec<f32> = Vec::new();
    let mut last_error = None;
    loop {
        let packet = match format.next_packet() {
            Ok(Some(packet)) if packet.track_id == track => packet,
            Ok(Some(_)) => continue,
            Ok(None) => break,
            // The end of a file cut short: what came before still counts.
            Err(SymphoniaError::IoError(error))
                if error.kind() == std::io::ErrorKind::UnexpectedEof =>
            {
                break;
            }
            Err(error) => return Err(DecodeError::damaged(kind, &error)),
        };
        match decoder.decode(&packet) {
            Ok(buffer) => {
                let layout = (buffer.spec().rate(), buffer.num_planes());
                buffer.copy_to_vec_interleaved(&mut samples);
                feed(&mut mixer, layout, &samples, kind)?;
            }
            // One bad packet is a gap, as on the air.
            Err(error @ (SymphoniaError::DecodeError(_) | SymphoniaError::IoError(_))) => {
                last_error = Some(error);
            }
            Err(error) => return Err(DecodeError::damaged(kind, &error)),
        }
    }
    match (mixer, last_error) {
        (Some(mixer), _) => mixer.finish(kind),
        (None, Some(error)) => Err(DecodeError::damaged(kind, &error)),
        (None, None) => Err(DecodeError::Empty { kind }),
    }
}

/// Hands decoded samples to the mixer, which the first of them makes.
fn feed(
    mixer: &mut Option<Mixer>,
    (rate, channels): (u32, usize),
    interleaved: &[f32],
    kind: &'static str,
) -> Result<(), DecodeError> {
    let mixer = match mixer {
        Some(mixer) if mixer.layout == (rate, channels) => mixer,
        Some(_) => {
            return Err(DecodeError::damaged(
                kind,
                &"its sample rate or channels change midway",
            ));
        }
        none => none.insert(Mixer::new(rate, channels)?),
    };
    mixer.push(interleaved)
}
