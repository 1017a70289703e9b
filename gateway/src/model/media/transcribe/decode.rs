//! Any audio file to one channel of samples at a rate the modem likes.

use std::io::Cursor;

use opus_pure::{MAX_PACKET_SAMPLES, OggOpusReader, Trim};
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

use super::MAX_SECONDS;
use super::sniff::{Kind, sniff};

/// Rates and channel counts that speech comes in.
const RATES: std::ops::RangeInclusive<u32> = 8_000..=192_000;
const CHANNELS: std::ops::RangeInclusive<usize> = 1..=8;

/// Samples over all channels that one file may decode to: [`MAX_SECONDS`] of stereo at 48 kHz. Bounds the time spent on a
/// small file that claims to be long.
const MAX_SAMPLES: usize = 48_000 * 2 * MAX_SECONDS as usize;

/// The modem hears up to 3.4 kHz, so audio is thinned out to no less than this rate.
const LOWEST_RATE: u32 = 8_000;

/// Rate at which Opus, which has none of its own, is decoded.
const OPUS_RATE: u32 = 16_000;

/// Audio that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// No known container, and samples without a header were not declared.
    #[error(
        "the {length} bytes are no audio format that is supported; send WAV, FLAC, MP3, AAC, M4A, Ogg Opus or Ogg Vorbis"
    )]
    Unrecognised {
        /// Size of the file.
        length: usize,
    },
    /// The container was recognised but is damaged, or its codec is not supported.
    #[error("reading the {kind} audio failed: {reason}; send an intact file")]
    Damaged {
        /// The container.
        kind: &'static str,
        /// What the decoder said.
        reason: String,
    },
    /// A well-formed file without a single sample.
    #[error("the {kind} file holds no audio; record something and send it again")]
    Empty {
        /// The container.
        kind: &'static str,
    },
    /// A sample rate or channel count outside what speech uses.
    #[error(
        "{rate} Hz with {channels} channels is not supported; send 8 to 192 kHz with 1 to 8 channels"
    )]
    UnsupportedLayout {
        /// Samples a second in each channel.
        rate: u32,
        /// Channels.
        channels: usize,
    },
    /// More audio than is accepted.
    #[error("the audio is longer than {} minutes; send it in parts", MAX_SECONDS / 60.0)]
    TooLong,
}

/// One channel of audio.
#[derive(Debug)]
pub(super) struct Audio {
    pub(super) samples: Vec<f32>,
    pub(super) rate: u32,
    /// Length of the file's audio.
    pub(super) seconds: f64,
}

/// Decodes `bytes` to one channel.
pub(super) fn decode(bytes: &[u8], declared: Option<&str>) -> Result<Audio, DecodeError> {
    match sniff(bytes, declared) {
        None => Err(DecodeError::Unrecognised {
            length: bytes.len(),
        }),
        Some(Kind::Raw {
            rate,
            channels,
            big_endian,
        }) => raw(bytes, rate, usize::from(channels), big_endian),
        Some(Kind::OggOpus) => ogg_opus(bytes),
        Some(Kind::Container(extension)) => container(bytes, extension),
    }
}

fn raw(bytes: &[u8], rate: u32, channels: usize, big_endian: bool) -> Result<Audio, DecodeError> {
    let mut mixer = Mixer::new(rate, channels)?;
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

fn ogg_opus(bytes: &[u8]) -> Result<Audio, DecodeError> {
    let damaged = |error: opus_pure::Error| DecodeError::Damaged {
        kind: "opus",
        reason: error.to_string(),
    };
    let mut reader = OggOpusReader::new(Cursor::new(bytes)).map_err(damaged)?;
    let head = reader.head().clone();
    let channels = usize::from(head.channel_count);
    if !(1..=2).contains(&channels) {
        return Err(DecodeError::UnsupportedLayout {
            rate: OPUS_RATE,
            channels,
        });
    }
    let mut mixer = Mixer::new(OPUS_RATE, channels)?;
    let mut decoder = head.decoder(OPUS_RATE as i32).map_err(damaged)?;
    let mut trim = Trim::new(&head, OPUS_RATE as i32, channels).map_err(damaged)?;
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

fn container(bytes: &[u8], extension: &'static str) -> Result<Audio, DecodeError> {
    let damaged = |error: &dyn std::fmt::Display| DecodeError::Damaged {
        kind: extension,
        reason: error.to_string(),
    };
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
        .map_err(|error| damaged(&error))?;
    let track = format
        .default_track(TrackType::Audio)
        .ok_or_else(|| damaged(&"it has no audio track"))?;
    let parameters = track
        .codec_params
        .as_ref()
        .and_then(|parameters| parameters.audio());
    let parameters = parameters.ok_or_else(|| damaged(&"its codec is not named"))?;
    let id = track.id;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|error| damaged(&error))?;

    let mut mixer: Option<Mixer> = None;
    let mut samples: Vec<f32> = Vec::new();
    let mut last_error = None;
    loop {
        let packet = match format.next_packet() {
            Ok(Some(packet)) if packet.track_id == id => packet,
            Ok(Some(_)) => continue,
            Ok(None) => break,
            // The end of a file cut short: what came before still counts.
            Err(SymphoniaError::IoError(error))
                if error.kind() == std::io::ErrorKind::UnexpectedEof =>
            {
                break;
            }
            Err(error) => return Err(damaged(&error)),
        };
        match decoder.decode(&packet) {
            Ok(buffer) => {
                let (rate, channels) = (buffer.spec().rate(), buffer.num_planes());
                let mixer = match &mut mixer {
                    Some(mixer) if mixer.layout == (rate, channels) => mixer,
                    Some(_) => return Err(damaged(&"its sample rate or channels change midway")),
                    none => none.insert(Mixer::new(rate, channels)?),
                };
                buffer.copy_to_vec_interleaved(&mut samples);
                mixer.push(&samples)?;
            }
            Err(error @ (SymphoniaError::DecodeError(_) | SymphoniaError::IoError(_))) => {
                last_error = Some(error)
            }
            Err(error) => return Err(damaged(&error)),
        }
    }
    match (mixer, last_error) {
        (Some(mixer), _) => mixer.finish(extension),
        (None, Some(error)) => Err(damaged(&error)),
        (None, None) => Err(DecodeError::Empty { kind: extension }),
    }
}

/// Mixes channels to one and thins the samples out, as they come.
struct Mixer {
    layout: (u32, usize),
    /// Samples averaged into one.
    factor: usize,
    frames: usize,
    sum: [f32; 2],
    filled: usize,
    /// The average of all channels, and the first one: channels in opposite phase cancel in the average.
    average: Vec<f32>,
    first: Vec<f32>,
}

impl Mixer {
    fn new(rate: u32, channels: usize) -> Result<Self, DecodeError> {
        if !RATES.contains(&rate) || !CHANNELS.contains(&channels) {
            return Err(DecodeError::UnsupportedLayout { rate, channels });
        }
        Ok(Self {
            layout: (rate, channels),
            factor: (rate / LOWEST_RATE) as usize,
            frames: 0,
            sum: [0.0; 2],
            filled: 0,
            average: Vec::new(),
            first: Vec::new(),
        })
    }

    fn push(&mut self, interleaved: &[f32]) -> Result<(), DecodeError> {
        let (rate, channels) = self.layout;
        self.frames += interleaved.len() / channels;
        if self.frames as f64 > MAX_SECONDS * f64::from(rate)
            || self.frames * channels > MAX_SAMPLES
        {
            return Err(DecodeError::TooLong);
        }
        let (share, factor) = (1.0 / channels as f32, self.factor as f32);
        for frame in interleaved.chunks_exact(channels) {
            // Damaged float files hold infinities, which would silence everything around them.
            let clean = |sample: f32| {
                if sample.is_finite() {
                    sample.clamp(-4.0, 4.0)
                } else {
                    0.0
                }
            };
            self.sum[0] += frame.iter().copied().map(clean).sum::<f32>() * share;
            self.sum[1] += clean(frame[0]);
            self.filled += 1;
            if self.filled == self.factor {
                self.average.push(self.sum[0] / factor);
                if channels > 1 {
                    self.first.push(self.sum[1] / factor);
                }
                (self.sum, self.filled) = ([0.0; 2], 0);
            }
        }
        Ok(())
    }

    fn finish(self, kind: &'static str) -> Result<Audio, DecodeError> {
        if self.frames == 0 {
            return Err(DecodeError::Empty { kind });
        }
        let rate = self.layout.0;
        let cancelled = energy(&self.average) * 8.0 < energy(&self.first);
        let mut samples = if cancelled { self.first } else { self.average };
        remove_offset(&mut samples);
        // A rate that is no whole multiple leaves a fraction of a hertz, far below what the modem notices.
        let thinned = rate / self.factor as u32;
        Ok(Audio {
            samples,
            rate: thinned,
            seconds: self.frames as f64 / f64::from(rate),
        })
    }
}

fn energy(samples: &[f32]) -> f64 {
    samples
        .iter()
        .map(|&sample| f64::from(sample) * f64::from(sample))
        .sum()
}

/// Takes a constant offset off, which would count as sound.
fn remove_offset(samples: &mut [f32]) {
    let mean =
        samples.iter().map(|&sample| f64::from(sample)).sum::<f64>() / samples.len().max(1) as f64;
    for sample in samples {
        *sample -= mean as f32;
    }
}
