//! The rules, one a file. Each holds its own documentation, its advice, and (in tests) the sample
//! that it rejects.

use canary_core::{
    candidate::source::SourceTree,
    report::v1::{Candidate, Diagnostic},
};
use serde::Serialize;
use uuid::{Uuid, Variant, Version};

use crate::{
    Context, Scope,
    case::{Document, Filed},
    finding::{Findings, Subject},
};

mod artifact_digests_were_checked;
mod artifact_is_a_package;
mod artifact_is_packed_from_the_tree;
mod artifacts_are_the_staged_files;
mod base_url_is_a_word;
mod calls_agree_with_their_checks;
mod calls_are_possible;
mod candidate_is_the_same;
mod challenge_is_met;
mod checks_are_the_matrixs;
mod durations_are_possible;
mod errors_are_about_their_row;
mod every_gating_row_passed;
mod evidence_is_fresh;
mod executor_is_known;
mod gateway_did_not_change;
mod gateway_is_production;
mod inputs_are_the_declared;
mod kind_is_right;
mod lanes_are_the_expected;
mod live_rows_reached_the_gateway;
mod matrix_is_in_force;
mod measurements_are_possible;
mod nonces_are_fresh;
mod outcomes_are_rederived;
mod package_source_is_artifact;
mod packed_lock_is_the_trees;
mod packed_manifest_is_the_trees;
mod parity_is_matched;
mod readiness_adds_up;
mod readiness_is_complete;
mod readiness_is_unchanged;
mod ready_rows_had_their_turn;
mod ready_rows_have_their_inputs;
mod rehearsal_is_not_evidence;
mod rehearsal_says_so;
mod report_has_its_parts;
mod report_is_canonical;
mod report_is_readable;
mod report_is_sealed;
mod report_is_strict;
mod report_leaks_nothing;
mod request_ids_never_repeat;
mod rows_are_the_matrixs;
mod run_is_bound_to_its_readiness;
mod run_is_completed;
mod shards_are_the_matrix;
mod sources_are_the_artifacts;
mod sources_are_the_trees;
mod statuses_are_rederived;
mod summary_adds_up;
mod surfaces_are_covered;
mod times_are_in_order;
mod versions_agree;

#[cfg(test)]
mod tests;

/// Every rule, in the order in which findings are listed: form, identity, readiness, run, rows.
pub const ALL: &[Rule] = &[
    report_is_readable::RULE,
    report_is_canonical::RULE,
    report_is_sealed::RULE,
    report_leaks_nothing::RULE,
    kind_is_right::RULE,
    report_has_its_parts::RULE,
    rehearsal_is_not_evidence::RULE,
    rehearsal_says_so::RULE,
    report_is_strict::RULE,
    package_source_is_artifact::RULE,
    candidate_is_the_same::RULE,
    versions_agree::RULE,
    sources_are_the_trees::RULE,
    sources_are_the_artifacts::RULE,
    artifact_digests_were_checked::RULE,
    artifacts_are_the_staged_files::RULE,
    artifact_is_a_package::RULE,
    artifact_is_packed_from_the_tree::RULE,
    packed_manifest_is_the_trees::RULE,
    packed_lock_is_the_trees::RULE,
    matrix_is_in_force::RULE,
    executor_is_known::RULE,
    rows_are_the_matrixs::RULE,
    inputs_are_the_declared::RULE,
    readiness_is_complete::RULE,
    ready_rows_have_their_inputs::RULE,
    readiness_adds_up::RULE,
    readiness_is_unchanged::RULE,
    surfaces_are_covered::RULE,
    parity_is_matched::RULE,
    lanes_are_the_expected::RULE,
    run_is_completed::RULE,
    shards_are_the_matrix::RULE,
    run_is_bound_to_its_readiness::RULE,
    challenge_is_met::RULE,
    times_are_in_order::RULE,
    evidence_is_fresh::RULE,
    durations_are_possible::RULE,
    base_url_is_a_word::RULE,
    gateway_is_production::RULE,
    gateway_did_not_change::RULE,
    checks_are_the_matrixs::RULE,
    outcomes_are_rederived::RULE,
    statuses_are_rederived::RULE,
    every_gating_row_passed::RULE,
    ready_rows_had_their_turn::RULE,
    summary_adds_up::RULE,
    live_rows_reached_the_gateway::RULE,
    request_ids_never_repeat::RULE,
    nonces_are_fresh::RULE,
    calls_are_possible::RULE,
    calls_agree_with_their_checks::RULE,
    errors_are_about_their_row::RULE,
    measurements_are_possible::RULE,
];

/// One thing that has to hold.
#[derive(Debug)]
pub struct Rule {
    /// Its name, in findings and documents.
    pub name: &'static str,
    /// What it demands.
    pub demands: &'static str,
    /// Why.
    pub because: &'static str,
    /// What to do when it does not hold.
    pub next: &'static str,
    pub(crate) scope: Applies,
    pub(crate) check: Check,
    #[cfg(test)]
    pub(crate) sample: Sample,
}

/// When a rule applies.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Applies {
    Always,
    To(Scope),
    /// In promotions, and in rehearsals that staged artifacts.
    WithArtifacts,
    /// In promotions, and in rehearsals inside the repository.
    WithTree,
}

/// What a rule looks at. A rule is tried on whatever of it could be read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check {
    /// Each file, report or not.
    File(fn(&Filed<'_>, &Context, &mut Findings)),
    /// Each report.
    Each(fn(&Document, &Context, &mut Findings)),
    /// The live report.
    Live(fn(&Document, &Context, &mut Findings)),
    /// The readiness report and the live report.
    Pair(fn(&Document, &Document, &Context, &mut Findings)),
    /// What was handed in beside the reports.
    Context(fn(&Context, &mut Findings)),
}

/// What a rule rejects: a good pair with one thing spoiled.
#[cfg(test)]
#[derive(Debug)]
pub(crate) struct Sample {
    /// Spoils it.
    pub(crate) spoil: fn(&mut crate::support::Good),
    /// Rules that cannot but reject it too.
    pub(crate) also: &'static [&'static str],
}

impl Rule {
    /// When it applies, in words.
    pub fn applies_to(&self) -> &'static str {
        match self.scope {
            Applies::Always => "promotions and rehearsals",
            Applies::To(Scope::Promotion) => "promotions",
            Applies::To(Scope::Rehearsal) => "rehearsals",
            Applies::WithArtifacts => "promotions, and rehearsals with artifacts",
            Applies::WithTree => "promotions, and rehearsals in the repository",
        }
    }
}

/// Reasons that lie outside the checks: the row was not let go on.
const STOPPED: [Diagnostic; 3] = [
    Diagnostic::Deadline,
    Diagnostic::Aborted,
    Diagnostic::Harness,
];

/// Whether the executor could have drawn this id for a run: a random UUID in the one spelling that
/// it writes. Another spelling of an id is the same id, so none may pass for another.
fn is_drawn(id: &str) -> bool {
    let random = |uuid: &Uuid| {
        uuid.get_version() == Some(Version::Random) && uuid.get_variant() == Variant::RFC4122
    };
    let uuid = Uuid::try_parse(id).ok().filter(random);
    uuid.is_some_and(|uuid| uuid.to_string() == id)
}

/// The word that stands in a report for a value of a closed type.
fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(serde_json::Value::Null) => "nothing".to_owned(),
        other => other.map(|value| value.to_string()).unwrap_or_default(),
    }
}

/// Holds a candidate's sources against sources that are here.
fn sources(subject: Subject, candidate: &Candidate, here: &SourceTree, out: &mut Findings) {
    let at = |field: &str| format!("$.candidate.{field}");
    let digest = candidate.source_digest_sha256;
    out.equal(subject, at("sourceDigestSha256"), digest, here.digest());
    let count = candidate.source_file_count;
    out.equal(subject, at("sourceFileCount"), count, here.file_count());
}

/// The page that documents every rule, in Markdown.
pub fn page() -> String {
    use std::fmt::Write as _;

    let mut page = String::from(PREFACE);
    page.push_str("\n| rule | applies to |\n|---|---|\n");
    for rule in ALL {
        let _ = writeln!(
            page,
            "| [`{0}`](#{0}) | {1} |",
            rule.name,
            rule.applies_to()
        );
    }
    for rule in ALL {
        let _ = write!(
            page,
            "\n## {}\n\n{}\n\n**Why:** {}\n\n**When it does not hold:** {}.\n",
            rule.name, rule.demands, rule.because, rule.next
        );
    }
    page
}

const PREFACE: &str = "\
# The rules of a promotion

Made from the rules themselves (`canary-verify rules`); a test keeps this page as they are.

`canary-verify promotion` tries every rule and lists every finding with what was found, what was
expected, where, and what to do (of one rule the first 2,000, and how many more there are). It answers
yes only when every rule holds.
";
