//! Sounds that are not our speech: one word for each burst of energy.

use super::Word;

/// Words for bursts. A burst picks one by how it sounds, so other audio gives other words.
const VOCABULARY: [&str; 64] = [
    "amber", "anchor", "apple", "autumn", "basket", "beacon", "bridge", "button", "candle",
    "canyon", "carpet", "cedar", "cherry", "cobalt", "copper", "cotton", "desert", "dolphin",
    "ember", "engine", "falcon", "feather", "forest", "garden", "ginger", "granite", "harbor",
    "hazel", "island", "ivory", "jacket", "jungle", "kernel", "kettle", "ladder", "lantern",
    "lemon", "marble", "meadow", "mirror", "morning", "needle", "nickel", "orange", "orchard",
    "paper", "pebble", "pepper", "pillow", "planet", "quartz", "rabbit", "ribbon", "river",
    "saddle", "silver", "spiral", "summer", "thunder", "timber", "valley", "velvet", "willow",
    "winter",
];

/// Length over which loudness is measured, in seconds.
const STEP_SECONDS: f64 = 0.020;

/// Loudness under which all is silence: about −60 dB of full scale.
const SILENCE: f32 = 0.001;

/// Share of the loudest step above which a step belongs to a burst.
const BURST_SHARE: f32 = 0.15;

/// Longest burst named by one word, in seconds: steady noise becomes several words.
const LONGEST_BURST_SECONDS: f64 = 0.6;

/// Names the bursts of energy in `samples`; none when all is silent.
pub(super) fn name_bursts(samples: &[f32], rate: u32) -> Vec<Word> {
    let step = (STEP_SECONDS * f64::from(rate)).round().max(1.0) as usize;
    let loudness: Vec<f32> = samples.chunks(step).map(root_mean_square).collect();
    let loudest = loudness.iter().copied().fold(0.0, f32::max);
    if loudest < SILENCE {
        return Vec::new();
    }
    let threshold = (loudest * BURST_SHARE).max(SILENCE);
    let longest = (LONGEST_BURST_SECONDS / STEP_SECONDS).round() as usize;
    let seconds = |steps: usize| (steps * step).min(samples.len()) as f64 / f64::from(rate);
    let runs = loud_runs(&loudness, threshold);
    let parts = runs.flat_map(|(start, end)| {
        (start..end)
            .step_by(longest)
            .map(move |from| (from, (from + longest).min(end)))
            .collect::<Vec<_>>()
    });
    parts
        .map(|(start, end)| {
            let burst = &samples[start * step..(end * step).min(samples.len())];
            Word {
                start: seconds(start),
                end: seconds(end),
                word: name(burst, end - start).to_owned(),
            }
        })
        .collect()
}

/// Stretches of steps above `threshold`, as half-open ranges.
fn loud_runs(loudness: &[f32], threshold: f32) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at
            + loudness
                .get(at..)?
                .iter()
                .position(|&loud| loud >= threshold)?;
        let length = loudness[start..]
            .iter()
            .position(|&loud| loud < threshold)
            .unwrap_or(loudness.len() - start);
        at = start + length;
        Some((start, at))
    })
}

/// Picks a word by pitch (zero crossings), length and how the loudness is spread over the burst: coarse enough that a
/// copy at another volume keeps its words.
fn name(burst: &[f32], steps: usize) -> &'static str {
    let crossings = burst
        .windows(2)
        .filter(|pair| (pair[0] < 0.0) != (pair[1] < 0.0))
        .count();
    let pitch = crossings * 64 / burst.len().max(1);
    let (head, tail) = burst.split_at(burst.len() / 2);
    let (head, tail) = (root_mean_square(head), root_mean_square(tail));
    let shape = if head > 1.5 * tail {
        0
    } else if tail > 1.5 * head {
        1
    } else {
        2
    };
    VOCABULARY[(pitch * 7 + steps / 4 * 3 + shape * 23) % VOCABULARY.len()]
}

fn root_mean_square(samples: &[f32]) -> f32 {
    (samples.iter().map(|x| x * x).sum::<f32>() / samples.len().max(1) as f32).sqrt()
}
