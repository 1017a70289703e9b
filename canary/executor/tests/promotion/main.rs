//! A "yes" on the repository's own matrix: the SDK as cargo packs it, every row, both reports as the
//! executor writes them, and the verifier with every rule of a promotion. Then schemes against that
//! very pair.
//!
//! The rows talk to the embedded gateway, though the inputs name no base URL and the report
//! therefore names the production gateway: this process says where the world is. No flag, variable
//! or file of the command can do that.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod pair;
mod schemes;

use canary_core::report::v1::RowStatus;
use canary_verifier::verdict::Answer;

#[test]
fn the_whole_matrix_is_promoted_from_the_artifact_and_its_forgeries_are_not() {
    let pair = pair::made();
    let verdict = pair.verdict();
    assert_eq!(verdict.findings, []);
    assert_eq!(verdict.answer, Answer::Promote);
    assert!(verdict.rows.len() > 200);
    assert!(
        verdict
            .rows
            .iter()
            .all(|row| row.status == RowStatus::Passed)
    );
    for (name, scheme, rule) in schemes::ALL {
        let mut forged = pair.forged();
        scheme(&mut forged);
        let broken = pair.broken(&forged);
        assert!(broken.contains(*rule), "{name}: not {rule}, but {broken:?}");
    }
}
