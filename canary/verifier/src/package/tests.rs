//! Packages that hold what they may not, each named for it.

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
        "src/main.rs",
        "src/bin/tool.rs",
        "src/.hidden.rs",
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
    // Blanks that fill a package up to so many bytes.
    let filled = |whole: usize| {
        rules(|good| {
            let mut left = whole
                - good
                    .package
                    .iter()
                    .map(|(_, text)| text.len())
                    .sum::<usize>();
            for index in 0.. {
                let length = left.min(LONGEST_FILE);
                if length == 0 {
                    return;
                }
                good.package_text(&format!("src/a{index}.rs"), &" ".repeat(length));
                left -= length;
            }
        })
    };
    assert_eq!(filled(LARGEST), []);
    let large = rule("package_files_are_small_texts", "");
    assert_eq!(filled(LARGEST + 1), [large]);
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

#[test]
fn a_build_script_breaks_two_rules() {
    let found = rules(|good| good.package_text("build.rs", "fn main() {}"));
    let named: Vec<&str> = found.iter().map(|(rule, _)| rule.as_str()).collect();
    assert_eq!(
        named,
        ["package_files_are_allowed", "package_compiles_alone"]
    );
}

#[test]
fn a_package_is_whole_and_called_as_it_says() {
    let rule = |rule: &str, at: &str| (rule.to_owned(), format!("{NAME}{at}"));
    for path in ["README.md", "src/lib.rs"] {
        let found = rules(|good| good.package_text(path, " \n"));
        let expected = rule("package_is_complete", &format!(":{path}"));
        assert_eq!(found, [expected], "{path}");
    }
    let found = rules(|good| good.package.retain(|(path, _)| path != "LICENSE-MIT"));
    assert_eq!(found, [rule("package_is_complete", ":LICENSE")]);
    for (manifest, at) in [
        (
            "[package]\nname = \"runinfra2\"\nversion = \"0.1.0\"\n",
            ":Cargo.toml",
        ),
        ("[package]\nname = \"runinfra\"\nversion = \"0.1.1\"\n", ""),
        ("[package]\nname = \"runinfra\"\n", ":Cargo.toml"),
    ] {
        let found = rules(|good| good.package_text("Cargo.toml", manifest));
        assert_eq!(found, [rule("package_is_the_sdk", at)], "{manifest}");
    }
    let bytes = pack::pack(&Good::new().package, &[]);
    // The folder in it is named by the version, so under another name it does not even open.
    for name in ["runinfra-0.2.0.crate", "sdk.crate"] {
        let found = inspect(&StagedFile::open(name, &bytes), &Scanner::new(&[]).unwrap());
        assert_eq!(found[0].rule, "package_opens", "{name}");
    }
    let found = inspect(
        &StagedFile::open("runinfra-0.1.0", &bytes),
        &Scanner::new(&[]).unwrap(),
    );
    assert_eq!(found[0].rule, "package_is_the_sdk");
}

#[test]
fn what_a_client_has_no_use_for_in_its_manifest_is_named() {
    for (more, at) in [
        ("build = \"src/client.rs\"", "package.build"),
        ("links = \"z\"", "package.links"),
        ("publish = false", "package.publish"),
        ("publish = [\"elsewhere\"]", "package.publish"),
        ("[patch.crates-io]\nurl = { path = \"url\" }", "patch"),
        ("[replace]", "replace"),
        ("[workspace]", "workspace"),
        ("[profile.release]\nopt-level = 0", "profile"),
        ("[[bin]]\nname = \"tool\"\npath = \"src/client.rs\"", "bin"),
        ("[lib]\nproc-macro = true", "lib.proc-macro"),
        ("[lib]\npath = \"src/client.rs\"", "lib.path"),
        (
            "[dependencies.evil]\npath = \"../evil\"",
            "dependencies.evil.path",
        ),
        (
            "[dependencies.evil]\ngit = \"https://example.com/evil\"",
            "dependencies.evil.git",
        ),
        (
            "[dependencies.evil]\nregistry = \"other\"",
            "dependencies.evil.registry",
        ),
        (
            "[target.'cfg(unix)'.dependencies.evil]\npath = \"x\"",
            "target.cfg(unix).dependencies.evil.path",
        ),
    ] {
        let manifest = format!("[package]\nname = \"runinfra\"\nversion = \"0.1.0\"\n{more}\n");
        let found = rules(|good| good.package_text("Cargo.toml", &manifest));
        let expected = (
            "package_compiles_alone".to_owned(),
            format!("{NAME}:Cargo.toml {at}"),
        );
        assert_eq!(found, [expected], "{more}");
    }
}

#[test]
fn a_path_may_leak_too_and_is_not_shown() {
    let token = ["ghp", "0123456789abcdefABCDEF0123456789abcd"].join("_");
    let mut good = Good::new();
    good.package_text(&format!("src/{token}.rs"), "");
    let file = StagedFile::open(NAME, &pack::pack(&good.package, &[]));
    let found = inspect(&file, &Scanner::new(&[]).unwrap());
    let named: Vec<&str> = found.iter().map(|one| one.rule.as_str()).collect();
    assert_eq!(named, ["package_leaks_nothing"], "{found:?}");
    assert!(!format!("{found:?}").contains(&token), "{found:?}");
}
