//! Every rule rejects its own sample, alone or with the rules that cannot but agree.

use std::collections::BTreeSet;

use super::ALL;
use crate::support::Good;

#[test]
fn a_good_pair_breaks_no_rule() {
    assert_eq!(Good::new().verify().findings, []);
}

#[test]
fn a_good_rehearsal_is_sound_and_promotes_nothing() {
    let mut good = Good::new();
    good.rehearse();
    let verdict = good.verify();
    assert_eq!(verdict.findings, []);
    assert_eq!(verdict.answer, crate::verdict::Answer::Sound);
}

#[test]
fn every_rule_rejects_its_sample_and_only_its_companions_do_too() {
    for rule in ALL {
        let mut good = Good::new();
        (rule.sample.spoil)(&mut good);
        let mut expected: Vec<&str> = rule.sample.also.to_vec();
        expected.push(rule.name);
        expected.sort_unstable();
        assert_eq!(good.broken(), expected, "sample of {}", rule.name);
    }
}

#[test]
fn rules_are_named_once_and_say_what_they_want() {
    let names: BTreeSet<&str> = ALL.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), ALL.len());
    for rule in ALL {
        let in_snake_case = |b: u8| b.is_ascii_lowercase() || b == b'_';
        assert!(rule.name.bytes().all(in_snake_case), "{}", rule.name);
        for sentence in [rule.demands, rule.because] {
            assert!(sentence.ends_with('.'), "{}: {sentence}", rule.name);
        }
        assert!(!rule.next.ends_with('.'), "{}: {}", rule.name, rule.next);
    }
}
