//! `canary run`: the rows against the gateway that the inputs name.

use canary_core::{
    challenge::Challenge, digest::Digest, exit::Exit, matrix::Matrix, plan::Plan,
    report::v1::Purpose,
};
use chrono::Utc;

use super::{
    CommandError, Shell,
    args::Run,
    candidate::{UnderTest, under_test},
    preflight::{load_inputs, load_matrix},
};
use crate::{
    load::PrivateFiles,
    report::{self, Binding, Header},
    run::{self, Answer, RunEvent, Sink},
    sink::terminal,
    world::world,
};

/// Tells progress on standard error.
pub(super) struct Progress<'s>(pub(super) &'s Shell);

impl Sink for Progress<'_> {
    fn event(&self, event: &RunEvent<'_>) {
        match event {
            RunEvent::Started { rows } => self.0.console.note(&format!("{rows} rows")),
            RunEvent::Waiting { wait } => self.0.console.note(&terminal::waiting_line(*wait)),
            RunEvent::RowFinished { result, .. } => {
                self.0.console.note(&terminal::row_line(result));
            }
        }
    }
}

/// The exit code of an answer.
pub(super) fn exit(answer: Answer) -> Exit {
    match answer {
        Answer::Yes => Exit::Yes,
        Answer::No => Exit::No,
        Answer::CouldNotTell => Exit::CouldNotTell,
        Answer::Interrupted => Exit::Interrupted,
    }
}

/// Shows what a run came to.
pub(super) fn show(shell: &Shell, matrix: &Matrix, outcome: &run::Outcome) {
    shell
        .console
        .say(&terminal::table(matrix, &outcome.results));
    let failures = terminal::failures(matrix, &outcome.results);
    if !failures.is_empty() {
        shell.console.say(&failures);
    }
    shell
        .console
        .say(&terminal::summary_line(report::summary(outcome)));
    if outcome.gateway_at_start != outcome.gateway_at_end {
        shell
            .console
            .say("the gateway's catalog changed during the run, so the run tells nothing certain");
    }
}

fn digest_of(path: Option<&std::path::Path>) -> Result<Option<Digest>, CommandError> {
    let Some(path) = path else { return Ok(None) };
    let bytes = std::fs::read(path).map_err(|error| {
        CommandError::Usage(format!("could not read {}: {error}", path.display()))
    })?;
    Ok(Some(Digest::of(bytes)))
}

pub(super) async fn run(args: Run, shell: &Shell) -> Result<Exit, CommandError> {
    let matrix = load_matrix(&args.matrix)?;
    let inputs = load_inputs(matrix.inputs(), args.env_file.as_deref(), shell)?;
    let files = PrivateFiles::decode(matrix.inputs(), &inputs)?;
    let readiness = digest_of(args.readiness.as_deref())?;
    let challenge = match &args.challenge {
        Some(path) => Some(read_challenge(path)?),
        None => None,
    };
    let plan = Plan::resolve(&matrix, &inputs);
    let candidate = match under_test(
        shell,
        args.package_source,
        args.strict,
        &args.artifacts_root,
    )? {
        UnderTest::Here(candidate) => candidate,
        UnderTest::Elsewhere(exit) => return Ok(exit),
    };
    let header = Header {
        strict: args.strict,
        purpose: Purpose::Evidence,
        candidate,
    };
    let scanner = report::scanner(matrix.inputs(), &inputs, &shell.environment)?;
    let started_at = Utc::now();
    let envelope = report::readiness(&header, &matrix, &inputs, &plan, started_at);
    if !plan.is_ready() {
        shell.console.note(&terminal::plan(&plan));
    }
    let world = world(&inputs, &files)?;
    let outcome = run::run(&plan, &world, args.jobs, &Progress(shell), &shell.cancel).await;
    let binding = Binding {
        started_at,
        finished_at: Utc::now(),
        readiness,
        challenge,
    };
    if let Some(path) = &args.report {
        report::save(
            &report::live(envelope, &inputs, &outcome, binding),
            path,
            &scanner,
        )?;
    }
    show(shell, &matrix, &outcome);
    Ok(exit(run::answer(
        &matrix,
        &outcome,
        args.gate.into(),
        args.strict,
    )))
}

fn read_challenge(path: &std::path::Path) -> Result<Digest, CommandError> {
    let wrong = |why: String| {
        CommandError::Usage(format!(
            "could not read the challenge {}: {why}",
            path.display()
        ))
    };
    let bytes = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    Ok(Challenge::read(&bytes)
        .map_err(|error| wrong(error.to_string()))?
        .digest())
}
