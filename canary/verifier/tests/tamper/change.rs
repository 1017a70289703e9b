//! A change made by hand, and the rules that refuse it.

use crate::support::Good;

/// What is done, how, and every rule that refuses it.
pub(crate) type Change = (&'static str, fn(&mut Good), &'static [&'static str]);

pub(crate) fn all_are_refused(changes: &[Change]) {
    for (name, change, rules) in changes {
        let mut good = Good::new();
        change(&mut good);
        let broken = good.broken();
        for rule in *rules {
            assert!(
                broken.iter().any(|found| found == rule),
                "{name}: not {rule}, but {broken:?}"
            );
        }
    }
}
