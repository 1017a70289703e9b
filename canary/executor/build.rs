//! Embeds the SDK's sources as they are compiled into this binary, so that a report can say which
//! bytes ran, and the workspace's manifest and lock file, which say what they ran with.

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let workspace = manifest.join("../..");
    let sdk = workspace.join("sdk");
    println!("cargo::rerun-if-changed={}", sdk.display());
    let mut files = Vec::new();
    collect(&sdk, &sdk, &mut files)?;
    files.sort();
    let mut code = String::from("pub(crate) static SDK_FILES: &[(&str, &[u8])] = &[\n");
    for (name, path) in files {
        let _ = writeln!(
            code,
            "    ({name:?}, include_bytes!({:?})),",
            path.display().to_string()
        );
    }
    code.push_str("];\n");
    for (constant, file) in [
        ("WORKSPACE_MANIFEST", "Cargo.toml"),
        ("WORKSPACE_LOCK", "Cargo.lock"),
    ] {
        let path = workspace.join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        let _ = writeln!(
            code,
            "pub(crate) static {constant}: &[u8] = include_bytes!({:?});",
            path.display().to_string()
        );
    }
    let out = PathBuf::from(std::env::var("OUT_DIR").unwrap_or_default());
    fs::write(out.join("sdk_files.rs"), code)
}

/// Every file below a folder, with its path relative to `base`, except what builds leave behind.
fn collect(base: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .strip_prefix(base)
            .unwrap_or(&path)
            .to_string_lossy()
            .replace('\\', "/");
        if path.is_dir() {
            if name != "target" {
                collect(base, &path, files)?;
            }
        } else {
            files.push((name, path.canonicalize()?));
        }
    }
    Ok(())
}
