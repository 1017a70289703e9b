//! Coming to a sudden end without telling what was in memory: this process holds keys.

use std::{
    panic::{self, AssertUnwindSafe, PanicHookInfo},
    process::ExitCode,
};

use canary_core::exit::Exit;

use super::console::Console;

/// From here on a panic tells where it was and nothing of what it says, which may quote a value; and
/// this process leaves no image of its memory behind, whatever ends it.
pub(super) fn tell_nothing(console: Console) {
    panic::set_hook(Box::new(move |panic| console.error(&told(panic))));
    leave_no_image();
}

/// What is told of a panic.
fn told(panic: &PanicHookInfo<'_>) -> String {
    let at = panic.location().map_or_else(String::new, |location| {
        // The file as the compiler was given it: a path in the sources, without the folder of whoever
        // compiled a dependency.
        let file = location.file();
        let file = file.rsplit_once("/src/").map_or(file, |(_, file)| file);
        format!(" at {file}:{}", location.line())
    });
    format!(
        "this is a bug{at}; there is no answer. Please report it; what it says is left out, as it may quote a secret"
    )
}

/// The answer of some work; where it panics there is none.
pub(super) fn caught(work: impl FnOnce() -> ExitCode) -> ExitCode {
    // Nothing of what the work had in hand is used after it.
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Exit::CouldNotTell.into())
}

/// Best effort, and no reason to stop: where the system does not let us say so, it has its own rules.
#[cfg(unix)]
fn leave_no_image() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _kept = setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // A program that is handed dumps by the system is not bound by the limit.
        let _kept = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

#[cfg(not(unix))]
fn leave_no_image() {}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Set in the process that panics on purpose.
    const CHILD: &str = "CANARY_TEST_OF_A_PANIC";

    /// Not in one piece in the program, which a dump of it would show.
    fn marker() -> String {
        ["sk-ri-", "marker", "-0123456789abcdef"].concat()
    }

    #[test]
    fn child() {
        if std::env::var_os(CHILD).is_none() {
            return;
        }
        tell_nothing(Console::new(Some(false)));
        let marker = marker();
        let code = caught(|| {
            let thread = std::thread::spawn({
                let marker = marker.clone();
                move || panic!("in a thread: {marker}")
            });
            assert!(thread.join().is_err());
            // As careless code does: the message quotes the text.
            let _cut = &marker[..=marker.len()];
            ExitCode::SUCCESS
        });
        assert_eq!(code, ExitCode::from(Exit::CouldNotTell));
    }

    #[test]
    fn a_panic_tells_where_it_was_and_quotes_nothing() {
        let output = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "cli::crash::tests::child",
                "--nocapture",
                "--test-threads=1",
            ])
            .env(CHILD, "1")
            .env("RUST_BACKTRACE", "full")
            .env("RUST_LIB_BACKTRACE", "full")
            .env("RUST_LOG", "trace")
            .env("CANARY_LOG", "trace")
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert_eq!(
            said.matches("error: this is a bug at cli/crash.rs:")
                .count(),
            2,
            "{said}"
        );
        for quoted in [
            marker().as_str(),
            "marker",
            "in a thread",
            "stack backtrace",
        ] {
            assert!(!said.contains(quoted), "{said}");
        }
    }
}
