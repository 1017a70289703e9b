//! What the verifier shows: the table, the JSON and the statement, of a "yes" and of a "no".

mod support;

use canary_core::report::v1::{Ended, Purpose};
use canary_verifier::{statement::Statement, table};
use support::Good;

fn promoted() -> Good {
    let mut good = Good::new();
    good.fail("preview.row");
    good
}

fn refused() -> Good {
    let mut good = Good::new();
    good.fail("models.list");
    good.run().ended = Ended::Aborted;
    good.readiness.purpose = Purpose::Rehearsal;
    good.live.purpose = Purpose::Rehearsal;
    good.bind();
    good
}

#[test]
fn a_table_of_a_yes() {
    insta::assert_snapshot!(table::render(&promoted().verify()));
}

#[test]
fn a_table_of_a_no() {
    insta::assert_snapshot!(table::render(&refused().verify()));
}

#[test]
fn a_table_when_a_report_cannot_be_read() {
    let mut good = Good::new();
    good.live_text = Some("{\"schemaVersion\": 1".to_owned());
    insta::assert_snapshot!(table::render(&good.verify()));
}

#[test]
fn a_table_of_a_sound_rehearsal() {
    let mut good = Good::new();
    good.rehearse();
    insta::assert_snapshot!(table::render(&good.verify()));
}

#[test]
fn json_of_a_no() {
    let json = refused().verify().to_json().unwrap();
    insta::assert_snapshot!(String::from_utf8(json).unwrap());
}

#[test]
fn a_statement_says_passed_warned_or_failed() {
    let result = |good: &Good| {
        let statement = Statement::new(&good.verify()).unwrap();
        serde_json::to_value(statement).unwrap()["predicate"]["result"].clone()
    };
    assert_eq!(result(&Good::new()), "PASSED");
    assert_eq!(result(&promoted()), "WARNED");
    assert_eq!(result(&refused()), "FAILED");
}

#[test]
fn a_statement_of_a_warned_promotion() {
    let statement = Statement::new(&promoted().verify()).unwrap();
    let json = statement.to_json().unwrap();
    insta::assert_snapshot!(String::from_utf8(json).unwrap());
}

#[test]
fn without_an_artifact_there_is_nothing_to_state() {
    let mut good = Good::new();
    good.staged.clear();
    assert_eq!(Statement::new(&good.verify()), None);
}
