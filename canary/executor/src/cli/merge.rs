//! `canary merge`: the live reports of all shares become the one of the whole run.

use canary_core::{exit::Exit, merge};
use uuid::Uuid;

use super::{CommandError, Shell, apart::Files, args::Merge, preflight::load_matrix};
use crate::{load, report};

pub(super) fn merge(args: &Merge, shell: &Shell) -> Result<Exit, CommandError> {
    let matrix = load_matrix(&args.matrix)?;
    let shares = args.shares.iter();
    shares
        .fold(Files::of(&args.matrix), |files, share| {
            files.reads("a share", Some(share))
        })
        .writes("--report", Some(&args.report))
        .check()?;
    let inputs = load::inputs(matrix.inputs(), &shell.environment, None);
    let scanner = report::scanner(matrix.inputs(), &inputs, &shell.environment)?;
    let mut files = Vec::new();
    for path in &args.shares {
        let bytes = load::report("the share", path, load::CHECK)?;
        files.push((path.display().to_string(), bytes));
    }
    match merge::merge(&files, Uuid::new_v4().to_string()) {
        Ok(whole) => {
            report::save(&whole, &args.report, &scanner)?;
            shell.console.say(&format!(
                "{} shares are one run now, in {}; ask `canary-verify promotion` what it is worth",
                files.len(),
                args.report.display()
            ));
            Ok(Exit::Yes)
        }
        Err(problems) => {
            for problem in &problems {
                shell.console.error(&problem.to_string());
            }
            Ok(Exit::No)
        }
    }
}
