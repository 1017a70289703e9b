//! Every edit of both reports is refused for its stated reason: once as it is, and for the
//! readiness report once more with the live report bound to the changed bytes, as somebody would
//! do who knows how the reports hang together.

use canary_core::report::v1::Report;
use serde_json::Value;

use crate::{
    edits::{self, Edit},
    stated::{self, Reason},
    support::Good,
};

/// The bytes of an edited report: canonical ones where it is a report still.
fn text(edit: &Edit) -> (String, bool) {
    match serde_json::from_value::<Report>(edit.document.clone()) {
        Ok(report) => {
            let bytes = canary_core::report::write::canonical(&report).unwrap();
            (String::from_utf8(bytes).unwrap(), true)
        }
        Err(_) => (serde_json::to_string_pretty(&edit.document).unwrap(), false),
    }
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// What is wrong with how an edit was received, if anything.
fn judge(file: &str, edit: &Edit, readable: bool, broken: &[String]) -> Option<String> {
    let reason = if readable {
        stated::reason(&format!("{file}{}", edit.at), edit.what)
    } else {
        Some(Reason::Rule("report_is_readable"))
    };
    let place = format!("{file}{} {:?}", edit.at, edit.what);
    match reason {
        None => Some(format!(
            "{place}: no reason is stated; refused for {broken:?}"
        )),
        Some(Reason::StillGood) if broken.is_empty() => None,
        Some(Reason::Rule(rule)) if broken.iter().any(|name| name == rule) => None,
        Some(reason) => Some(format!(
            "{place}: stated {reason:?}, refused for {broken:?}"
        )),
    }
}

#[test]
fn every_edit_of_the_live_report_is_refused_for_its_reason() {
    let mut good = Good::new();
    let context = good.context();
    let edits = edits::all(&value(&good.live_json()));
    let mut wrong = Vec::new();
    let mut refused = 0;
    for edit in &edits {
        let (text, readable) = text(edit);
        good.live_text = Some(text);
        let broken = good.broken_in(&context);
        refused += usize::from(!broken.is_empty());
        wrong.extend(judge("live", edit, readable, &broken));
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        refused > 700,
        "only {refused} of {} were refused",
        edits.len()
    );
}

#[test]
fn every_edit_of_the_readiness_report_is_refused_for_its_reason() {
    let mut good = Good::new();
    let context = good.context();
    let edits = edits::all(&value(&good.readiness_json()));
    let mut wrong = Vec::new();
    for edit in &edits {
        let (text, readable) = text(edit);
        good.readiness_text = Some(text);
        let naive = good.broken_in(&context);
        let told = if readable && edit.at != "/schemaVersion" {
            "run_is_bound_to_its_readiness"
        } else {
            "report_is_readable"
        };
        if !naive.iter().any(|name| name == told) {
            wrong.push(format!(
                "{} {:?}: not refused by {told}",
                edit.at, edit.what
            ));
        }
        good.bind();
        wrong.extend(judge(
            "readiness",
            edit,
            readable,
            &good.broken_in(&context),
        ));
        good.readiness_text = None;
        good.bind();
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(edits.len() > 200, "{}", edits.len());
}
