//! The binary, a folder of its own for each test, and a gateway in this process.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use canary_core::report::{read, v1::Report};
use canary_executor::rehearsal;
use runinfra_gateway::{Config, Gateway};
use tempfile::TempDir;

const SMALL_MATRIX: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/matrix");

/// An empty folder with a small matrix in it. Commands run in there, so that nothing of the
/// repository is found by chance.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    /// A folder with the small matrix.
    pub(crate) fn new() -> Self {
        let place = Self::without_matrix();
        copy(Path::new(SMALL_MATRIX), &place.path("matrix"));
        place
    }

    /// A folder with nothing in it: commands take the compiled-in matrix.
    pub(crate) fn without_matrix() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders it is in.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces the one place where a text stands in a file.
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {name}");
        self.write(name, &text.replace(from, to));
    }

    /// Every file, by its path from here.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(self.folder.path(), self.folder.path(), &mut files);
        files
    }

    /// The command, with no variable of this process but the path.
    pub(crate) fn command<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_canary"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .stdin(Stdio::null());
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).output().unwrap())
    }

    /// Writes the variables of a gateway as an env file.
    pub(crate) fn write_env(&self, name: &str, variables: &BTreeMap<String, String>) {
        let lines: Vec<String> = variables
            .iter()
            .map(|(name, value)| format!("{name}='{value}'\n"))
            .collect();
        self.write(name, &lines.concat());
    }

    /// A report that has to be whole.
    pub(crate) fn report(&self, name: &str) -> Report {
        read::read(&fs::read(self.path(name)).unwrap()).unwrap()
    }
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn of(output: Output) -> Self {
        let ended = Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        for wrong in ["panicked", "RUST_BACKTRACE", "stack backtrace"] {
            assert!(!ended.err.contains(wrong), "{}", ended.err);
        }
        ended
    }

    /// Both streams.
    pub(crate) fn both(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    /// Fails the test unless the command ended with this code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "stdout:\n{}\nstderr:\n{}",
            self.out,
            self.err
        );
        self
    }
}

/// A gateway in this process, with the runtime that drives it.
pub(crate) struct Served {
    runtime: tokio::runtime::Runtime,
    gateway: Option<Gateway>,
}

impl Served {
    /// A gateway that keeps the whole contract.
    pub(crate) fn whole() -> Self {
        Self::start(Config::default())
    }

    /// A gateway with one fault.
    pub(crate) fn broken(fault: &str) -> Self {
        let fault = runinfra_gateway::fault::find(fault);
        assert!(fault.is_some());
        Self::start(Config {
            fault,
            ..Config::default()
        })
    }

    fn start(config: Config) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let gateway = runtime.block_on(Gateway::start(config)).unwrap();
        Self {
            runtime,
            gateway: Some(gateway),
        }
    }

    /// What an operator would have set for it.
    pub(crate) fn variables(&self) -> BTreeMap<String, String> {
        rehearsal::environment(self.gateway.as_ref().unwrap())
    }

    /// The few variables that the small matrix declares.
    pub(crate) fn few_variables(&self) -> BTreeMap<String, String> {
        let mut variables = self.variables();
        variables.retain(|name, _| {
            [
                "RUNINFRA_API_KEY",
                "RUNINFRA_BASE_URL",
                "RUNINFRA_LLM_MODEL",
            ]
            .contains(&name.as_str())
        });
        variables
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(gateway) = self.gateway.take() {
            self.runtime.block_on(gateway.shutdown());
        }
    }
}

/// An address on which nobody listens (any more).
pub(crate) fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/v1", listener.local_addr().unwrap())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn collect(base: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(base, &path, files);
        } else {
            let name = path.strip_prefix(base).unwrap().to_string_lossy();
            files.insert(name.into_owned(), fs::read(&path).unwrap());
        }
    }
}
