//! `canary run`: the rows against the gateway that the inputs name.

use std::{num::NonZeroUsize, path::Component};

use canary_core::{exit::Exit, leak::Scanner, matrix::Matrix, plan::Plan};
use chrono::Utc;

use super::{
    CommandError, Shell,
    apart::Files,
    args::{MatrixFolder, Outputs, Run},
    bound::{self, Readiness},
    candidate::{UnderTest, under_test},
    preflight::{load_inputs, load_matrix},
};
use crate::{
    load::{self, PrivateFiles},
    place::can_be_written,
    probe::World,
    report::{self, Binding, ReportError},
    run::{self, Answer, RunEvent, Sink},
    sink::{
        terminal,
        told::{Source, Told},
    },
    world::world,
};

/// Tells progress on standard error.
struct Progress<'s>(&'s Shell);

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

/// Gives each planned row its turn and tells how it goes, until Ctrl-C.
pub(super) async fn rows(
    plan: &Plan<'_>,
    world: &World,
    jobs: NonZeroUsize,
    shell: &Shell,
) -> run::Outcome {
    run::run(plan, world, jobs.get(), &Progress(shell), &shell.cancel).await
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
    if let Some(doubt) = doubt(outcome) {
        shell.console.say(doubt);
    }
}

/// What makes the whole run uncertain, whatever its rows say. An interrupt is told elsewhere.
pub(super) fn doubt(outcome: &run::Outcome) -> Option<&'static str> {
    match (outcome.gateway_at_start, outcome.gateway_at_end) {
        _ if outcome.aborted => None,
        (Some(start), Some(end)) if start != end => Some(
            "the gateway's catalog or name changed during the run, so the run tells nothing certain",
        ),
        (Some(_), None) | (None, Some(_)) => Some(
            "the gateway's catalog could not be read at one end of the run, so nothing says that it stayed the same",
        ),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

pub(super) async fn run(args: Run, shell: &Shell) -> Result<Exit, CommandError> {
    let matrix = load_matrix(&args.matrix)?;
    let inputs = load_inputs(matrix.inputs(), args.env_file.as_deref(), shell)?;
    Files::of(&args.matrix)
        .reads("--env-file", args.env_file.as_deref())
        .reads("--readiness", args.readiness.as_deref())
        .reads("--challenge", args.challenge.as_deref())
        .reads_inputs(&matrix, &inputs)
        .writes("--report", args.report.as_deref())
        .writes_all(&args.outputs)
        .check()?;
    let files = PrivateFiles::decode(matrix.inputs(), &inputs)?;
    let readiness = args.readiness.as_deref().map(Readiness::read).transpose()?;
    let challenge = args.challenge.as_deref();
    let challenge = challenge.map(|path| bound::challenge(path, args.strict, Utc::now()));
    let challenge = challenge.transpose()?;
    let plan = Plan::resolve(&matrix, &inputs);
    let header = match under_test(
        shell,
        matrix.inputs(),
        args.package_source,
        args.strict,
        args.artifacts_root.as_deref(),
    )
    .await?
    {
        UnderTest::Here(header) => header,
        UnderTest::Elsewhere(exit) => return Ok(exit),
    };
    let scanner = report::scanner(matrix.inputs(), &inputs, &shell.environment)?;
    let folder = folder_of(&args.matrix);
    // Rows cost money: what cannot be written in the end is better known before.
    args.outputs.wanted(false).can_be_written()?;
    if let Some(path) = &args.report {
        can_be_written(path).map_err(|source| ReportError::Write {
            path: path.clone(),
            source,
        })?;
    }
    let started_at = Utc::now();
    let envelope = report::readiness(&header, &matrix, &inputs, &plan, started_at);
    if let Some(readiness) = readiness.as_ref().filter(|_| args.strict) {
        readiness.suits(&envelope)?;
    }
    if !plan.is_ready() {
        shell.console.note(&terminal::plan(&plan));
    }
    let plan = match args.partition {
        Some(partition) => plan.share(partition),
        None => plan,
    };
    let world = world(&inputs, &files)?;
    let outcome = rows(&plan, &world, args.jobs, shell).await;
    let binding = Binding {
        started_at,
        finished_at: Utc::now(),
        readiness: readiness.as_ref().map(Readiness::digest),
        challenge,
        partition: args.partition,
    };
    let live = report::live(envelope, &inputs, &outcome, binding);
    show(shell, &matrix, &outcome);
    if let Some(path) = &args.report {
        report::save(&live, path, &scanner)?;
    }
    let answer = run::answer(
        &matrix,
        &outcome,
        args.gate.into(),
        args.strict,
        args.partition.is_some(),
    );
    let source = Source {
        title: "canary run",
        matrix: &matrix,
        folder: folder.as_deref(),
        live: &live,
        answer,
        verdict: None,
    };
    tell(shell, &args.outputs, source, &scanner)?;
    Ok(exit(answer))
}

/// The matrix's folder as a path from here; nothing for the copy compiled in, nor for a folder
/// elsewhere, whose path is nobody's business.
pub(super) fn folder_of(matrix: &MatrixFolder) -> Option<String> {
    let folder = match &matrix.matrix {
        Some(folder) => folder.clone(),
        None => load::folder_here()?.to_owned(),
    };
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if !folder.components().all(plain) {
        return None;
    }
    let parts = folder.components().filter_map(|part| match part {
        Component::Normal(name) => name.to_str().map(str::to_owned),
        _ => None,
    });
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// Writes and prints the other forms of a result that were asked for.
pub(super) fn tell(
    shell: &Shell,
    outputs: &Outputs,
    source: Source<'_>,
    scanner: &Scanner,
) -> Result<(), CommandError> {
    let on_github = shell.environment.get("GITHUB_ACTIONS").map(String::as_str) == Some("true");
    let Some(told) = Told::new(source) else {
        return Ok(());
    };
    let notes = outputs.wanted(on_github).write(&told, scanner)?;
    if !notes.is_empty() {
        shell.console.say(&notes);
    }
    Ok(())
}
