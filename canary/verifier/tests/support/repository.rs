//! The repository as it stands: its workflows and what they rest on.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::LazyLock};

use canary_core::diagnose::SourceFile;
use canary_verifier::workflow::{SETTINGS, Workflows};

/// The folder of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What `canary-verify workflow` looks at, read once.
pub fn workflows() -> Workflows {
    static READ: LazyLock<Workflows> = LazyLock::new(read);
    READ.clone()
}

fn read() -> Workflows {
    let files = texts(".github/workflows").into_iter();
    let mut scripts = texts("scripts");
    scripts.extend(texts(".ci"));
    let there = |name: &str| {
        let text = fs::read_to_string(root().join(name)).ok()?;
        Some((name.to_owned(), text))
    };
    Workflows {
        files: files
            .map(|(name, text)| SourceFile::new(name, text))
            .collect(),
        scripts,
        settings: SETTINGS.into_iter().filter_map(there).collect(),
    }
}

fn texts(folder: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            let text = fs::read_to_string(entry.path()).unwrap();
            (format!("{folder}/{name}"), text)
        })
        .collect()
}
