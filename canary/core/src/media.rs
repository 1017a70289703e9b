//! What is in a binary answer: which container a recording comes in, how long it is and whether
//! anything can be heard; how large a picture is and whether it shows anything.
//!
//! Telling containers apart is always possible. Decoding needs the feature `measure`, which only
//! the executor enables; without it nothing can be measured, and what was not measured does not
//! hold.

mod container;
mod loudness;
#[cfg(feature = "measure")]
mod opus;
#[cfg(feature = "measure")]
mod packets;
#[cfg(feature = "measure")]
mod picture;

pub use container::Container;
pub use loudness::Sound;

/// A decoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Bytes a pixel: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
    pub channels: usize,
    /// The pixels, row by row from the top.
    pub pixels: Vec<u8>,
}

/// Standard deviation of a colour channel, in steps of 1 of 255, above which a picture shows
/// something. Compression noise on one flat colour stays below 2.
const FLAT: f64 = 4.0;

impl Picture {
    /// Whether the picture is one flat colour, up to compression noise. Transparency is no colour.
    pub fn is_flat(&self) -> bool {
        let colours = if self.channels < 3 { 1 } else { 3 };
        (0..colours).all(|channel| {
            let values = self.pixels.iter().skip(channel).step_by(self.channels);
            deviation(values.copied()) < FLAT
        })
    }
}

fn deviation(values: impl Iterator<Item = u8>) -> f64 {
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for value in values {
        let value = f64::from(value);
        count += 1.0;
        sum += value;
        squares += value * value;
    }
    if count == 0.0 {
        return 0.0;
    }
    let mean = sum / count;
    (squares / count - mean * mean).max(0.0).sqrt()
}

/// Decodes a recording of a known container. [`None`] when it is damaged or not that container.
pub fn listen(bytes: &[u8], container: Container) -> Option<Sound> {
    #[cfg(feature = "measure")]
    {
        // The decoders read foreign bytes; should one panic, the file is damaged like any other.
        let read = || match container {
            Container::Opus if opus::is(bytes) => opus::listen(bytes),
            Container::Pcm => loudness::raw(bytes),
            container => packets::listen(bytes, container),
        };
        std::panic::catch_unwind(read).ok().flatten()
    }
    #[cfg(not(feature = "measure"))]
    {
        let _ = (bytes, container);
        None
    }
}

/// Decodes a PNG, JPEG or WebP picture. [`None`] when it is damaged or none of these.
pub fn look(bytes: &[u8]) -> Option<Picture> {
    #[cfg(feature = "measure")]
    {
        std::panic::catch_unwind(|| picture::look(bytes))
            .ok()
            .flatten()
    }
    #[cfg(not(feature = "measure"))]
    {
        let _ = bytes;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(channels: usize, pixels: Vec<u8>) -> Picture {
        Picture {
            width: 4,
            height: u32::try_from(pixels.len() / channels / 4).unwrap(),
            channels,
            pixels,
        }
    }

    #[test]
    fn a_flat_picture_is_told_from_one_that_shows_something() {
        let noise = (0..48).map(|at| 120 + at % 3).collect();
        assert!(picture(3, noise).is_flat());
        assert!(picture(1, vec![255; 16]).is_flat());
        assert!(picture(3, Vec::new()).is_flat());
        let only_alpha_differs = (0..16).flat_map(|at| [9, 9, 9, at * 10]).collect();
        assert!(picture(4, only_alpha_differs).is_flat());
        let gradient = (0..48).map(|at| at * 5).collect();
        assert!(!picture(3, gradient).is_flat());
        let dot = (0..64).map(|at| if at == 9 { 0 } else { 255 }).collect();
        assert!(!picture(1, dot).is_flat());
        let only_blue = (0..16).flat_map(|at| [7, 7, at * 9]).collect();
        assert!(!picture(3, only_blue).is_flat());
    }
}
