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
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{folder}/{}", entry.file_name().into_string().unwrap());
        if entry.file_type().unwrap().is_dir() {
            all.extend(texts(&name));
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            all.insert(name, text);
        }
    }
    all
}
