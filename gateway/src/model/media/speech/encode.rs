//! Samples to files.

use std::io::Cursor;

use opus_pure::{Application, MAX_PACKET_BYTES, OggOpusWriter, OpusEncoder, OpusHead};

use super::{AudioFormat, UnsupportedFormat};

/// Bit rates at which every symbol survives with a wide margin, and files stay small.
const MP3_KBPS: u32 = 64;
const AAC_BITS_PER_SECOND: u32 = 64_000;
const OPUS_BITS_PER_SECOND: i32 = 32_000;

/// Opus packets a second.
const OPUS_PACKET_RATE: usize = 50;

type EncoderError = Box<dyn std::error::Error + Send + Sync>;

/// Writes mono `samples` within ±1 as a file of `format`.
pub(super) fn encode(
    samples: &[f32],
    rate: u32,
    format: AudioFormat,
) -> Result<Vec<u8>, UnsupportedFormat> {
    let encoded = match format {
        AudioFormat::Wav => wav(samples, rate),
        AudioFormat::Pcm => Ok(pcm(samples)),
        AudioFormat::Flac => flac(samples, rate),
        AudioFormat::Mp3 => mp3(samples, rate),
        AudioFormat::Opus => opus(samples, rate),
        AudioFormat::Aac => aac(samples, rate),
    };
    encoded.map_err(|error| UnsupportedFormat {
        format,
        reason: error.to_string(),
    })
}

fn to_i16(sample: f32) -> i16 {
    (sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)).round() as i16
}

fn pcm(samples: &[f32]) -> Vec<u8> {
    samples
        .iter()
        .flat_map(|&sample| to_i16(sample).to_le_bytes())
        .collect()
}

fn wav(samples: &[f32], rate: u32) -> Result<Vec<u8>, EncoderError> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut file, spec)?;
    for &sample in samples {
        writer.write_sample(to_i16(sample))?;
    }
    writer.finalize()?;
    Ok(file.into_inner())
}

fn flac(samples: &[f32], rate: u32) -> Result<Vec<u8>, EncoderError> {
    let integers: Vec<i32> = samples
        .iter()
        .map(|&sample| i32::from(to_i16(sample)))
        .collect();
    let mut file = Cursor::new(Vec::new());
    let options = flac_codec::encode::Options::fast().no_padding();
    let total = Some(integers.len() as u64);
    let mut writer =
        flac_codec::encode::FlacSampleWriter::new(&mut file, options, rate, 16, 1, total)?;
    writer.write(&integers)?;
    writer.finalize()?;
    Ok(file.into_inner())
}

fn mp3(samples: &[f32], rate: u32) -> Result<Vec<u8>, EncoderError> {
    let config = rusty_mp3::Mp3EncoderConfig {
        bitrate_kbps: MP3_KBPS,
        vbr_quality: None,
    };
    let mut encoder = rusty_mp3::Mp3Encoder::new(config);
    encoder.push_pcm_f32(samples, 1, rate)?;
    encoder.finish();
    let mut file = Vec::new();
    loop {
        match encoder.next_packet() {
            Ok(packet) => file.extend_from_slice(&packet),
            Err(rusty_mp3::Error::Eof) => return Ok(file),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Frame by frame: the encoder's own file writer would put a tag in front, which hides the ADTS sync word.
fn aac(samples: &[f32], rate: u32) -> Result<Vec<u8>, EncoderError> {
    let options = syom::EncodeOptions::adts().with_bitrate_bps(AAC_BITS_PER_SECOND);
    let mut encoder = syom::Encoder::new(rate, 1, &options)?;
    let mut file = Vec::new();
    let mut append = |frame: syom::EncodedFrame<'_>| {
        file.extend_from_slice(frame.au);
        Ok(())
    };
    encoder.feed(&[samples], &mut append)?;
    encoder.finish(&mut append)?;
    Ok(file)
}

/// Writes an Ogg Opus file that decodes to exactly as many samples as went in (RFC 7845, §4.2 and §4.4).
fn opus(samples: &[f32], rate: u32) -> Result<Vec<u8>, EncoderError> {
    let mut encoder = OpusEncoder::new(rate.try_into()?, 1, Application::Audio)?;
    encoder.bitrate_bps = OPUS_BITS_PER_SECOND;
    let head = OpusHead::for_encoder(&encoder, rate);
    let ticks_per_sample = (48_000 / rate) as usize;
    let frame = rate as usize / OPUS_PACKET_RATE;
    let pre_skip = usize::from(head.pre_skip);
    let frames = (samples.len() + pre_skip.div_ceil(ticks_per_sample))
        .div_ceil(frame)
        .max(1);
    let final_granule = (pre_skip + samples.len() * ticks_per_sample) as u64;

    let mut file = Vec::new();
    let mut writer = OggOpusWriter::new(&mut file, head)?;
    let mut packet = vec![0_u8; MAX_PACKET_BYTES];
    let mut block = vec![0.0_f32; frame];
    for index in 0..frames {
        let rest = samples.get(index * frame..).unwrap_or_default();
        let filled = rest.len().min(frame);
        block[..filled].copy_from_slice(&rest[..filled]);
        block[filled..].fill(0.0);
        let length = encoder.encode(&block, frame, &mut packet)?;
        if index + 1 == frames {
            let played = u64::try_from(writer.granule())?;
            let last = u32::try_from(final_granule.saturating_sub(played))?;
            writer.write_packet_with_duration(&packet[..length], last)?;
        } else {
            writer.write_packet(&packet[..length])?;
        }
    }
    writer.finish()?;
    Ok(file)
}
