//! Rows in shares, so that several machines can run one matrix.
//!
//! Rows depend on none of each other, so a row's place in the matrix decides: shares differ by at
//! most one row, and the same matrix is always shared out in the same way.

use std::{fmt, str::FromStr};

use crate::{
    digest::Digest,
    report::v1::{Partition, RowResult},
};

/// The most shares that a matrix can be run in.
pub const MOST: u64 = 64;

/// Why a text names no share.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a share is written k/n, with k from 1 to n and n at most {MOST}, as in 2/4")]
pub struct NoShare;

impl Partition {
    /// Whether this can be a share at all.
    pub fn is_possible(self) -> bool {
        (1..=MOST).contains(&self.of) && (1..=self.of).contains(&self.index)
    }

    /// Whether the row at a place of the matrix, counted from 0, belongs to this share.
    pub fn has(self, place: usize) -> bool {
        self.is_possible() && place as u64 % self.of == self.index - 1
    }

    /// What of a list, in the order of the matrix, belongs to this share.
    pub fn share<T>(self, all: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        let places = all.into_iter().enumerate();
        places.filter_map(move |(place, item)| self.has(place).then_some(item))
    }
}

impl FromStr for Partition {
    type Err = NoShare;

    fn from_str(text: &str) -> Result<Self, NoShare> {
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten().ok_or(NoShare)
        };
        let (index, of) = text.split_once('/').ok_or(NoShare)?;
        let partition = Self {
            index: number(index)?,
            of: number(of)?,
        };
        partition.is_possible().then_some(partition).ok_or(NoShare)
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

/// The digest of results as they stand in a report; nothing when they have no JSON form.
pub fn digest_of_results<'r>(results: impl IntoIterator<Item = &'r RowResult>) -> Option<Digest> {
    let results: Vec<&RowResult> = results.into_iter().collect();
    Some(Digest::of(serde_json::to_vec(&results).ok()?))
}

/// One fingerprint for those of several runs. Each run has a key of its own, so they cannot be
/// compared with each other, only each with its run's other end.
pub fn fingerprint(of_runs: &[Option<Digest>]) -> Option<Digest> {
    let all: Option<Vec<Digest>> = of_runs.iter().copied().collect();
    Some(Digest::of_parts(all?.iter().map(Digest::bytes)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_share_is_written_in_one_way() {
        let read = |text: &str| text.parse::<Partition>();
        assert_eq!(read("2/4"), Ok(Partition { index: 2, of: 4 }));
        assert_eq!(
            read("64/64").map(|share| share.to_string()),
            Ok("64/64".to_owned())
        );
        for wrong in [
            "",
            "1",
            "0/2",
            "3/2",
            "1/65",
            "1/0",
            "+1/2",
            "1/2/3",
            "a/b",
            " 1/2",
            "1/99999999999999999999",
        ] {
            assert_eq!(read(wrong), Err(NoShare), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn shares_are_disjoint_whole_and_even(of in 1u64..=MOST, rows in 0usize..400) {
            let shares: Vec<Vec<usize>> = (1..=of)
                .map(|index| Partition { index, of }.share(0..rows).collect())
                .collect();
            let mut all: Vec<usize> = shares.concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..rows).collect::<Vec<_>>());
            let sizes = shares.iter().map(Vec::len);
            prop_assert!(sizes.clone().max().unwrap_or(0) - sizes.min().unwrap_or(0) <= 1);
        }
    }
}
