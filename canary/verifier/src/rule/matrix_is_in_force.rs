//! The reports were made with the matrix in force: same digest, same number of files and rows.

use super::{Applies, Check, Rule};
use crate::{Context, case::Document, finding::Findings};

pub(super) const RULE: Rule = Rule {
    name: "matrix_is_in_force",
    demands: "The reports were made with the matrix in force: same digest, same number of files and rows.",
    because: "Fewer rows, or softer ones, would pass more easily.",
    next: "run again with this repository's matrix, or verify with the matrix that was used (--matrix)",
    scope: Applies::Always,
    check: Check::Each(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| good.live.matrix.row_count += 1,
        also: &[],
    },
};

fn check(document: &Document, context: &Context, out: &mut Findings) {
    let (subject, canon) = (document.subject, &context.canon);
    let found = &document.report.matrix;
    out.equal(
        subject,
        "$.matrix.digestSha256",
        found.digest_sha256,
        canon.digest,
    );
    out.equal(
        subject,
        "$.matrix.fileCount",
        found.file_count,
        canon.file_count,
    );
    let rows = canon.rows.len() as u64;
    out.equal(subject, "$.matrix.rowCount", found.row_count, rows);
}
