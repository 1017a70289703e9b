//! How often a registry is asked again. What was published is listed a little later.

use std::time::Duration;

/// The longest pause.
const LONGEST: Duration = Duration::from_secs(15);

/// Pauses that grow from a second, and together are no longer than the wait.
pub(super) fn pauses(wait: Duration) -> impl Iterator<Item = Duration> {
    let (mut next, mut left) = (Duration::from_secs(1), wait);
    std::iter::from_fn(move || {
        let pause = next.min(left);
        next = (next * 2).min(LONGEST);
        left -= pause;
        (!pause.is_zero()).then_some(pause)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_add_up_to_the_wait() {
        for (wait, expected) in [
            (0, &[][..]),
            (1, &[1]),
            (5, &[1, 2, 2]),
            (40, &[1, 2, 4, 8, 15, 10]),
            (45, &[1, 2, 4, 8, 15, 15]),
        ] {
            let pauses = pauses(Duration::from_secs(wait));
            let seconds: Vec<u64> = pauses.map(|pause| pause.as_secs()).collect();
            assert_eq!(seconds, expected, "{wait}");
        }
    }
}
