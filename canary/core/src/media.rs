//! What is in a binary answer: which container a recording comes in, how long it is and whether
//! anything can be heard; how large a picture is and whether it shows anything.
//!
//! Telling containers apart is always possible. Decoding needs the feature `measure`, which only
//! the executor enables; without it nothing can be measured, and what was not measured does not
//! hold.

mod container;
#[cfg(test)]
#[cfg(feature = "measure")]
mod crafted;
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
            deviation(values.copied().map(f64::from)) < flat
        })
    }

    /// Whether the upper and the lower half each show more than one flat colour.
    pub fn has_both_halves(&self) -> bool {
        let middle = self.pixels.len() / self.channels / 2;
        let (upper, lower) = self.pixels.split_at(middle * self.channels);
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
        let apart = |pixels: usize| {
            let others = self.pixels.iter().skip(pixels * self.channels);
            let pairs = self.pixels.iter().zip(others);
            mean(pairs.map(|(one, other)| f64::from(one.abs_diff(*other))))
        };
        let far = apart(self.pixels.len() / self.channels / 3);
        (far > 0.0).then(|| apart(1) / far)
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

/// The standard deviation of these values; 0 of none.
fn deviation(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let middle = mean(values.clone());
    mean(values.map(|value| (value - middle).powi(2))).sqrt()
}

/// The mean of these values; 0 of none.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0.0_f64, 0.0), |(count, sum), value| {
        (count + 1.0, sum + value)
    });
    sum / count.max(1.0)
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
    fn a_colour_is_told_where_a_hundredth_of_the_picture_has_one() {
        let with = |strong: usize, of: usize| {
            let pixel = |at| if at < strong { [200, 0, 0] } else { [90; 3] };
            picture(3, (0..of).flat_map(pixel).collect()).share_of(0)
        };
        assert_eq!(with(1, 100), Some(1.0));
        assert_eq!(with(1, 200), None, "a single pixel of two hundred");
        assert_eq!(with(0, 0), None, "no pixel");
        assert_eq!(
            picture(1, vec![200; 16]).share_of(0),
            None,
            "grey has no colour"
        );
        assert_eq!(picture(2, vec![200, 0, 200, 0]).share_of(0), None);
        assert_eq!(
            picture(4, [200, 0, 0, 255].repeat(4)).share_of(0),
            Some(1.0)
        );
    }

    #[test]
    fn a_half_begins_at_the_first_channel_of_a_pixel() {
        // Each colour is flat, and so is each half; between the channels there is a lot.
        for (channels, pixels) in [(3, 7), (3, 8), (3, 9), (4, 7), (1, 7)] {
            let pixel: Vec<u8> = (0..channels).map(|at| at * 80).collect();
            let flat = picture(usize::from(channels), pixel.repeat(pixels));
            assert!(
                flat.is_flat() && !flat.has_both_halves(),
                "{channels} {pixels}"
            );
        }
        // What shows something does so in both halves, wherever they begin.
        for pixels in [15, 16, 17] {
            let shown = (0..pixels).flat_map(|at| [at * 9, 7, 7]).collect();
            assert!(picture(3, shown).has_both_halves(), "{pixels}");
        }
        let opacity = (0..7).flat_map(|at| [9, 9, 9, at * 36]).collect();
        assert!(!picture(4, opacity).has_both_halves(), "no colour");
    }

    #[test]
    fn both_halves_are_looked_at_to_their_ends() {
        let shown = |from: u8, to: u8| {
            let pixel = |at| if (from..to).contains(&at) { at * 15 } else { 0 };
            let pixels = (0..16).flat_map(|at| [pixel(at); 3]).collect();
            picture(3, pixels).has_both_halves()
        };
        assert!(shown(0, 16));
        assert!(!shown(0, 8) && !shown(8, 16), "one half");
        assert!(shown(7, 9), "the last pixel of one, the first of the other");
    }

    #[test]
    fn roughness_is_the_next_pixel_over_one_a_third_away() {
        // Of 9 grey pixels each differs from the next by 1, and from the third after it by 3.
        let ramp = picture(1, (0..9).collect());
        assert_eq!(ramp.roughness(), Some(1.0 / 3.0));
        let colour = picture(3, (0..9).flat_map(|at| [at, at, at]).collect());
        assert_eq!(colour.roughness(), Some(1.0 / 3.0));
        assert_eq!(picture(1, vec![5; 9]).roughness(), None, "nothing differs");
        assert_eq!(picture(1, Vec::new()).roughness(), None);
    }

    #[test]
    fn a_flat_picture_is_told_from_one_that_shows_something() {
        let blue = (0..16).flat_map(|at| [7, 7, at * 9, 255]).collect();
        assert!(
            !picture(4, blue).is_flat(),
            "only the third of four differs"
        );
        let edge = |high: u8| picture(1, [100, high].repeat(8));
        assert!(
            edge(107).is_flat() && !edge(108).is_flat(),
            "a deviation of 4"
        );
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
