//! Ratios that noise cannot fake: contestants take turns within each round, and a ratio is the median of the rounds' ratios.

use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

/// What one turn took.
#[derive(Clone, Copy)]
pub struct Turn {
    pub wall: Duration,
    pub cpu: Duration,
}

/// Runs `work` once, timed.
pub fn turn(work: impl FnOnce()) -> Turn {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    work();
    Turn {
        wall: wall.elapsed(),
        cpu: cpu.elapsed(),
    }
}

/// One contestant's turns, in rounds.
pub struct Score {
    pub name: &'static str,
    pub turns: Vec<Turn>,
}

impl Score {
    pub fn wall(&self) -> Duration {
        median(self.turns.iter().map(|turn| turn.wall.as_secs_f64()))
            .map(Duration::from_secs_f64)
            .unwrap_or_default()
    }

    /// The median of this contestant's turns over the other's in the same round.
    pub fn over(&self, other: &Self, of: fn(&Turn) -> Duration) -> f64 {
        let ratios = self
            .turns
            .iter()
            .zip(&other.turns)
            .map(|(mine, theirs)| of(mine).as_secs_f64() / of(theirs).as_secs_f64());
        median(ratios).unwrap_or(f64::NAN)
    }
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// A name and what it does in one turn.
pub type Contestant<'a> = (&'static str, Box<dyn FnMut() + 'a>);

/// Lets everyone take `rounds` turns, beginning with another one each round. The first two rounds are not counted.
pub fn contest(rounds: usize, contestants: &mut [Contestant<'_>]) -> Vec<Score> {
    let mut scores: Vec<Score> = contestants
        .iter()
        .map(|(name, _)| Score {
            name,
            turns: Vec::new(),
        })
        .collect();
    for round in 0..rounds + 2 {
        let count = contestants.len();
        for offset in 0..count {
            let at = (round + offset) % count;
            let took = turn(&mut contestants[at].1);
            if round >= 2 {
                scores[at].turns.push(took);
            }
        }
    }
    scores
}
