//! The only place that writes to the terminal. A reader that went away is no reason to fail.

use std::{
    env::var_os,
    io::{ErrorKind, IsTerminal, Write, stderr, stdout},
    sync::atomic::{AtomicBool, Ordering},
};

/// Whether standard output, of which a process has one, did not take what was said.
static UNPRINTED: AtomicBool = AtomicBool::new(false);

/// Standard output and standard error.
#[derive(Debug, Clone, Copy)]
pub(super) struct Console {
    color: bool,
}

#[expect(
    clippy::unused_self,
    reason = "printing is a console's privilege, so it takes one"
)]
impl Console {
    /// `color` says whether terminal escapes are wanted; without it a terminal gets them that shows
    /// them, and whose owner did not ask for none (`NO_COLOR`, see no-color.org).
    pub(super) fn new(color: Option<bool>) -> Self {
        let unwanted = || var_os("NO_COLOR").is_some_and(|set| !set.is_empty());
        let dumb = || var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            color: color.unwrap_or_else(|| stderr().is_terminal() && !unwanted() && !dumb()),
        }
    }

    pub(super) fn color(self) -> bool {
        self.color
    }

    /// A line of the answer.
    pub(super) fn say(self, line: &str) {
        let printed = writeln!(stdout(), "{}", line.trim_end_matches('\n'));
        if let Err(error) = printed
            && error.kind() != ErrorKind::BrokenPipe
            && !UNPRINTED.swap(true, Ordering::Relaxed)
        {
            self.error(&format!("could not print: {error}"));
        }
    }

    /// Whether part of the answer is lost, which is then no answer.
    pub(super) fn lost_some(self) -> bool {
        UNPRINTED.load(Ordering::Relaxed)
    }

    /// A line of progress.
    pub(super) fn note(self, line: &str) {
        let _closed = writeln!(stderr(), "{}", line.trim_end_matches('\n'));
    }

    /// Why there is no answer.
    pub(super) fn error(self, message: &str) {
        let _closed = writeln!(stderr(), "error: {message}");
    }

    /// A drawn problem.
    pub(super) fn error_text(self, text: &str) {
        let _closed = write!(stderr(), "{text}");
    }
}
