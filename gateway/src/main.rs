//! `canary-gateway`: the embedded gateway, alone.

mod cli;

use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;
use cli::{Arguments, Command};
use runinfra_gateway::{Arrival, Config, Gateway, Journal, fault};
use serde_json::json;

/// Exit code for bad usage or configuration, as everywhere in this repository.
const USAGE: u8 = 2;
/// Exit code for what could not be done, as everywhere in this repository.
const FAILED: u8 = 3;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.into_command() {
        Err(error) => usage(&error),
        Ok(Command::ListFaults) => {
            let listed = serde_json::to_string_pretty(fault::catalogue());
            listed.map_or_else(|error| usage(&error), |listed| list(&listed))
        }
        Ok(Command::Serve(serve)) => match Gateway::start(serve.config.clone()).await {
            Err(error) => usage(&error),
            Ok(gateway) => run(gateway, &serve).await,
        },
    }
}

async fn run(gateway: Gateway, serve: &cli::Serve) -> ExitCode {
    // Whoever reads where to call it may already want it to stop.
    let stopping = match stopping() {
        Ok(stopping) => stopping,
        Err(error) => return failed(&format!("could not listen for signals: {error}")),
    };
    let announced = announcement(&gateway, &serve.config, serve.json);
    if let Err(error) = print(&announced) {
        return failed(&format!("could not print where to call it: {error}"));
    }
    let mut log = Log {
        journal: gateway.journal(),
        logged: 0,
        json: serve.json,
    };
    let mut ticks = tokio::time::interval(Duration::from_millis(200));
    let mut stop = std::pin::pin!(stopping);
    loop {
        tokio::select! {
            () = &mut stop => break,
            _ = ticks.tick(), if !serve.quiet => log.catch_up(),
        }
    }
    // Answers in flight still end up in the log and the journal.
    gateway.shutdown().await;
    if !serve.quiet {
        log.catch_up();
    }
    let snapshot = log.journal.snapshot();
    if let Some(path) = &serve.journal {
        let written = serde_json::to_vec_pretty(&snapshot)
            .map_err(io::Error::other)
            .and_then(|bytes| std::fs::write(path, bytes));
        if let Err(error) = written {
            return failed(&format!(
                "could not write the journal to {}: {error}",
                path.display()
            ));
        }
    }
    ExitCode::SUCCESS
}

/// What a person, or a script with `--json`, needs to call the gateway. The keys are made up for this process and reach loopback only.
fn announcement(gateway: &Gateway, config: &Config, json: bool) -> String {
    if json {
        return json!({
            "event": "started",
            "base_url": gateway.base_url(),
            "api_key": gateway.api_key(),
            "pipeline_id": gateway.pipeline_id(),
            "pipeline_key": gateway.pipeline_key(),
            "limited_key": gateway.limited_key(),
            "unfunded_key": gateway.unfunded_key(),
            "fault": config.fault.map(|fault| fault.name),
            "models": gateway.models(),
        })
        .to_string();
    }
    let models = gateway.models();
    let mut lines = vec![
        format!("RUNINFRA_BASE_URL={}", gateway.base_url()),
        format!("RUNINFRA_API_KEY={}", gateway.api_key()),
        format!("RUNINFRA_VOICE_PIPELINE_ID={}", gateway.pipeline_id()),
        format!("RUNINFRA_PIPELINE_API_KEY={}", gateway.pipeline_key()),
        format!("RUNINFRA_LLM_MODEL={}", models.llm),
        format!("RUNINFRA_EMBEDDING_MODEL={}", models.embedding),
        format!("RUNINFRA_IMAGE_MODEL={}", models.image),
        format!("RUNINFRA_TTS_MODEL={}", models.tts),
        format!("RUNINFRA_ASR_MODEL={}", models.asr),
    ];
    if let Some(fault) = config.fault {
        lines.push(format!("# fault: {} — {}", fault.name, fault.breaks));
    }
    lines.join("\n")
}

/// A line on stderr for each answer.
struct Log {
    journal: Journal,
    /// How many answers have their line.
    logged: u64,
    json: bool,
}

impl Log {
    fn catch_up(&mut self) {
        let (answered, logged) = self.journal.answered_since(self.logged);
        for arrival in answered {
            self.write(&arrival);
        }
        self.logged = logged;
    }

    fn write(&self, arrival: &Arrival) {
        let line = if self.json {
            json!({"event": "answered", "request": arrival}).to_string()
        } else {
            format!(
                "{} {} {} {}",
                arrival.status.unwrap_or_default(),
                arrival.method,
                arrival.path,
                arrival.request_id
            )
        };
        // A log that nobody reads any more is no reason to stop serving.
        let _ = writeln!(io::stderr(), "{line}");
    }
}

/// Listens for SIGINT and SIGTERM from now on, and resolves when one came.
fn stopping() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    {
        let mut interrupt = tokio::signal::windows::ctrl_c()?;
        Ok(async move {
            interrupt.recv().await;
        })
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "{text}").and_then(|()| out.flush())
}

/// Prints a list. A reader that has seen enough of it is no failure.
fn list(text: &str) -> ExitCode {
    match print(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            failed(&format!("could not print the faults: {error}"))
        }
        _ => ExitCode::SUCCESS,
    }
}

fn usage(error: &dyn Display) -> ExitCode {
    end(USAGE, error)
}

fn failed(error: &dyn Display) -> ExitCode {
    end(FAILED, error)
}

fn end(code: u8, error: &dyn Display) -> ExitCode {
    // Nothing is left to do when even the error cannot be written.
    let _ = writeln!(io::stderr(), "canary-gateway: {error}");
    ExitCode::from(code)
}
