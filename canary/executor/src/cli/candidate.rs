//! Which SDK is under test, and whether this process can test it.

use std::{collections::BTreeSet, path::Path};

use canary_core::{
    exit::Exit,
    input::{Declared, Input},
    leak::is_sensitive_name,
    report::v1::{PackageSource, Purpose},
};

use super::{CommandError, Shell, args::Source};
use crate::{
    artifact::{self, ArtifactError, BUILT_FOR, Elsewhere, Executor, PACKED_FOLDER},
    report::{self, Header},
};

/// Who tests the SDK.
pub(super) enum UnderTest {
    /// This process, and this is what its reports say of what it tests.
    Here(Header),
    /// An executor built for the artifact has done it already, and ended like this.
    Elsewhere(Exit),
}

/// Finds the SDK under test. A strict command takes the packed artifact where there is one, and where a
/// folder for it is named there has to be one.
pub(super) async fn under_test(
    shell: &Shell,
    declared: &Declared,
    asked: Option<Source>,
    strict: bool,
    artifacts_root: Option<&Path>,
) -> Result<UnderTest, CommandError> {
    let folder = artifacts_root.unwrap_or(Path::new(PACKED_FOLDER));
    let found = match (asked, strict) {
        (Some(Source::Source), _) | (None, false) => None,
        (Some(Source::Artifact), _) => Some(artifact::find(folder)?),
        (None, true) => match artifact::find(folder) {
            Ok(packed) => Some(packed),
            Err(ArtifactError::NotOne { found: 0, .. }) if artifacts_root.is_none() => {
                shell
                    .console
                    .note("no packed artifact: testing the sources, which promotes nothing");
                None
            }
            Err(error) => return Err(error.into()),
        },
    };
    let here = |candidate| {
        UnderTest::Here(Header {
            strict,
            purpose: Purpose::Evidence,
            candidate,
        })
    };
    let Some(packed) = found else {
        return Ok(here(report::candidate(PackageSource::Source)?));
    };
    match artifact::executor_for(packed)? {
        Executor::Here(candidate) => Ok(here(candidate)),
        Executor::Elsewhere(packed) => {
            if let Some(name) = shell.environment.get(BUILT_FOR) {
                return Err(ArtifactError::StillOther(name.clone()).into());
            }
            shell
                .console
                .note("building an executor against the artifact");
            let arguments = std::env::args_os().skip(1);
            let withheld = withheld(declared, shell.environment.keys().chain(&shell.unreadable));
            let with = Elsewhere {
                repository: Path::new("."),
                withheld: &withheld,
                asked: &shell.cancel,
                children: &shell.children,
            };
            let ended = artifact::run_elsewhere(&packed, arguments, with).await?;
            let code = ended.and_then(|status| status.code());
            // One that was told to end before it could listen has no code either.
            Ok(UnderTest::Elsewhere(match code {
                None if shell.cancel.is_cancelled() => Exit::Interrupted,
                code => exit_of(code),
            }))
        }
    }
}

/// The variables that are nothing that a build needs to know: the inputs under all of their names, what
/// looks like one, and secrets by their name.
fn withheld<'a>(
    declared: &'a Declared,
    set: impl IntoIterator<Item = &'a String>,
) -> BTreeSet<String> {
    let private = |name: &&String| name.starts_with("RUNINFRA_") || is_sensitive_name(name);
    let inputs = declared.inputs().iter().flat_map(Input::variables);
    inputs
        .chain(set.into_iter().filter(private))
        .cloned()
        .collect()
}

fn exit_of(code: Option<i32>) -> Exit {
    let same = |exit: &Exit| Some(i32::from(exit.code())) == code;
    Exit::ALL
        .into_iter()
        .find(same)
        .unwrap_or(Exit::CouldNotTell)
}
