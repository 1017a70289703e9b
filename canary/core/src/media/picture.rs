//! PNG, JPEG and WebP to pixels.

use std::io::Cursor;

use image_webp::WebPDecoder;
use png::Transformations;
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::JpegDecoder;

use super::Picture;

/// Most pixels that are looked at: bounds memory on small files that claim to be huge.
const MOST_PIXELS: u64 = 40_000_000;

fn is_bearable(width: u32, height: u32) -> bool {
    u64::from(width) * u64::from(height) <= MOST_PIXELS
}

pub(super) fn look(bytes: &[u8]) -> Option<Picture> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => of_png(bytes),
        [0xFF, 0xD8, 0xFF, ..] => of_jpeg(bytes),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => of_webp(bytes),
        _ => None,
    }
}

fn of_png(bytes: &[u8]) -> Option<Picture> {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    if !is_bearable(reader.info().width, reader.info().height) {
        return None;
    }
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut pixels).ok()?;
    reader.finish().ok()?;
    pixels.truncate(frame.buffer_size());
    Some(Picture {
        width: frame.width,
        height: frame.height,
        channels: frame.color_type.samples(),
        pixels,
        lossless: true,
    })
}

fn of_jpeg(bytes: &[u8]) -> Option<Picture> {
    // A file that is cut off decodes to a picture with a grey rest; its end marker is missing.
    let tail = &bytes[bytes.len().saturating_sub(64)..];
    if !tail.windows(2).any(|two| two == [0xFF, 0xD9]) {
        return None;
    }
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    let info = decoder.info()?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    if !is_bearable(width, height) {
        return None;
    }
    let pixels = decoder.decode().ok()?;
    Some(Picture {
        width,
        height,
        channels: 3,
        pixels,
        lossless: false,
    })
}

fn of_webp(bytes: &[u8]) -> Option<Picture> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).ok()?;
    let (width, height) = decoder.dimensions();
    if !is_bearable(width, height) {
        return None;
    }
    let mut pixels = vec![0; decoder.output_buffer_size()?];
    decoder.read_image(&mut pixels).ok()?;
    Some(Picture {
        width,
        height,
        channels: if decoder.has_alpha() { 4 } else { 3 },
        pixels,
        lossless: !decoder.is_lossy(),
    })
}

#[cfg(test)]
mod tests;
