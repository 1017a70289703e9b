//! `canary serve`: the embedded gateway, with the variables of an operator who uses it.

use std::{fmt::Write as _, path::Path};

use canary_core::exit::Exit;

use super::{CommandError, Shell, args::Serve, rehearse::start_gateway};
use crate::{
    load,
    place::{can_be_written, write_whole},
    rehearsal,
};

/// What the file begins with, and is known by when another gateway is served.
const HEAD: &str = "# Variables of an embedded gateway, good while it runs.";

/// The longest file that this command may have written: some dozens of variables.
const LONGEST: u64 = 64 * 1024;

/// Whether something is there that an operator may have written.
fn is_another(path: &Path) -> bool {
    match load::bounded(path, LONGEST) {
        Ok(bytes) => !bytes.is_empty() && !bytes.starts_with(HEAD.as_bytes()),
        Err(_) => path.exists(),
    }
}

pub(super) async fn serve(args: Serve, shell: &Shell) -> Result<Exit, CommandError> {
    let not_written = |source| CommandError::Write {
        path: args.write_env.clone(),
        source,
    };
    can_be_written(&args.write_env).map_err(not_written)?;
    if !args.force && is_another(&args.write_env) {
        return Err(CommandError::Usage(format!(
            "{} is there already, and is not from a gateway served before; name another file, or pass --force",
            args.write_env.display()
        )));
    }
    let gateway = start_gateway(args.fault.as_deref()).await?;
    let mut text = format!("{HEAD}\n");
    for (name, value) in rehearsal::environment(&gateway) {
        // Within single quotes every character but the quote itself stands for itself.
        let _ = writeln!(text, "{name}='{}'", value.replace('\'', " "));
    }
    let written = write_whole(&args.write_env, text.as_bytes());
    if let Err(error) = written {
        gateway.shutdown().await;
        return Err(not_written(error));
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
