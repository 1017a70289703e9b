//! Pictures: a prompt becomes a PNG, an image becomes what can be said about it.

mod colour;
mod describe;
mod paint;
mod scene;

pub use describe::{ImageError, ImageFacts, describe};

/// Largest side of a picture, in pixels; larger requests are drawn at this size.
pub const MAX_SIDE: u32 = 4_096;

/// Draws `prompt` as a PNG (8-bit RGB) of exactly `width` × `height` pixels, each at least 1 and at most [`MAX_SIDE`].
///
/// Colours and shapes the prompt names are honoured ("a red circle on a blue background"). All it leaves open follows from
/// its digest, so that any two prompts give different pictures, and none is flat.
pub fn render(prompt: &str, width: u32, height: u32) -> Vec<u8> {
    let (width, height) = (width.clamp(1, MAX_SIDE), height.clamp(1, MAX_SIDE));
    let pixels = paint::paint(&scene::Scene::from_prompt(prompt), width, height);
    encode_png(&pixels, width, height)
}

pub(crate) fn encode_png(pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(pixels)?;
        writer.finish()
    });
    debug_assert!(
        written.is_ok(),
        "writing RGB pixels of the right number into memory cannot fail: {written:?}"
    );
    file
}

#[cfg(test)]
mod tests;
