//! From checks to a row's status. The executor asks it once, and the verifier asks it again.

use crate::{
    judge::Outcome,
    report::v1::{Diagnostic, RowStatus, Standing},
};

impl Standing {
    /// What keeps a row from being judged when the gateway stood like this; nothing when it
    /// answered.
    pub fn hindrance(self) -> Option<Diagnostic> {
        match self {
            Self::Answered => None,
            Self::RateLimited => Some(Diagnostic::RateLimited),
            Self::OutOfCredits => Some(Diagnostic::OutOfCredits),
            Self::Unavailable => Some(Diagnostic::Unavailable),
            Self::Unreachable => Some(Diagnostic::Unreachable),
        }
    }
}

/// The status of a row that had its turn, with the reason when it is not `passed`.
///
/// - A row without a check proves nothing, so it failed.
/// - When every check held, the row passed, however the gateway stood to its calls: a row may ask
///   to be limited.
/// - When a check is broken and the gateway kept a call from being answered, nobody can tell; the
///   first such call gives the reason.
/// - Otherwise a promise was broken.
pub fn row_status(checks: &[Outcome], standings: &[Standing]) -> (RowStatus, Option<Diagnostic>) {
    if checks.is_empty() {
        return (RowStatus::Failed, Some(Diagnostic::NothingEvaluated));
    }
    if checks.iter().all(|outcome| *outcome == Outcome::Held) {
        return (RowStatus::Passed, None);
    }
    match standings.iter().find_map(|standing| standing.hindrance()) {
        Some(hindrance) => (RowStatus::Inconclusive, Some(hindrance)),
        None => (RowStatus::Failed, Some(Diagnostic::CheckBroken)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_passes_fails_or_cannot_tell() {
        use Outcome::{Broken, Held};
        use Standing::{Answered, OutOfCredits, RateLimited, Unavailable, Unreachable};
        let inconclusive = |why| (RowStatus::Inconclusive, Some(why));
        let table: [(&[Outcome], &[Standing], _); 10] = [
            (&[Held], &[Answered], (RowStatus::Passed, None)),
            (&[Held, Held], &[], (RowStatus::Passed, None)),
            (&[Held], &[RateLimited], (RowStatus::Passed, None)),
            (
                &[],
                &[Unreachable],
                (RowStatus::Failed, Some(Diagnostic::NothingEvaluated)),
            ),
            (
                &[Held, Broken],
                &[Answered, Answered],
                (RowStatus::Failed, Some(Diagnostic::CheckBroken)),
            ),
            (
                &[Broken],
                &[],
                (RowStatus::Failed, Some(Diagnostic::CheckBroken)),
            ),
            (
                &[Broken],
                &[Answered, RateLimited],
                inconclusive(Diagnostic::RateLimited),
            ),
            (
                &[Broken],
                &[OutOfCredits, Unreachable],
                inconclusive(Diagnostic::OutOfCredits),
            ),
            (
                &[Broken, Held],
                &[Unavailable],
                inconclusive(Diagnostic::Unavailable),
            ),
            (
                &[Broken],
                &[Unreachable],
                inconclusive(Diagnostic::Unreachable),
            ),
        ];
        for (checks, standings, expected) in table {
            assert_eq!(
                row_status(checks, standings),
                expected,
                "{checks:?} {standings:?}"
            );
        }
    }
}
