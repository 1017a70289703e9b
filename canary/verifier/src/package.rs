//! What may be in a `.crate` that is published: sources, their manifest and their papers, and
//! nothing that tells a secret or fills a disk.

use canary_core::{
    candidate::{archive::Package, path::PackagePath},
    leak::Scanner,
};

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
    PAPERS.contains(&path) || is_rust && FOLDERS.iter().any(|folder| path.starts_with(folder))
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
    out
}

fn leaks(name: &str, package: &Package, scanner: &Scanner) -> Findings {
    let next = "revoke what leaked, and take it out of the sources; it is not shown here";
    let mut out = Findings::new("package_leaks_nothing", next);
    for file in &package.files {
        for leak in scanner.scan(&String::from_utf8_lossy(&file.bytes)) {
            let at = format!("{name}:{} {}", file.path, leak.at);
            out.add(Subject::Artifacts, at, leak.pattern, "nothing of the kind");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::{Good, pack};

    const NAME: &str = "runinfra-0.1.0.crate";

    fn rules(change: impl FnOnce(&mut Good)) -> Vec<(String, String)> {
        let mut good = Good::new();
        change(&mut good);
        let file = StagedFile::open(NAME, &pack::pack(&good.package, &[]));
        let found = inspect(&file, &Scanner::new(&[]).unwrap());
        found.into_iter().map(|f| (f.rule, f.at)).collect()
    }

    #[test]
    fn a_package_of_sources_and_papers_is_good() {
        assert_eq!(rules(|_| {}), []);
    }

    #[test]
    fn what_does_not_belong_into_a_package_is_named() {
        for path in [
            ".env",
            "build.rs",
            "notes.txt",
            "src/data.json",
            "tests/fixture.wav",
            "fixtures/hello.rs",
            "src/lib.rs.orig",
            "LICENSE-MIT.bak",
        ] {
            let found = rules(|good| good.package_text(path, "x"));
            let expected = (
                "package_files_are_allowed".to_owned(),
                format!("{NAME}:{path}"),
            );
            assert_eq!(found, [expected], "{path}");
        }
    }

    #[test]
    fn long_binary_missing_and_leaking_files_are_named() {
        let rule = |rule: &str, at: &str| (rule.to_owned(), format!("{NAME}{at}"));
        assert_eq!(
            rules(|good| good.package_text("src/a.rs", &" ".repeat(LONGEST_FILE + 1))),
            [rule("package_files_are_small_texts", ":src/a.rs")]
        );
        assert_eq!(
            rules(|good| good.package_text("src/a.rs", &" ".repeat(LONGEST_FILE))),
            []
        );
        assert_eq!(
            rules(|good| good.package_text("src/a.rs", "\0")),
            [rule("package_files_are_small_texts", ":src/a.rs")]
        );
        assert_eq!(
            rules(|good| good.package.retain(|(path, _)| path != "README.md")),
            [rule("package_is_complete", ":README.md")]
        );
        let many = |good: &mut Good| {
            for index in 0..17 {
                good.package_text(&format!("src/a{index}.rs"), &" ".repeat(LONGEST_FILE));
            }
        };
        assert_eq!(rules(many), [rule("package_files_are_small_texts", "")]);
        let token = ["ghp", "0123456789abcdefABCDEF0123456789abcd"].join("_");
        let found = rules(|good| good.package_text("src/a.rs", &format!("// {token}")));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "package_leaks_nothing");
        assert!(found[0].1.contains("src/a.rs line 1"), "{found:?}");
    }

    #[test]
    fn what_does_not_open_is_named() {
        let scanner = Scanner::new(&[]).unwrap();
        for file in [StagedFile::open(NAME, b"x"), StagedFile::not_a_file(NAME)] {
            let found = inspect(&file, &scanner);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].rule, "package_opens");
        }
    }
}
