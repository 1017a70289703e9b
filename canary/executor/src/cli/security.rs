//! `canary security-status`: whether code-scanning alerts are open on main.

use std::sync::Arc;

use canary_core::{exit::Exit, input::Secret};
use runinfra::transport::Http;

use super::{CommandError, Shell, args::SecurityStatus};
use crate::security::open_alerts;

/// Variables that may hold the token, as GitHub's own tools look for it.
const TOKENS: [&str; 2] = ["GH_TOKEN", "GITHUB_TOKEN"];
/// The branch that is released.
const BRANCH: &str = "main";
/// More alerts than this are counted, not listed.
const LISTED: usize = 50;

pub(super) async fn security_status(
    args: SecurityStatus,
    shell: &Shell,
) -> Result<Exit, CommandError> {
    let set = TOKENS
        .iter()
        .filter_map(|name| shell.environment.get(*name));
    let token = set
        .map(|token| token.trim())
        .find(|token| !token.is_empty());
    let token = Secret::new(token.ok_or_else(|| {
        CommandError::Usage(
            "no token: set GITHUB_TOKEN to one that may read security events".to_owned(),
        )
    })?);
    let transport = Http::new().map_err(|error| CommandError::CouldNotTell(error.to_string()))?;
    let asked = open_alerts(
        Arc::new(transport),
        &args.api_base,
        &args.repo,
        BRANCH,
        &token,
    );
    let alerts = tokio::select! {
        alerts = asked => alerts?,
        () = shell.cancel.cancelled() => return Ok(Exit::Interrupted),
    };
    if alerts.is_empty() {
        shell.console.say("no code-scanning alert is open on main");
        return Ok(Exit::Yes);
    }
    for alert in alerts.iter().take(LISTED) {
        let line = format!("#{} {} ({})", alert.number, alert.rule, alert.severity);
        shell.console.say(&line);
    }
    let count = alerts.len();
    shell.console.say(&format!(
        "{count} code-scanning alerts are open on main; mend or dismiss each, then try again"
    ));
    Ok(Exit::No)
}
