//! `canary rehearse`: preflight, run and verifier against the embedded gateway, offline.

use std::sync::Arc;

use canary_core::{
    digest::Digest,
    exit::Exit,
    leak::Scanner,
    matrix::Matrix,
    plan::Plan,
    report::v1::{PackageSource, Purpose},
};
use canary_verifier::{Context, Scope, Verdict, canon::Canon, finding::Finding, verify};
use chrono::{Duration, Utc};
use runinfra_gateway::{Config, Gateway, fault};

use super::{
    CommandError, Shell,
    apart::Files,
    args::Rehearse,
    preflight::load_matrix,
    run::{exit, folder_of, rows, show, tell},
};
use crate::{
    load::{self, PrivateFiles},
    rehearsal,
    report::{self, Binding, Header},
    run::{self, Answer, Gate},
    sink::{
        terminal,
        told::{Source, ToldFinding, ToldVerdict},
    },
    world::world,
};

pub(super) async fn rehearse(args: Rehearse, shell: &Shell) -> Result<Exit, CommandError> {
    let matrix = load_matrix(&args.matrix)?;
    let reports = ["readiness.json", "live.json"].map(|name| args.out.join(name));
    let reports = reports.iter();
    reports
        .fold(Files::of(&args.matrix), |files, path| {
            files.writes("--out", Some(path))
        })
        .writes_all(&args.outputs)
        .check()?;
    let gateway = start_gateway(args.fault.as_deref()).await?;
    let inputs = load::inputs(matrix.inputs(), &rehearsal::environment(&gateway), None);
    let scanner = report::scanner(matrix.inputs(), &inputs, &shell.environment)?;
    let plan = Plan::resolve(&matrix, &inputs);
    let header = Header {
        strict: true,
        purpose: Purpose::Rehearsal,
        candidate: report::candidate(PackageSource::Source)?,
    };

    args.outputs.wanted(false).can_be_written()?;
    let readiness = report::readiness(&header, &matrix, &inputs, &plan, Utc::now());
    let readiness_bytes = report::save(&readiness, &args.out.join("readiness.json"), &scanner)?;
    if !plan.is_ready() {
        shell.console.say(&terminal::plan(&plan));
        return Ok(Exit::No);
    }

    let files = PrivateFiles::decode(matrix.inputs(), &inputs)?;
    let mut world = world(&inputs, &files)?;
    world.books = Some(Arc::new(gateway.journal()));
    let started_at = Utc::now();
    let outcome = rows(&plan, &world, args.jobs, shell).await;
    gateway.shutdown().await;
    let binding = Binding {
        started_at,
        finished_at: Utc::now(),
        readiness: Some(Digest::of(&readiness_bytes)),
        challenge: None,
        partition: None,
    };
    let envelope = report::readiness(&header, &matrix, &inputs, &plan, started_at);
    let live = report::live(envelope, &inputs, &outcome, binding);
    let live_bytes = report::save(&live, &args.out.join("live.json"), &scanner)?;

    show(shell, &matrix, &outcome);
    let verdict = verdict(&matrix, &readiness_bytes, &live_bytes, scanner.clone());
    shell.console.say(&canary_verifier::table::render(&verdict));
    shell
        .console
        .say(&format!("reports: {}", args.out.display()));
    let answer = match run::answer(&matrix, &outcome, Gate::All, true, false) {
        Answer::Yes if !verdict.holds() => Answer::No,
        answer => answer,
    };
    let folder = folder_of(&args.matrix);
    let told = told(verdict);
    let source = Source {
        title: "canary rehearse",
        matrix: &matrix,
        folder: folder.as_deref(),
        live: &live,
        answer,
        verdict: Some(&told),
    };
    tell(shell, &args.outputs, source, &scanner)?;
    Ok(exit(answer))
}

pub(super) async fn start_gateway(fault_name: Option<&str>) -> Result<Gateway, CommandError> {
    let fault = match fault_name {
        None => None,
        Some(name) => Some(fault::find(name).ok_or_else(|| rehearsal::unknown_fault(name))?),
    };
    Gateway::start(Config {
        fault,
        ..Config::default()
    })
    .await
    .map_err(|error| {
        CommandError::CouldNotTell(format!("could not start the embedded gateway: {error}"))
    })
}

/// The verdict as the sinks tell it: they know nothing of the verifier.
fn told(verdict: Verdict) -> ToldVerdict {
    let holds = verdict.holds();
    let finding = |finding: Finding| ToldFinding {
        rule: finding.rule,
        subject: finding.subject.to_string(),
        at: finding.at,
        found: finding.found,
        expected: finding.expected,
        next: finding.next,
    };
    ToldVerdict {
        holds,
        findings: verdict.findings.into_iter().map(finding).collect(),
    }
}

/// What the verifier says of both reports, as a rehearsal.
fn verdict(matrix: &Matrix, readiness: &[u8], live: &[u8], scanner: Scanner) -> Verdict {
    let context = Context {
        scope: Scope::Rehearsal,
        canon: Canon::of(matrix),
        executor_version: report::EXECUTOR_VERSION.to_owned(),
        staged: None,
        tree: None,
        challenge: None,
        scanner,
        now: Utc::now(),
        max_age: Duration::hours(24),
    };
    verify(readiness, live, &context)
}
