//! A good pair of reports with everything around it, small enough to read, and ways to spoil it.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "shared by several test targets, none of which uses all of it"
)]

pub mod canon;
pub mod matrix;
pub mod pack;
pub mod reports;
pub mod repository;

use std::collections::BTreeMap;

use canary_core::{
    candidate::crate_file_name,
    challenge::Challenge,
    digest::Digest,
    input::Secret,
    judge::Outcome,
    leak::Scanner,
    report::{
        v1::{
            Diagnostic, PackageSource, Partition, Purpose, Redacted, Report, RowError, RowEvidence,
            RowResult, RowStatus, Run,
        },
        write,
    },
};
use canary_verifier::{Context, Scope, Staged, StagedFile, Tree, Verdict, canon::Canon};
use chrono::{DateTime, Duration, Utc};

/// Version of the executor and of the verifier in all good cases.
pub const EXECUTOR: &str = "0.1.0";

/// A pair of reports, and everything it is verified against.
pub struct Good {
    /// What it is verified for.
    pub scope: Scope,
    /// The matrix in force.
    pub canon: Canon,
    /// The readiness report.
    pub readiness: Report,
    /// The live report.
    pub live: Report,
    /// Handed in instead of the readiness report's canonical bytes.
    pub readiness_text: Option<String>,
    /// Handed in instead of the live report's canonical bytes.
    pub live_text: Option<String>,
    /// Files of the packed SDK.
    pub package: Vec<(String, String)>,
    /// Put after the end of the packed SDK's tar.
    pub package_trailing: Vec<u8>,
    /// Staged files.
    pub staged: BTreeMap<String, Vec<u8>>,
    /// The SDK's tree.
    pub tree: BTreeMap<String, Vec<u8>>,
    /// The workspace's manifest.
    pub workspace: String,
    /// The workspace's lock file.
    pub lock: String,
    /// The challenge that is demanded.
    pub challenge: Option<Challenge>,
    /// Values that must not be in a report.
    pub secrets: Vec<Secret>,
    /// The present.
    pub now: DateTime<Utc>,
    /// How old evidence may be.
    pub max_age: Duration,
}

impl Good {
    /// A pair that holds.
    pub fn new() -> Self {
        Self::of(canon::small())
    }

    /// A pair that holds, for a matrix.
    pub fn of(canon: Canon) -> Self {
        Self::at(canon, DateTime::from_timestamp(1_790_000_000, 0).unwrap())
    }

    /// A pair that holds at some time.
    pub fn at(canon: Canon, now: DateTime<Utc>) -> Self {
        let tree = pack::tree();
        let package = pack::package(&tree);
        let challenge =
            Challenge::new([7; 32], now - Duration::hours(3), Duration::days(5)).unwrap();
        let mut good = Self {
            scope: Scope::Promotion,
            readiness: reports::readiness(&canon, now - Duration::hours(2)),
            live: reports::live(&canon, now - Duration::hours(1)),
            canon,
            readiness_text: None,
            live_text: None,
            package,
            package_trailing: Vec::new(),
            staged: BTreeMap::new(),
            tree,
            workspace: pack::WORKSPACE.to_owned(),
            lock: pack::LOCK.to_owned(),
            challenge: Some(challenge),
            secrets: Vec::new(),
            now,
            max_age: Duration::hours(24),
        };
        good.restage();
        good.describe_candidate();
        good.run().challenge_sha256 = good.challenge.as_ref().map(Challenge::digest);
        good.bind();
        good
    }

    /// Makes a rehearsal from source of it, which holds as a rehearsal.
    pub fn rehearse(&mut self) {
        self.scope = Scope::Rehearsal;
        self.staged.clear();
        for report in [&mut self.readiness, &mut self.live] {
            report.purpose = Purpose::Rehearsal;
            report.package_source = PackageSource::Source;
            report.candidate.package_source = PackageSource::Source;
            report.candidate.artifact_digests_checked = false;
            report.candidate.artifacts.clear();
            for lane in &mut report.reports {
                canary_core::report::v1::CUSTOM_BASE_URL.clone_into(&mut lane.base_url);
            }
        }
        self.bind();
    }

    /// Packs the package again and stages it, without telling the reports' sources of it. The
    /// digest of the file is told: only what is inside is not.
    pub fn restage(&mut self) {
        self.restage_bytes(pack::pack(&self.package, &self.package_trailing));
    }

    /// Stages other bytes as the packed SDK, and tells the reports of their digest.
    pub fn restage_bytes(&mut self, bytes: Vec<u8>) {
        let name = crate_file_name(reports::VERSION);
        for report in [&mut self.readiness, &mut self.live] {
            reports::name_artifact(report, &name, Digest::of(&bytes));
        }
        self.staged.insert(name, bytes);
        self.bind();
    }

    /// Fills in what the reports say of the SDK's sources, from the tree.
    pub fn describe_candidate(&mut self) {
        let tree = Tree::new(self.tree.clone(), Some(self.workspace.as_bytes()));
        let sources = tree.sources.unwrap();
        for report in [&mut self.readiness, &mut self.live] {
            report.candidate.source_digest_sha256 = sources.digest();
            report.candidate.source_file_count = sources.file_count();
        }
    }

    /// Binds the live report to the readiness report as it stands.
    pub fn bind(&mut self) {
        let digest = Digest::of(self.readiness_json());
        if let Some(run) = &mut self.live.run {
            run.readiness_digest_sha256 = Some(digest);
        }
    }

    /// Stages one more file.
    pub fn stage(&mut self, name: &str, bytes: &[u8]) {
        self.staged.insert(name.to_owned(), bytes.to_vec());
    }

    /// Changes or adds a file of the tree.
    pub fn tree_text(&mut self, path: &str, text: &str) {
        self.tree.insert(path.to_owned(), text.into());
    }

    /// Changes or adds a file of the package.
    pub fn package_text(&mut self, path: &str, text: &str) {
        self.package.retain(|(name, _)| name != path);
        self.package.push((path.to_owned(), text.to_owned()));
    }

    /// The run.
    pub fn run(&mut self) -> &mut Run {
        self.live.run.as_mut().unwrap()
    }

    /// A row of the live report.
    pub fn result(&mut self, name: &str) -> &mut RowResult {
        let mut results = self.live.reports[0].results.iter_mut();
        results.find(|row| row.name == name).unwrap()
    }

    /// The evidence of a row.
    pub fn evidence(&mut self, name: &str) -> &mut RowEvidence {
        self.result(name).evidence.as_mut().unwrap()
    }

    /// Makes a row fail as the executor would report it.
    pub fn fail(&mut self, name: &str) {
        let row = self.result(name);
        let evidence = row.evidence.as_mut().unwrap();
        evidence.checks[0].measured = canary_core::evidence::Measured::Found { found: None };
        evidence.checks[0].outcome = Outcome::Broken;
        row.error = Some(RowError {
            name: evidence.checks[0].check.clone(),
            error_type: None,
            diagnostic: Diagnostic::CheckBroken,
            status: evidence.calls[0].status,
            request_id: evidence.calls[0].request_id.clone(),
            message: Redacted::Redacted,
        });
        row.status = RowStatus::Failed;
        self.recount();
    }

    /// Makes it a run of shares that were put together.
    pub fn shard(&mut self, of: u64) {
        let names: Vec<String> = self.canon.rows.iter().map(|row| row.name.clone()).collect();
        let shares = (1..=of).map(|index| {
            let share = Partition { index, of };
            let own: Vec<&String> = share.share(&names).collect();
            let mut live = self.live.clone();
            let lane = &mut live.reports[0];
            lane.results.retain(|result| own.contains(&&result.name));
            lane.summary = reports::summary(&lane.results);
            let run = live.run.as_mut().unwrap();
            run.id =
                uuid::Uuid::from_u128(0x4000_8000_0000_0000_0100 + u128::from(index)).to_string();
            run.partition = Some(share);
            run.started_at += Duration::seconds(i64::try_from(index).unwrap());
            let catalog = Some(Digest::of(format!("catalog under the key of {index}")));
            (run.gateway_at_start, run.gateway_at_end) = (catalog, catalog);
            let bytes = write::canonical(&live).unwrap();
            (format!("share-{index}.json"), bytes)
        });
        let shares: Vec<(String, Vec<u8>)> = shares.collect();
        let id = self.run().id.clone();
        self.live = canary_core::merge::merge(&shares, id).unwrap();
    }

    /// Counts the summary of the lane again.
    pub fn recount(&mut self) {
        for lane in &mut self.live.reports {
            lane.summary = reports::summary(&lane.results);
        }
    }

    /// The readiness report as it is handed in.
    pub fn readiness_json(&self) -> String {
        let canonical = || String::from_utf8(write::canonical(&self.readiness).unwrap()).unwrap();
        self.readiness_text.clone().unwrap_or_else(canonical)
    }

    /// The live report as it is handed in.
    pub fn live_json(&self) -> String {
        let canonical = || String::from_utf8(write::canonical(&self.live).unwrap()).unwrap();
        self.live_text.clone().unwrap_or_else(canonical)
    }

    /// What the reports are held against.
    pub fn context(&self) -> Context {
        let open = |(name, bytes): (&String, &Vec<u8>)| StagedFile::open(name, bytes);
        let staged = Staged {
            files: self.staged.iter().map(open).collect(),
        };
        let is_there = self.scope == Scope::Promotion || !self.staged.is_empty();
        Context {
            scope: self.scope,
            canon: self.canon.clone(),
            executor_version: EXECUTOR.to_owned(),
            staged: is_there.then_some(staged),
            tree: Some(
                Tree::new(self.tree.clone(), Some(self.workspace.as_bytes()))
                    .with_lock(Some(self.lock.clone().into_bytes())),
            ),
            challenge: self.challenge.clone().map(Ok),
            scanner: Scanner::new(&self.secrets).unwrap(),
            now: self.now,
            max_age: self.max_age,
        }
    }

    /// The verdict.
    pub fn verify(&self) -> Verdict {
        self.verify_in(&self.context())
    }

    /// The verdict in a context that was made before, where only the reports change.
    pub fn verify_in(&self, context: &Context) -> Verdict {
        let (readiness, live) = (self.readiness_json(), self.live_json());
        canary_verifier::verify(readiness.as_bytes(), live.as_bytes(), context)
    }

    /// Names of the rules that do not hold, sorted.
    pub fn broken(&self) -> Vec<String> {
        self.broken_in(&self.context())
    }

    /// The same, in a context that was made before.
    pub fn broken_in(&self, context: &Context) -> Vec<String> {
        let findings = self.verify_in(context).findings;
        let names: std::collections::BTreeSet<String> =
            findings.into_iter().map(|finding| finding.rule).collect();
        names.into_iter().collect()
    }
}
