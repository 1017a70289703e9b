//! A folder as the verifying job finds it: matrix, SDK, artifacts and both reports.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use canary_core::matrix::Matrix;
use canary_verifier::canon::Canon;
use chrono::Utc;

use crate::support::{Good, matrix};

pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Bench {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    /// Everything for a "yes".
    pub(crate) fn good() -> Self {
        Self::with(|_| {})
    }

    /// Everything, with something changed.
    pub(crate) fn with(change: impl FnOnce(&mut Good)) -> Self {
        let bench = Self::empty();
        let files = matrix::small();
        for file in &files {
            bench.put(&format!("matrix/{}", file.name), file.text.as_bytes());
        }
        let canon = Canon::of(&Matrix::load(files, None).unwrap());
        let mut good = Good::at(canon, Utc::now());
        change(&mut good);
        for (path, bytes) in &good.tree {
            bench.put(&format!("sdk/{path}"), bytes);
        }
        bench.put("Cargo.toml", good.workspace.as_bytes());
        bench.put("Cargo.lock", good.lock.as_bytes());
        for (name, bytes) in &good.staged {
            bench.put(&format!("artifacts/{name}"), bytes);
        }
        bench.put("readiness.json", good.readiness_json().as_bytes());
        bench.put("live.json", good.live_json().as_bytes());
        let challenge = good.challenge.unwrap().bytes().unwrap();
        bench.put("challenge.json", &challenge);
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs the binary here, with words separated by spaces.
    pub(crate) fn run(&self, words: &str) -> Ended {
        let mut command = self.command();
        ended(&command.args(words.split_whitespace()).output().unwrap())
    }

    /// The binary, to be run here without the variables of whoever runs the tests.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_canary-verify"));
        command.current_dir(self.folder.path()).env_clear();
        command
    }

    /// Asks for the verdict, with more words.
    pub(crate) fn promotion(&self, more: &str) -> Ended {
        self.run(&format!(
            "promotion --readiness readiness.json --live live.json --artifacts-root artifacts {more}"
        ))
    }
}

pub(crate) fn ended(output: &Output) -> Ended {
    Ended {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout.clone()).unwrap(),
        err: String::from_utf8(output.stderr.clone()).unwrap(),
    }
}
