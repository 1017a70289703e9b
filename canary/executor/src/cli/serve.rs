//! `canary serve`: the embedded gateway, with the variables of an operator who uses it.

use std::fmt::Write as _;

use canary_core::exit::Exit;

use super::{CommandError, Shell, args::Serve, rehearse::start_gateway};
use crate::{rehearsal, report::write_whole};

pub(super) async fn serve(args: Serve, shell: &Shell) -> Result<Exit, CommandError> {
    let gateway = start_gateway(args.fault.as_deref()).await?;
    let mut text = String::from("# Variables of an embedded gateway, good while it runs.\n");
    for (name, value) in rehearsal::environment(&gateway) {
        // Within single quotes every character but the quote itself stands for itself.
        let _ = writeln!(text, "{name}='{}'", value.replace('\'', " "));
    }
    let written = write_whole(&args.write_env, text.as_bytes());
    if let Err(error) = written {
        gateway.shutdown().await;
        return Err(CommandError::CouldNotTell(format!(
            "could not write {}: {error}; check that the folder exists and can be written",
            args.write_env.display()
        )));
    }
    shell.console.note(&format!(
        "serving at {}; its variables are in {}; Ctrl-C ends it",
        gateway.base_url(),
        args.write_env.display()
    ));
    shell.cancel.cancelled().await;
    gateway.shutdown().await;
    Ok(Exit::Yes)
}
