//! The exit codes of both binaries: one table, so that a script can tell "found a problem" from
//! "could not check" and from "asked wrongly".

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Exit {
    /// The answer is yes: ready, passed, promoted, written.
    Yes = 0,
    /// The answer is no: blocked, failed, refused.
    No = 1,
    /// The question was wrong: arguments, configuration, a broken matrix, or a file that is not there.
    Usage = 2,
    /// There is no answer: inconclusive, unreachable, or a file that could not be read or written.
    CouldNotTell = 3,
    /// Somebody interrupted it.
    Interrupted = 130,
}

impl Exit {
    /// Every way to end, in the order of the codes.
    pub const ALL: [Self; 5] = [
        Self::Yes,
        Self::No,
        Self::Usage,
        Self::CouldNotTell,
        Self::Interrupted,
    ];

    /// The number that the process ends with.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// What the number means, in a few words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Yes => "yes: ready, passed, promoted or written",
            Self::No => "no: blocked, failed or refused",
            Self::Usage => "usage, configuration or matrix error, or a file that is not there",
            Self::CouldNotTell => {
                "could not tell: inconclusive, unreachable, or a file that cannot be read or written"
            }
            Self::Interrupted => "interrupted",
        }
    }

    /// The table as it stands in every `--help`, in the manual and in the documentation.
    pub fn table() -> String {
        let lines = Self::ALL.map(|exit| format!("{:>5}  {}\n", exit.code(), exit.meaning()));
        format!("Exit codes:\n{}", lines.concat())
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_every_code_once() {
        insta::assert_snapshot!(Exit::table(), @r"
        Exit codes:
            0  yes: ready, passed, promoted or written
            1  no: blocked, failed or refused
            2  usage, configuration or matrix error, or a file that is not there
            3  could not tell: inconclusive, unreachable, or a file that cannot be read or written
          130  interrupted
        ");
    }
}
