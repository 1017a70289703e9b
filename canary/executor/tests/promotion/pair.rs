//! The pair of reports, made once.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use canary_core::{
    challenge::Challenge,
    digest::Digest,
    matrix::Matrix,
    plan::Plan,
    report::{
        v1::{Purpose, Report},
        write,
    },
};
use canary_executor::{
    artifact::{self, Executor},
    load::{self, PrivateFiles},
    rehearsal,
    report::{self, Binding, Header},
    run::{self, RunEvent, Sink},
    world::world,
};
use canary_verifier::{Context, Scope, Staged, StagedFile, Tree, Verdict, canon::Canon, verify};
use chrono::{Duration, Utc};
use runinfra_gateway::{Config, Gateway, fault};
use tokio_util::sync::CancellationToken;

/// What the verifier is given.
pub(crate) struct Pair {
    readiness: Report,
    live: Report,
    context: Context,
}

/// The two reports in somebody's hands, and the matrix that both were made with.
pub(crate) struct Forged {
    pub(crate) readiness: Report,
    pub(crate) live: Report,
    pub(crate) canon: Canon,
}

impl Pair {
    pub(crate) fn verdict(&self) -> Verdict {
        self.verdict_on(&self.readiness, &self.live)
    }

    pub(crate) fn forged(&self) -> Forged {
        Forged {
            readiness: self.readiness.clone(),
            live: self.live.clone(),
            canon: self.context.canon.clone(),
        }
    }

    /// The rules that refuse a forgery whose parts were bound to each other again.
    pub(crate) fn broken(&self, forged: &Forged) -> BTreeSet<String> {
        let mut live = forged.live.clone();
        let readiness = write::canonical(&forged.readiness).unwrap();
        live.run.as_mut().unwrap().readiness_digest_sha256 = Some(Digest::of(readiness));
        let findings = self.verdict_on(&forged.readiness, &live).findings;
        findings.into_iter().map(|finding| finding.rule).collect()
    }

    fn verdict_on(&self, readiness: &Report, live: &Report) -> Verdict {
        let bytes = |report| write::canonical(report).unwrap();
        verify(&bytes(readiness), &bytes(live), &self.context)
    }
}

struct Quiet;

impl Sink for Quiet {
    fn event(&self, _: &RunEvent<'_>) {}
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Packs the SDK in a copy of the workspace that no version control knows: a tree with changes at
/// hand could not be promoted, and this is not about that.
fn packed(folder: &Path) -> PathBuf {
    let copied = ["Cargo.toml", "Cargo.lock", "sdk", "gateway", "canary"];
    for name in copied {
        copy(&root().join(name), &folder.join(name));
    }
    let output = Command::new(env!("CARGO"))
        .args([
            "package",
            "--package",
            "runinfra",
            "--no-verify",
            "--offline",
            "--target-dir",
        ])
        .arg(folder.join("target"))
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    folder.join("target/package")
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
        return;
    }
    for entry in fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        if name != "target" {
            copy(&from.join(&name), &to.join(&name));
        }
    }
}

fn files(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

fn matrix() -> Matrix {
    let faults: Vec<&str> = fault::catalogue().iter().map(|fault| fault.name).collect();
    load::matrix(Some(&root().join("matrix")), &faults).unwrap()
}

/// Packs, prepares, runs and writes, as the release does.
pub(crate) fn made() -> Pair {
    let folder = tempfile::tempdir().unwrap();
    let artifacts = packed(folder.path());
    let packed = artifact::find(&artifacts).unwrap();
    let Executor::Here(candidate) = artifact::executor_for(packed).unwrap() else {
        panic!("cargo packs other sources than it compiles");
    };
    let file = candidate.artifacts[0].file_name.clone();
    let bytes = fs::read(artifacts.join(&file)).unwrap();
    let mut tree = BTreeMap::new();
    files(&folder.path().join("sdk"), "", &mut tree);
    let workspace = fs::read(folder.path().join("Cargo.toml")).unwrap();
    let lock = fs::read(folder.path().join("Cargo.lock")).unwrap();

    let matrix = matrix();
    let issued = Utc::now();
    let challenge = Challenge::new([3; 32], issued, Duration::hours(1)).unwrap();
    let header = Header {
        strict: true,
        purpose: Purpose::Evidence,
        candidate,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (readiness, live) = runtime.block_on(reports(&matrix, &header, &challenge));
    let context = Context {
        scope: Scope::Promotion,
        canon: Canon::of(&matrix),
        executor_version: report::EXECUTOR_VERSION.to_owned(),
        staged: Some(Staged {
            files: vec![StagedFile::open(file, &bytes)],
        }),
        tree: Some(Tree::new(tree, Some(&workspace)).with_lock(Some(lock))),
        challenge: Some(Ok(challenge)),
        scanner: canary_core::leak::Scanner::new(&[]).unwrap(),
        now: Utc::now(),
        max_age: Duration::hours(1),
    };
    Pair {
        readiness,
        live,
        context,
    }
}

async fn reports(matrix: &Matrix, header: &Header, challenge: &Challenge) -> (Report, Report) {
    let gateway = Gateway::start(Config::default()).await.unwrap();
    let mut variables = rehearsal::environment(&gateway);
    // Nothing said: the production gateway is what is reported.
    variables.remove("RUNINFRA_BASE_URL");
    let inputs = load::inputs(matrix.inputs(), &variables, None);
    let decoded = PrivateFiles::decode(matrix.inputs(), &inputs).unwrap();
    let plan = Plan::resolve(matrix, &inputs);
    assert!(plan.is_ready());
    let mut world = world(&inputs, &decoded).unwrap();
    world.base_url = gateway.base_url();
    world.books = Some(Arc::new(gateway.journal()));

    let readiness = report::readiness(header, matrix, &inputs, &plan, Utc::now());
    let bytes = write::canonical(&readiness).unwrap();
    let started_at = Utc::now();
    let outcome = run::run(&plan, &world, 4, &Quiet, &CancellationToken::new()).await;
    gateway.shutdown().await;
    let binding = Binding {
        started_at,
        finished_at: Utc::now(),
        readiness: Some(Digest::of(&bytes)),
        challenge: Some(challenge.digest()),
        partition: None,
    };
    let envelope = report::readiness(header, matrix, &inputs, &plan, started_at);
    let live = report::live(envelope, &inputs, &outcome, binding);
    // The files that a release writes are these bytes, after the leak scan of the inputs' values.
    let scanner = report::scanner(matrix.inputs(), &inputs, &variables).unwrap();
    for report in [&readiness, &live] {
        write::to_bytes(report, &scanner).unwrap();
    }
    (readiness, live)
}
