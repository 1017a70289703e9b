//! Embeddings: texts as unit vectors, near when their meanings are.
//!
//! A text is taken apart into weighted features (`features`): its words, their synonym groups and topics from a
//! compiled-in lexicon (`lexicon`), and for unknown words their letter groups. Every feature has a fixed direction,
//! drawn from its name; the vector is the weighted sum of them.

mod features;
mod lexicon;

/// Dimensions of a vector when the request does not say.
pub const DEFAULT_DIMENSIONS: usize = 1_536;

/// Embeds `text` as a vector of `dimensions` numbers and length 1 (empty when `dimensions` is 0).
///
/// Deterministic. A vector of fewer dimensions is the beginning of one of more, scaled back to length 1. Any two
/// different texts differ, but texts that differ only in case, order or stop words lie close together.
pub fn embed(text: &str, dimensions: usize) -> Vec<f32> {
    let mut sum = vec![0.0_f32; dimensions];
    for (name, weight) in features::of(text) {
        let mut direction = Direction::of(&name);
        for component in &mut sum {
            *component += weight * direction.next_component();
        }
    }
    normalise(&mut sum);
    sum
}

fn normalise(vector: &mut [f32]) {
    let length = vector
        .iter()
        .map(|x| f64::from(*x) * f64::from(*x))
        .sum::<f64>()
        .sqrt();
    for component in vector.iter_mut() {
        *component = (f64::from(*component) / length) as f32;
    }
}

/// The components of a feature's direction, one after the other: evenly spread over −1 to 1 by `SplitMix64`, seeded with
/// the FNV-1a hash of the feature's name. Both are fixed for ever, as stored vectors must stay comparable.
struct Direction(u64);

impl Direction {
    fn of(name: &str) -> Self {
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(seed)
    }

    fn next_component(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        // 24 bits fill an f32 exactly; the odd offset keeps zero out, so that no vector has length 0.
        (((z >> 40) as f32 + 0.5) / 8_388_608.0) - 1.0
    }
}

#[cfg(test)]
mod tests;
