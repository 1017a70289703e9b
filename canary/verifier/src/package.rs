//! What may be in a `.crate` that is published: sources, their manifest and their papers, and
//! nothing that tells a secret or fills a disk.

use canary_core::{
    candidate::{
        PACKAGE,
        archive::Package,
        crate_file_name,
        fit::objections_alone,
        manifest,
        path::PackagePath,
        source::{MANIFEST, PACKED_MANIFEST},
    },
    leak::Scanner,
};
use toml::Table;

use crate::{
    case::{StagedFile, StagedState},
    finding::{self, Finding, Findings, Subject},
};

/// The longest file, in bytes.
pub const LONGEST_FILE: usize = 256 * 1024;

/// The most that all files may have together, in bytes.
pub const LARGEST: usize = 4 * 1024 * 1024;

/// Files that stand at the top of a package.
const PAPERS: [&str; 9] = [
    "Cargo.toml",
    "Cargo.toml.orig",
    "Cargo.lock",
    ".cargo_vcs_info.json",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];

/// Folders with Rust in them. There is no build script: nobody who compiles a client should have
/// to run one.
const FOLDERS: [&str; 4] = ["src/", "tests/", "examples/", "benches/"];

/// Files without which it is no package that a person can use.
const NEEDED: [&str; 3] = ["Cargo.toml", "README.md", "src/lib.rs"];

/// Everything that keeps a packed file from being published as far as its content goes.
pub fn inspect(file: &StagedFile, scanner: &Scanner) -> Vec<Finding> {
    let mut opens = Findings::new("package_opens", "pack it again with `cargo package`");
    match &file.state {
        StagedState::Read {
            package: Ok(package),
            ..
        } => return contents(&file.name, package, scanner),
        StagedState::Read {
            package: Err(error),
            ..
        } => opens.add(
            Subject::Artifacts,
            &file.name,
            error,
            "a package as cargo packs it",
        ),
        StagedState::NotAFile => {
            opens.add(
                Subject::Artifacts,
                &file.name,
                "a link or a folder",
                "a plain file",
            );
        }
    }
    opens.into_list()
}

fn contents(name: &str, package: &Package, scanner: &Scanner) -> Vec<Finding> {
    let mut findings = allowed(name, package).into_list();
    findings.extend(sizes(name, package).into_list());
    findings.extend(complete(name, package).into_list());
    findings.extend(named(name, package).into_list());
    findings.extend(compiles_alone(name, package).into_list());
    findings.extend(leaks(name, package, scanner).into_list());
    finding::without_leaks(findings, scanner)
}

fn allowed(name: &str, package: &Package) -> Findings {
    let mut out = Findings::new(
        "package_files_are_allowed",
        "leave the file out with `include` or `exclude` in the manifest",
    );
    for file in package.files.iter().filter(|file| !is_allowed(&file.path)) {
        let expected = "sources, the manifest, the README, the changelog and licences";
        out.add(
            Subject::Artifacts,
            format!("{name}:{}", file.path),
            "a file",
            expected,
        );
    }
    out
}

fn is_allowed(path: &PackagePath) -> bool {
    let path = path.as_str();
    let is_rust = std::path::Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "rs");
    let hidden = path.split('/').any(|component| component.starts_with('.'));
    let program = path == "src/main.rs" || path.starts_with("src/bin/");
    let source = is_rust && FOLDERS.iter().any(|folder| path.starts_with(folder));
    PAPERS.contains(&path) || source && !hidden && !program
}

fn sizes(name: &str, package: &Package) -> Findings {
    let next = "leave the file out, or split it";
    let mut out = Findings::new("package_files_are_small_texts", next);
    for file in &package.files {
        let at = format!("{name}:{}", file.path);
        let length = file.bytes.len();
        if length > LONGEST_FILE {
            let expected = format!("at most {LONGEST_FILE} bytes");
            out.add(Subject::Artifacts, &at, format!("{length} bytes"), expected);
        }
        if std::str::from_utf8(&file.bytes).is_err() || file.bytes.contains(&0) {
            out.add(
                Subject::Artifacts,
                at,
                "something that is no text",
                "a text in UTF-8",
            );
        }
    }
    let whole: usize = package.files.iter().map(|file| file.bytes.len()).sum();
    if whole > LARGEST {
        let expected = format!("at most {LARGEST} bytes");
        out.add(Subject::Artifacts, name, format!("{whole} bytes"), expected);
    }
    out
}

fn complete(name: &str, package: &Package) -> Findings {
    let mut out = Findings::new("package_is_complete", "add the file to the package");
    for needed in NEEDED
        .iter()
        .filter(|needed| package.file(needed).is_none())
    {
        out.add(
            Subject::Artifacts,
            format!("{name}:{needed}"),
            "nothing",
            "a file",
        );
    }
    let is_empty = |text: &&[u8]| text.iter().all(u8::is_ascii_whitespace);
    for needed in NEEDED {
        if package.file(needed).as_ref().is_some_and(is_empty) {
            let at = format!("{name}:{needed}");
            out.add(Subject::Artifacts, at, "an empty file", "its text");
        }
    }
    let mut papers = package.files.iter().map(|file| file.path.as_str());
    if !papers.any(|path| path.starts_with("LICENSE")) {
        let at = format!("{name}:LICENSE");
        out.add(Subject::Artifacts, at, "nothing", "a licence");
    }
    out
}

/// The file is called as its manifest says, and is the SDK's.
fn named(name: &str, package: &Package) -> Findings {
    let next = "pack the SDK, and leave the file the name that cargo gave it";
    let mut out = Findings::new("package_is_the_sdk", next);
    let at = format!("{name}:{MANIFEST}");
    match manifest::identity(package.file(MANIFEST).unwrap_or_default(), None) {
        Ok(identity) => {
            out.equal(Subject::Artifacts, &at, identity.name.as_str(), PACKAGE);
            let called = crate_file_name(&identity.version);
            out.equal(Subject::Artifacts, name, name, called.as_str());
        }
        Err(error) => out.add(Subject::Artifacts, at, error, "the manifest of the SDK"),
    }
    out
}

/// Nothing in it is run, fetched from elsewhere or left to another package when somebody compiles it.
fn compiles_alone(name: &str, package: &Package) -> Findings {
    let next = "take it out of the manifest; a client needs none of it";
    let mut out = Findings::new("package_compiles_alone", next);
    for objection in objections_alone(package) {
        let at = format!("{name}:{}", objection.at);
        let expected = "nothing that runs, or comes from elsewhere";
        out.add(Subject::Artifacts, at, objection.problem, expected);
    }
    for file in [MANIFEST, PACKED_MANIFEST] {
        let text = package
            .file(file)
            .and_then(|text| std::str::from_utf8(text).ok());
        let table = text.and_then(|text| text.parse::<Table>().ok());
        let Some(table) = table else { continue };
        if table.contains_key("bin") {
            let at = format!("{name}:{file} bin");
            out.add(Subject::Artifacts, at, "a program", "a library");
        }
        let publish = table.get("package").and_then(|of| of.get("publish"));
        if publish.is_some_and(|publish| publish.as_bool() != Some(true)) {
            let at = format!("{name}:{file} package.publish");
            let expected = "a package that any registry may have";
            out.add(
                Subject::Artifacts,
                at,
                "a word against publishing",
                expected,
            );
        }
    }
    out
}

fn leaks(name: &str, package: &Package, scanner: &Scanner) -> Findings {
    let next = "revoke what leaked, and take it out of the sources; it is not shown here";
    let mut out = Findings::new("package_leaks_nothing", next);
    for (index, file) in package.files.iter().enumerate() {
        for leak in scanner.scan(file.path.as_str()) {
            let at = format!("{name}: the path of file {index}");
            out.add(Subject::Artifacts, at, leak.pattern, "nothing of the kind");
        }
        for leak in scanner.scan(&String::from_utf8_lossy(&file.bytes)) {
            let at = format!("{name}:{} {}", file.path, leak.at);
            out.add(Subject::Artifacts, at, leak.pattern, "nothing of the kind");
        }
    }
    out
}

#[cfg(test)]
mod tests;
