//! What was typed, and the configuration it means.

use std::convert::Infallible;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use runinfra_gateway::fault::{self, Fault};
use runinfra_gateway::{Config, Plan, Secret};

/// An embedded RunInfra gateway on loopback, with named regressions.
#[derive(Debug, Parser)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one flag of the command line"
)]
#[command(name = "canary-gateway", version)]
pub(crate) struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Show one regression of the catalogue
    #[arg(long, value_name = "NAME")]
    fault: Option<String>,
    /// Print the catalogue of regressions as JSON and exit
    #[arg(long)]
    list_faults: bool,
    /// Plan tier of the workspace: starter, pro, team or enterprise
    #[arg(long, default_value_t = Plan::default())]
    plan: Plan,
    /// Requests a minute for each key, up to the plan's ceiling
    #[arg(long, value_name = "N")]
    requests_per_minute: Option<u32>,
    /// Workspace key to accept instead of a random one
    #[arg(long, env = "CANARY_GATEWAY_API_KEY", hide_env_values = true, value_parser = secret, value_name = "KEY")]
    api_key: Option<Secret>,
    /// Pipeline key to accept instead of a random one
    #[arg(long, env = "CANARY_GATEWAY_PIPELINE_KEY", hide_env_values = true, value_parser = secret, value_name = "KEY")]
    pipeline_key: Option<Secret>,
    /// Id of the pipeline that the pipeline key reaches
    #[arg(long, value_name = "ID")]
    pipeline_id: Option<String>,
    /// A further pipeline; may be repeated
    #[arg(long = "pipeline", value_name = "ID")]
    pipelines: Vec<String>,
    /// Milliseconds before every answer
    #[arg(long, default_value_t = 0, value_name = "MS")]
    latency_ms: u64,
    /// Up to this many milliseconds more before every answer, at random
    #[arg(long, default_value_t = 0, value_name = "MS")]
    jitter_ms: u64,
    /// Milliseconds between two increments of a stream
    #[arg(long, default_value_t = 4, value_name = "MS")]
    pace_ms: u64,
    /// Prepaid balance in cents; without it the workspace never runs out
    #[arg(long, value_name = "CENTS")]
    balance_cents: Option<u64>,
    /// End Responses streams with `[DONE]` as well
    #[arg(long)]
    done_after_responses: bool,
    /// Write the journal to this file when stopped
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Do not log requests
    #[arg(long, short)]
    quiet: bool,
    /// Announce and log as JSON, one object a line
    #[arg(long)]
    json: bool,
}

/// What to do.
#[derive(Debug)]
pub(crate) enum Command {
    ListFaults,
    Serve(Box<Serve>),
}

/// How to serve.
#[derive(Debug)]
pub(crate) struct Serve {
    pub(crate) config: Config,
    pub(crate) journal: Option<PathBuf>,
    pub(crate) quiet: bool,
    pub(crate) json: bool,
}

/// A fault that is not in the catalogue.
#[derive(Debug, thiserror::Error)]
#[error("looked for the fault {asked:?} in the catalogue, and it is not there; {hint}")]
pub(crate) struct UsageError {
    asked: String,
    hint: String,
}

impl Arguments {
    pub(crate) fn into_command(self) -> Result<Command, UsageError> {
        if self.list_faults {
            return Ok(Command::ListFaults);
        }
        let fault = self.fault.as_deref().map(named).transpose()?;
        Ok(Command::Serve(Box::new(Serve {
            config: Config {
                fault,
                port: self.port,
                plan: self.plan,
                requests_per_minute: self.requests_per_minute,
                api_key: self.api_key,
                pipeline_key: self.pipeline_key,
                pipeline_id: self.pipeline_id,
                pipelines: self.pipelines,
                balance_cents: self.balance_cents,
                pace: Duration::from_millis(self.pace_ms),
                latency: Duration::from_millis(self.latency_ms),
                jitter: Duration::from_millis(self.jitter_ms),
                done_after_responses: self.done_after_responses,
                ..Config::default()
            },
            journal: self.journal,
            quiet: self.quiet,
            json: self.json,
        })))
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the shape that clap asks of a parser"
)]
fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(text))
}

fn named(name: &str) -> Result<&'static Fault, UsageError> {
    fault::find(name).ok_or_else(|| {
        let near = fault::catalogue()
            .iter()
            .map(|fault| (strsim::jaro_winkler(fault.name, name), fault.name))
            .max_by(|one, other| one.0.total_cmp(&other.0))
            .filter(|(score, _)| *score > 0.8);
        UsageError {
            asked: name.to_owned(),
            hint: near.map_or_else(
                || "`--list-faults` prints every name".to_owned(),
                |(_, near)| format!("did you mean {near}?"),
            ),
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn unknown_faults_are_refused_with_a_suggestion() {
        let arguments =
            Arguments::parse_from(["canary-gateway", "--fault", "chat.max_token_ignored"]);
        let error = arguments.into_command().unwrap_err();
        assert_eq!(
            error.to_string(),
            "looked for the fault \"chat.max_token_ignored\" in the catalogue, and it is not there; did you mean chat.max_tokens_ignored?"
        );
    }

    #[test]
    fn keys_never_show_in_debug_output() {
        let arguments = Arguments::parse_from(["canary-gateway", "--api-key", "marker-secret"]);
        assert!(!format!("{arguments:?}").contains("marker-secret"));
        assert!(!format!("{:?}", arguments.into_command().unwrap()).contains("marker-secret"));
    }
}
