//! The verdict: every finding of every rule, and what was judged.

use std::collections::BTreeMap;

use canary_core::{digest::Digest, report::v1::RowStatus};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Context, Filed, Scope},
    finding::{self, Finding, Findings, Subject},
    rule::{self, Check, Rule},
};

/// The version of the verdict's JSON in `schemaVersion`.
pub const SCHEMA_VERSION: u32 = 1;

/// What the verifier says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Verdict {
    /// Always [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The answer. A rehearsal's is `sound` at best, and sound is not promoted.
    pub answer: Answer,
    /// The present that ages were counted from (UTC).
    pub verified_at: DateTime<Utc>,
    /// Version of the verifier.
    pub verifier_version: String,
    /// Digest of the matrix in force.
    pub matrix_sha256: Digest,
    /// Digests of the two reports' bytes.
    pub reports: ReportDigests,
    /// What the answer is about: the packed files that the reports name and that were found.
    pub artifacts: Vec<Subjects>,
    /// Every rule that was tried, in order.
    pub rules: Vec<RuleOutcome>,
    /// Every finding, in the order of the rules. Empty exactly when the answer is not `refused`.
    pub findings: Vec<Finding>,
    /// Each row and how it came out, as far as the live report could be read.
    pub rows: Vec<JudgedRow>,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Every rule held: this candidate may be promoted.
    Promote,
    /// Every rule of a rehearsal held. Promotes nothing.
    Sound,
    /// Some rule did not hold.
    Refused,
}

/// Digests of the reports' bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportDigests {
    /// Of the readiness report.
    pub readiness: Digest,
    /// Of the live report.
    pub live: Digest,
}

/// A packed file that the answer is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subjects {
    /// Its name without a folder.
    pub file_name: String,
    /// Digest of its bytes.
    pub sha256: Digest,
}

/// How one rule came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleOutcome {
    /// Name of the rule.
    pub name: String,
    /// How it came out.
    pub outcome: RuleStatus,
}

/// How one rule came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleStatus {
    /// It held.
    Held,
    /// It did not.
    Broken,
    /// A report that it needs could not be read, which another rule tells.
    NotTried,
}

/// One row as the judge sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgedRow {
    /// Language of the lane.
    pub lane: String,
    /// Name of the row.
    pub name: String,
    /// Whether the answer depends on it.
    pub gates: bool,
    /// The status as derived again, not as claimed.
    pub status: RowStatus,
}

/// Verifies a pair of reports. Bytes beyond
/// [`SIZE_LIMIT`](canary_core::report::read::SIZE_LIMIT) need not be made: one byte more
/// is enough for a file to be refused.
pub fn verify(readiness: &[u8], live: &[u8], context: &Context) -> Verdict {
    let case = Case {
        readiness: Filed::new(Subject::Readiness, readiness),
        live: Filed::new(Subject::Live, live),
        context,
    };
    let applicable = rule::ALL.iter().filter(|rule| applies(rule, context));
    let (mut rules, mut findings) = (Vec::new(), Vec::new());
    for rule in applicable {
        let (outcome, found) = case.hold(rule);
        findings.extend(found);
        rules.push(RuleOutcome {
            name: rule.name.to_owned(),
            outcome,
        });
    }
    let findings = finding::without_leaks(findings, &context.scanner);
    let answer = match (findings.is_empty(), context.scope) {
        (false, _) => Answer::Refused,
        (true, Scope::Promotion) => Answer::Promote,
        (true, Scope::Rehearsal) => Answer::Sound,
    };
    Verdict {
        schema_version: SCHEMA_VERSION,
        answer,
        verified_at: context.now,
        verifier_version: context.executor_version.clone(),
        matrix_sha256: context.canon.digest,
        reports: ReportDigests {
            readiness: Digest::of(readiness),
            live: Digest::of(live),
        },
        artifacts: subjects(context),
        rules,
        findings,
        rows: case.rows(),
    }
}

fn applies(rule: &Rule, context: &Context) -> bool {
    match rule.scope {
        rule::Applies::Always => true,
        rule::Applies::To(scope) => scope == context.scope,
        rule::Applies::WithArtifacts => {
            context.scope == Scope::Promotion || context.staged.is_some()
        }
        rule::Applies::WithTree => context.scope == Scope::Promotion || context.tree.is_some(),
    }
}

fn subjects(context: &Context) -> Vec<Subjects> {
    let files = context.staged.iter().flat_map(|staged| &staged.files);
    let read = files.filter_map(|file| match file.state {
        crate::case::StagedState::Read { sha256, .. } => Some(Subjects {
            file_name: finding::quoted(&file.name, &context.scanner),
            sha256,
        }),
        crate::case::StagedState::NotAFile => None,
    });
    read.collect()
}

struct Case<'a> {
    readiness: Filed<'a>,
    live: Filed<'a>,
    context: &'a Context,
}

impl Case<'_> {
    fn hold(&self, rule: &Rule) -> (RuleStatus, Vec<Finding>) {
        let mut findings = Findings::new(rule.name, rule.next);
        let tried = self.try_rule(rule, &mut findings);
        let findings = findings.into_list();
        let status = match (findings.is_empty(), tried) {
            (false, _) => RuleStatus::Broken,
            (true, true) => RuleStatus::Held,
            (true, false) => RuleStatus::NotTried,
        };
        (status, findings)
    }

    /// Whether everything that the rule looks at was there to be looked at.
    fn try_rule(&self, rule: &Rule, out: &mut Findings) -> bool {
        let readiness = self.readiness.document.as_ref().ok();
        let live = self.live.document.as_ref().ok();
        match rule.check {
            Check::File(check) => {
                check(&self.readiness, self.context, out);
                check(&self.live, self.context, out);
                true
            }
            Check::Each(check) => {
                for document in readiness.iter().chain(live.iter()) {
                    check(document, self.context, out);
                }
                readiness.is_some() && live.is_some()
            }
            Check::Live(check) => {
                if let Some(live) = live {
                    check(live, self.context, out);
                }
                live.is_some()
            }
            Check::Pair(check) => {
                if let (Some(readiness), Some(live)) = (readiness, live) {
                    check(readiness, live, self.context, out);
                }
                readiness.is_some() && live.is_some()
            }
            Check::Context(check) => {
                check(self.context, out);
                true
            }
        }
    }

    fn rows(&self) -> Vec<JudgedRow> {
        let canon = &self.context.canon;
        let results = self
            .live
            .document
            .iter()
            .flat_map(|live| live.results(canon));
        let mut lanes = BTreeMap::new();
        results
            .map(|(lane, row, result, _)| {
                let quoted = || finding::quoted(&lane.language, &self.context.scanner);
                let lane = lanes.entry(lane.language.as_str()).or_insert_with(quoted);
                JudgedRow {
                    lane: lane.clone(),
                    name: row.name.clone(),
                    gates: row.gates,
                    status: row.status(result),
                }
            })
            .collect()
    }
}

impl Verdict {
    /// Whether every rule held.
    pub fn holds(&self) -> bool {
        self.answer != Answer::Refused
    }

    /// The verdict as JSON, with a newline at the end.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
