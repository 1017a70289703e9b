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
    /// Whether the file keeps every pixel as it was drawn.
    pub lossless: bool,
}

/// Standard deviation of a colour channel, in steps of 1 of 255, above which a picture shows
/// something. Compression noise on one flat colour stays below 2.
const FLAT: f64 = 4.0;

/// The same where no compression makes noise: faint drawings and small ones are drawings.
const FLAT_LOSSLESS: f64 = 1.0;

impl Picture {
    /// Whether the picture is one flat colour, up to compression noise. Transparency is no colour.
    pub fn is_flat(&self) -> bool {
        let colours = if self.channels < 3 { 1 } else { 3 };
        let flat = if self.lossless { FLAT_LOSSLESS } else { FLAT };
        (0..colours).all(|channel| {
            let values = self.pixels.iter().skip(channel).step_by(self.channels);
            deviation(values.copied()) < flat
        })
    }

    /// Whether the upper and the lower half each show more than one flat colour.
    pub fn has_both_halves(&self) -> bool {
        let (upper, lower) = self.pixels.split_at(self.pixels.len() / 2);
        // A half begins at a pixel's first channel.
        let lower = &lower[(self.channels - upper.len() % self.channels) % self.channels..];
        [upper, lower]
            .into_iter()
            .all(|half| !self.of(half).is_flat())
    }

    fn of(&self, pixels: &[u8]) -> Self {
        Self {
            pixels: pixels.to_vec(),
            ..*self
        }
    }

    /// How much a pixel differs from its neighbour, over how much it differs from one a third of
    /// the picture away: near 1 for noise, small for whatever shows something.
    pub fn roughness(&self) -> Option<f64> {
        let apart = |by: usize| {
            let (mut sum, mut count) = (0.0, 0.0);
            for (one, other) in self.pixels.iter().zip(self.pixels.iter().skip(by)) {
                sum += f64::from(one.abs_diff(*other));
                count += 1.0;
            }
            (count > 0.0).then_some(sum / count)
        };
        let pixels = self.pixels.len() / self.channels;
        let far = apart(pixels / 3 * self.channels).filter(|far| *far > 0.0)?;
        Some(apart(self.channels)? / far)
    }

    /// Which share of the picture's strongly coloured pixels has most of this channel: 0 red,
    /// 1 green, 2 blue. Absent where less than one pixel in a hundred has a strong colour.
    pub fn share_of(&self, channel: usize) -> Option<f64> {
        if self.channels < 3 {
            return None;
        }
        let (mut strong, mut wanted, mut all) = (0.0, 0.0, 0.0);
        for pixel in self.pixels.chunks_exact(self.channels) {
            all += 1.0;
            let colours = &pixel[..3];
            let (low, high) = (colours.iter().min()?, colours.iter().max()?);
            if high - low >= 96 {
                strong += 1.0;
                if colours.get(channel) == Some(high) {
                    wanted += 1.0;
                }
            }
        }
        (strong * 100.0 >= all && strong > 0.0).then_some(wanted / strong)
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
            lossless: false,
        }
    }

    #[test]
    fn what_a_picture_shows_is_told_from_noise_and_from_half_a_picture() {
        // A red square of half the side on white.
        let drawn = |colour: [u8; 3]| {
            let pixels = (0..64 * 64).flat_map(|at| {
                let inside = |side: usize| (16..48).contains(&side);
                if inside(at % 64) && inside(at / 64) {
                    colour
                } else {
                    [255; 3]
                }
            });
            Picture {
                width: 64,
                height: 64,
                channels: 3,
                pixels: pixels.collect(),
                lossless: false,
            }
        };
        let red = drawn([220, 20, 30]);
        assert!(red.has_both_halves());
        assert!(red.roughness().is_some_and(|found| found < 0.5));
        assert_eq!(red.share_of(0), Some(1.0));
        assert_eq!(drawn([20, 20, 230]).share_of(0), Some(0.0));
        assert_eq!(drawn([200, 200, 200]).share_of(0), None);
        let mut half = red.clone();
        let middle = half.pixels.len() / 2;
        half.pixels[middle..].fill(127);
        assert!(!half.has_both_halves());
        let mut noise = red;
        let mut state = 1u32;
        noise.pixels.fill_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        });
        assert!(noise.roughness().is_some_and(|found| found > 0.9));
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
        let lossless = |pixels: Vec<u8>| Picture {
            lossless: true,
            ..picture(3, pixels)
        };
        let texture =
            |pixels: u32| (0..pixels * 3).map(|at| 90 + u8::try_from(at / 3 * 7 % 8).unwrap());
        assert!(!lossless(texture(4_096).collect()).is_flat());
        assert!(
            picture(3, texture(4_096).collect()).is_flat(),
            "as good as noise"
        );
        let speck = |at: u32| if at < 256 { 0 } else { 255 };
        let specked = (0..1 << 20).flat_map(|at| [speck(at); 3]).collect();
        assert!(!lossless(specked).is_flat());
        assert!(lossless(vec![9; 48]).is_flat());
        let rounded = (0..48).map(|at| 9 + at % 2).collect();
        assert!(lossless(rounded).is_flat());
        let only_blue = (0..16).flat_map(|at| [7, 7, at * 9]).collect();
        assert!(!picture(3, only_blue).is_flat());
    }
}
