//! `canary clean-install`: whether a stranger can use what is packed, or what the registry serves.

use std::{env, path::Path, time::Duration};

use canary_core::{exit::Exit, input::Secret};
use runinfra_gateway::Gateway as Embedded;

use super::{CommandError, Shell, args::CleanInstall, rehearse::start_gateway};
use crate::{
    artifact,
    clean::{Demands, From, Gateway, Installed, Project},
};

pub(super) async fn clean_install(args: CleanInstall, shell: &Shell) -> Result<Exit, CommandError> {
    let packed = match &args.artifact {
        Some(path) => Some(artifact::open(path)?),
        None => None,
    };
    let version = args.version.as_ref().map(ToString::to_string);
    let from = match (&packed, &version) {
        (Some(packed), _) => From::Artifact(packed),
        (None, Some(version)) => From::Registry {
            version,
            index: args.index.as_ref(),
        },
        (None, None) => {
            return Err(CommandError::Usage(
                "nothing to install: pass --artifact F, or --registry with --version V".to_owned(),
            ));
        }
    };
    // What is packed is tried with the versions it was tested with; what is published, with those
    // that a stranger gets today.
    let lock = Path::new("Cargo.lock");
    let lock = (packed.is_some() && lock.is_file()).then_some(lock);
    let here = |path| env::current_dir().map(|here| here.join(path));
    let target = args.target_dir.map(here).transpose().map_err(|error| {
        CommandError::CouldNotTell(format!("the folder at hand cannot be found: {error}"))
    })?;
    let project = Project::lay_out(&from, lock, target)?;
    shell
        .console
        .note("a stranger's project is resolved and compiled");
    let demands = Demands {
        offline: args.offline,
        wait: Duration::from_secs(args.wait),
        sha256: args.sha256,
    };
    let gateway = start_gateway(None).await?;
    let tried = tokio::select! {
        tried = try_out(&project, &demands, &gateway, shell) => tried,
        () = shell.cancel.cancelled() => Ok(None),
    };
    gateway.shutdown().await;
    Ok(match tried? {
        None => Exit::Interrupted,
        Some(installed) => say(shell, &installed),
    })
}

async fn try_out(
    project: &Project,
    demands: &Demands,
    gateway: &Embedded,
    shell: &Shell,
) -> Result<Option<Installed>, CommandError> {
    let base_url = gateway.base_url();
    let key = Secret::new(gateway.api_key());
    let gateway = Gateway {
        base_url: &base_url,
        key: &key,
        model: gateway.models().llm,
    };
    let say = |line: &str| shell.console.note(line);
    Ok(Some(project.try_out(demands, &gateway, say).await?))
}

fn say(shell: &Shell, installed: &Installed) -> Exit {
    let (line, exit) = match installed {
        Installed::Works => (
            "a stranger can use it: it compiles, and answers arrive".to_owned(),
            Exit::Yes,
        ),
        Installed::CannotResolve(status) => (
            format!(
                "could not get the SDK, or what it depends on: cargo ended with {status}; see above"
            ),
            Exit::CouldNotTell,
        ),
        Installed::OtherBytes(found) => (
            format!("the registry serves other bytes, with the digest {found}; yank the version"),
            Exit::No,
        ),
        Installed::DoesNotCompile(status) => (
            format!("a stranger's project does not compile: cargo ended with {status}; see above"),
            Exit::No,
        ),
        Installed::DoesNotRun(status) => (
            format!("a stranger's program had no answers: it ended with {status}; see above"),
            Exit::No,
        ),
    };
    shell.console.say(&line);
    exit
}
