//! What an image shows, as far as counting pixels tells.

use std::io::Cursor;

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

use super::colour::{BASIC, Rgb, name_of};

/// Most pixels an image may have: bounds memory on small files that claim to be huge.
const MAX_PIXELS: usize = 40_000_000;

/// Longest side accepted, in pixels.
const MAX_SIDE: usize = 16_384;

/// Pixels looked at: enough for the shares, whatever the size.
const SAMPLED_PIXELS: usize = 250_000;

/// Share of all pixels from which a colour is worth mentioning.
const MENTIONED_SHARE: f32 = 0.02;

/// Image bytes that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// Neither PNG nor JPEG.
    #[error("the {length} bytes are neither PNG nor JPEG; send one of these")]
    Unrecognised {
        /// Size of the file.
        length: usize,
    },
    /// Recognised, but damaged.
    #[error("reading the {format} image failed: {reason}; send an intact file")]
    Damaged {
        /// `PNG` or `JPEG`.
        format: &'static str,
        /// What the decoder said.
        reason: String,
    },
    /// More pixels than are accepted.
    #[error(
        "an image of {width} × {height} pixels is too large; send at most {MAX_PIXELS} pixels and {MAX_SIDE} a side"
    )]
    TooLarge {
        /// In pixels.
        width: usize,
        /// In pixels.
        height: usize,
    },
}

/// What is known about an image.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageFacts {
    /// Media type of the file: `image/png` or `image/jpeg`.
    pub content_type: &'static str,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// English name of the colour most pixels have, such as `blue`.
    pub dominant_colour_name: &'static str,
    /// All colours that cover at least 2 % of the image, the widest first, with their share of all pixels.
    pub colours: Vec<(&'static str, f32)>,
    /// Whether every pixel looked at is the same.
    pub is_flat: bool,
}

/// Decodes a PNG or JPEG and tells what it shows. Transparent pixels count as white.
pub fn describe(bytes: &[u8]) -> Result<ImageFacts, ImageError> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        let picture = read_png(bytes)?;
        Ok(facts("image/png", &picture))
    } else if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        let picture = read_jpeg(bytes)?;
        Ok(facts("image/jpeg", &picture))
    } else {
        Err(ImageError::Unrecognised {
            length: bytes.len(),
        })
    }
}

struct Picture {
    width: usize,
    height: usize,
    /// Bytes a pixel: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
    channels: usize,
    pixels: Vec<u8>,
}

fn check_size(width: usize, height: usize) -> Result<(), ImageError> {
    if width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS {
        return Err(ImageError::TooLarge { width, height });
    }
    Ok(())
}

fn read_png(bytes: &[u8]) -> Result<Picture, ImageError> {
    let damaged = |error: png::DecodingError| ImageError::Damaged {
        format: "PNG",
        reason: error.to_string(),
    };
    let limits = png::Limits {
        bytes: MAX_PIXELS * 8,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(damaged)?;
    check_size(header.width as usize, header.height as usize)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let size = reader.output_buffer_size();
    let mut pixels = vec![0; size.filter(|&size| size <= MAX_PIXELS * 4).unwrap_or(0)];
    let frame = reader.next_frame(&mut pixels).map_err(damaged)?;
    Ok(Picture {
        width: frame.width as usize,
        height: frame.height as usize,
        channels: frame.color_type.samples(),
        pixels,
    })
}

fn read_jpeg(bytes: &[u8]) -> Result<Picture, ImageError> {
    let damaged = |error: zune_jpeg::errors::DecodeErrors| ImageError::Damaged {
        format: "JPEG",
        reason: error.to_string(),
    };
    let options = DecoderOptions::default()
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    check_size(width, height)?;
    let pixels = decoder.decode().map_err(damaged)?;
    Ok(Picture {
        width,
        height,
        channels: 3,
        pixels,
    })
}

fn facts(content_type: &'static str, picture: &Picture) -> ImageFacts {
    let count = (picture.pixels.len() / picture.channels).max(1);
    let stride = count.div_ceil(SAMPLED_PIXELS).max(1);
    let sampled = picture
        .pixels
        .chunks_exact(picture.channels)
        .step_by(stride)
        .map(to_rgb);
    let mut shares = BASIC.map(|(name, _)| (name, 0_u32));
    let (mut first, mut is_flat, mut total) = (None, true, 0_u32);
    for rgb in sampled {
        is_flat &= *first.get_or_insert(rgb) == rgb;
        total += 1;
        let name = name_of(rgb);
        if let Some(share) = shares.iter_mut().find(|(known, _)| *known == name) {
            share.1 += 1;
        }
    }
    shares.sort_by_key(|&(_, pixels)| std::cmp::Reverse(pixels));
    let share = |pixels: u32| pixels as f32 / total.max(1) as f32;
    ImageFacts {
        content_type,
        width: picture.width as u32,
        height: picture.height as u32,
        dominant_colour_name: shares[0].0,
        colours: shares
            .iter()
            .map(|&(name, n)| (name, share(n)))
            .filter(|(_, s)| *s >= MENTIONED_SHARE)
            .collect(),
        is_flat,
    }
}

fn to_rgb(pixel: &[u8]) -> Rgb {
    let over_white = |channel: u8, alpha: u8| {
        let (channel, alpha) = (u32::from(channel), u32::from(alpha));
        ((channel * alpha + 255 * (255 - alpha)) / 255) as u8
    };
    match *pixel {
        [grey] => Rgb(grey, grey, grey),
        [grey, alpha] => {
            let grey = over_white(grey, alpha);
            Rgb(grey, grey, grey)
        }
        [r, g, b, alpha] => Rgb(
            over_white(r, alpha),
            over_white(g, alpha),
            over_white(b, alpha),
        ),
        [r, g, b, ..] => Rgb(r, g, b),
        [] => Rgb(0, 0, 0),
    }
}
