//! Whoever changes a live report by hand breaks its seal: no single change of it is accepted, also none
//! that could have been measured so.

use canary_core::report::{v1::Report, write};
use serde_json::Value;

use crate::{edits, support::Good};

#[test]
fn every_edit_of_a_live_report_breaks_its_seal() {
    let mut good = Good::new();
    let context = good.context();
    let text = good.live_json();
    let document: Value = serde_json::from_str(&text).unwrap();
    let mut tried = 0;
    for edit in edits::all(&document) {
        let Ok(report) = serde_json::from_value::<Report>(edit.document) else {
            continue;
        };
        let edited = String::from_utf8(write::spelled(&report).unwrap()).unwrap();
        if edited == text {
            continue;
        }
        tried += 1;
        good.live_text = Some(edited);
        let broken = good.broken_in(&context);
        // One without a run has no seal, and what is no report has neither; both are refused for that.
        let told = [
            "report_is_sealed",
            "report_has_its_parts",
            "report_is_readable",
        ];
        assert!(
            broken.iter().any(|rule| told.contains(&rule.as_str())),
            "{} {:?}: {broken:?}",
            edit.at,
            edit.what
        );
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn a_seal_is_there_and_is_the_report_s_own() {
    let mut good = Good::new();
    let mut other = Good::new();
    other.result("models.list").duration_ms += 1;
    let seal = |good: &Good| write::seal(&good.live).unwrap();
    assert_ne!(seal(&good), seal(&other));
    for foreign in [None, seal(&other)] {
        let mut report = good.live.clone();
        report.run.as_mut().unwrap().seal_sha256 = foreign;
        let text = write::spelled(&report).unwrap();
        good.live_text = Some(String::from_utf8(text).unwrap());
        assert_eq!(good.broken(), ["report_is_sealed"]);
    }
    // What had a foreign seal is written with its own.
    good.live_text = None;
    good.run().seal_sha256 = seal(&other);
    assert_eq!(good.broken(), [""; 0]);
}
