//! A runner like the hosted ones: it goes through the jobs of the real `publish.yml` in the order in which
//! they need each other, each in a fresh folder, hands artifacts and outputs on, and runs every script as
//! it stands. Only what leaves the machine is replaced: cargo, the canary, and the actions.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use canary_core::digest::Digest;
use canary_verifier::workflow::{Job, Pairs, Step, Work, jobs};

use super::{PUBLISH, repository};

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Success,
    Failure,
    Skipped,
}
use Ended::{Failure, Skipped, Success};

/// What a secret or the job's token is here; no step but those that are given it may see it.
pub(super) const SECRET: &str = "a-secret-of-the-environment";

/// A change of what one job leaves for the next.
pub(super) type Tamper = Box<dyn Fn(&Path)>;

/// A release that is about to be run.
pub(super) struct Hosted {
    folder: tempfile::TempDir,
    pub(super) dry_run: bool,
    pub(super) confirm_version: String,
    pub(super) branch: String,
    /// A step that fails, by its job and its place in it.
    pub(super) broken: Option<(String, usize)>,
    /// What happens to the stored artifacts once a job has ended.
    pub(super) tamper: BTreeMap<String, Tamper>,
    /// Steps that saw a secret, and steps that ran at all.
    pub(super) saw_secret: BTreeSet<String>,
    pub(super) ran: Vec<String>,
    outputs: BTreeMap<String, String>,
}

impl Hosted {
    /// A runner with a folder `tree` for the repository and `bin` for programs.
    pub(super) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            dry_run: false,
            confirm_version: "0.1.0".to_owned(),
            branch: "refs/heads/main".to_owned(),
            broken: None,
            tamper: BTreeMap::new(),
            saw_secret: BTreeSet::new(),
            ran: Vec::new(),
            outputs: BTreeMap::new(),
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(super) fn program(&self, name: &str, text: &str) {
        self.put(name, text);
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(super) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The jobs of the release.
    pub(super) fn jobs() -> Vec<Job> {
        let files = repository().files;
        let publish = files.iter().find(|file| file.name == PUBLISH).unwrap();
        jobs(&publish.text)
    }

    /// Runs the release.
    pub(super) fn run(&mut self) -> BTreeMap<String, Ended> {
        let mut ended: BTreeMap<String, Ended> = BTreeMap::new();
        let mut waiting = Self::jobs();
        while !waiting.is_empty() {
            let ready = |job: &Job| job.needs.iter().all(|need| ended.contains_key(need));
            let next = waiting.iter().position(ready).unwrap();
            let job = waiting.remove(next);
            let go = job.needs.iter().all(|need| ended[need] == Success)
                && self.holds(job.condition.as_deref(), true);
            let end = if go { self.job(&job) } else { Skipped };
            if let Some(tamper) = self.tamper.get(&job.id) {
                tamper(&self.path("stored"));
            }
            ended.insert(job.id, end);
        }
        ended
    }

    /// The conditions that the release has. Without `always()` a failure is the end.
    fn holds(&self, condition: Option<&str>, so_far: bool) -> bool {
        match condition {
            Some("always()") => true,
            None => so_far,
            Some("inputs.dry_run") => so_far && self.dry_run,
            Some("!inputs.dry_run") => so_far && !self.dry_run,
            Some("github.ref == 'refs/heads/main'") => so_far && self.branch == "refs/heads/main",
            Some(other) => panic!("a condition that this runner does not know: {other}"),
        }
    }

    fn job(&mut self, job: &Job) -> Ended {
        let mut end = Success;
        for (index, step) in job.steps.iter().enumerate() {
            if !self.holds(step.condition.as_deref(), end == Success) {
                continue;
            }
            self.ran.push(format!("{} {index}", job.id));
            let is_broken = self.broken.as_ref() == Some(&(job.id.clone(), index));
            if is_broken || !self.step(job, index, step) {
                end = Failure;
            }
        }
        for (name, value) in &job.outputs {
            let value = self.filled(&job.id, value);
            self.outputs
                .insert(format!("needs.{}.outputs.{name}", job.id), value);
        }
        end
    }

    /// A value with its expressions filled in.
    fn filled(&self, job: &str, value: &str) -> String {
        let mut filled = String::new();
        let mut rest = value;
        while let Some((before, after)) = rest.split_once("${{") {
            let (inner, after) = after.split_once("}}").unwrap();
            filled.push_str(before);
            filled.push_str(&self.expression(job, inner.trim()));
            rest = after;
        }
        filled + rest
    }

    fn expression(&self, job: &str, inner: &str) -> String {
        let known = |name: &str| self.outputs.get(name).cloned().unwrap_or_default();
        match inner.split('.').next() {
            Some("needs") => known(inner),
            Some("steps") => known(&format!("{job} {inner}")),
            Some("secrets") => SECRET.to_owned(),
            Some("vars") => "a-variable".to_owned(),
            _ if inner == "github.token" => SECRET.to_owned(),
            _ if inner == "inputs.confirm_version" => self.confirm_version.clone(),
            _ => panic!("an expression that this runner does not know: {inner}"),
        }
    }

    fn step(&mut self, job: &Job, index: usize, step: &Step) -> bool {
        let home = self.path(&format!("jobs/{}", job.id));
        fs::create_dir_all(&home).unwrap();
        match &step.work {
            Work::Uses(action, with) => {
                let with: Pairs = with
                    .iter()
                    .map(|(key, value)| (key.clone(), self.filled(&job.id, value)))
                    .collect();
                self.action(job, step, action, &with, &home)
            }
            Work::Run(run) => {
                let env: Pairs = step
                    .env
                    .iter()
                    .map(|(key, value)| (key.clone(), self.filled(&job.id, value)))
                    .collect();
                if env.iter().any(|(_, value)| value == SECRET) {
                    self.saw_secret.insert(format!("{} {index}", job.id));
                }
                let good = self.script(&job.id, run, &env, &home);
                self.keep_outputs(&job.id, step.id.as_deref());
                good
            }
        }
    }

    fn script(&self, job: &str, run: &str, env: &Pairs, home: &Path) -> bool {
        self.put("step.sh", run);
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(self.path("step.sh"))
            .current_dir(home)
            .env_clear()
            .env(
                "PATH",
                format!("{}:/usr/bin:/bin", self.path("bin").display()),
            )
            .env("HOME", self.path("home"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("GITHUB_REPOSITORY", "owner/name")
            .envs(env.iter().cloned())
            .output()
            .unwrap();
        let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let log = format!(
            "{}--- {job}: {run}\n{}{}",
            self.text("steps.log"),
            told(&output.stdout),
            told(&output.stderr)
        );
        self.put("steps.log", log);
        output.status.success()
    }

    /// Reads what a script wrote for later steps.
    fn keep_outputs(&mut self, job: &str, id: Option<&str>) {
        let written = self.text("output");
        let _none = fs::remove_file(self.path("output"));
        for (name, value) in written.lines().filter_map(|line| line.split_once('=')) {
            if let Some(id) = id {
                let name = format!("{job} steps.{id}.outputs.{name}");
                self.outputs.insert(name, value.to_owned());
            }
        }
    }

    fn action(&mut self, job: &Job, step: &Step, action: &str, with: &Pairs, home: &Path) -> bool {
        let told = |name: &str| {
            let mut pairs = with.iter();
            pairs
                .find(|(key, _)| key == name)
                .map_or("", |(_, value)| value.as_str())
        };
        match action {
            "actions/checkout" => {
                copy(&self.path("tree"), home);
                true
            }
            "actions/upload-artifact" => {
                let (from, to) = (
                    home.join(told("path")),
                    self.path("stored").join(told("name")),
                );
                let is_there = from.is_dir();
                if is_there {
                    copy(&from, &to);
                }
                is_there || told("if-no-files-found") != "error"
            }
            "actions/download-artifact" => {
                let from = self.path("stored").join(told("name"));
                if from.is_dir() {
                    copy(&from, &home.join(told("path")));
                }
                from.is_dir()
            }
            "rust-lang/crates-io-auth-action" => {
                let id = step.id.as_deref().unwrap_or_default();
                let name = format!("{} steps.{id}.outputs.token", job.id);
                self.outputs.insert(name, "short-lived".to_owned());
                true
            }
            "actions/attest" | "actions/attest-build-provenance" => {
                let folder = home.join(Path::new(told("subject-path")).parent().unwrap());
                let subjects: Vec<PathBuf> = crates(&folder);
                let [subject] = subjects.as_slice() else {
                    return false;
                };
                let predicate = told("predicate-path");
                let is_there = predicate.is_empty() || home.join(predicate).is_file();
                let digest = Digest::of(fs::read(subject).unwrap());
                let log = format!("{}{action} {digest}\n", self.text("log"));
                self.put("log", log);
                is_there
            }
            other => panic!("an action that this runner does not know: {other}"),
        }
    }
}

/// The packed files of a folder.
pub(super) fn crates(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|is| is == "crate"))
        .collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
