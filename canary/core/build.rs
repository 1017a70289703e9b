//! Compiles the repository's matrix in, for binaries that are run away from the repository.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads its environment and writes the code it makes"
)]

use std::{
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../matrix");
    println!("cargo:rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    if root.is_dir() {
        find(&root, "", &mut files)?;
    }
    files.sort();
    let mut code = String::from("&[\n");
    for (name, path) in files {
        println!("cargo:rerun-if-changed={}", path.display());
        let path = path.canonicalize()?;
        let path = path.to_str().ok_or("a path that is not UTF-8")?;
        writeln!(code, "    ({name:?}, include_str!({path:?})),")?;
    }
    code.push_str("]\n");
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("matrix.rs");
    fs::write(out, code)?;
    Ok(())
}

/// Every TOML and JSON file, named by its path from the matrix folder with `/` between parts.
fn find(
    folder: &Path,
    prefix: &str,
    files: &mut Vec<(String, PathBuf)>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = format!(
            "{prefix}{}",
            name.to_str().ok_or("a name that is not UTF-8")?
        );
        let path = entry.path();
        if path.is_dir() {
            println!("cargo:rerun-if-changed={}", path.display());
            find(&path, &format!("{name}/"), files)?;
        } else if path
            .extension()
            .is_some_and(|is| is == "toml" || is == "json")
        {
            files.push((name, path));
        }
    }
    Ok(())
}
