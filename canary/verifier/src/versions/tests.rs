use super::*;

fn good() -> Repository {
    Repository {
        workspace: "[workspace.package]\nversion = \"0.1.0\"\n[workspace.dependencies]\n\
                    runinfra = { path = \"sdk\", version = \"0.1.0\" }\nurl = \"2\"\n"
            .to_owned(),
        sdk: "[package]\nname = \"runinfra\"\nversion.workspace = true\n".to_owned(),
        lock: "version = 4\n[[package]]\nname = \"runinfra\"\nversion = \"0.1.0\"\n\
               [[package]]\nname = \"url\"\nversion = \"2.5.8\"\nsource = \"registry\"\n"
            .to_owned(),
        changelog: "# Changes\n\n## [Unreleased]\n\n## [0.1.0] - 2026-05-01\n\n### Added\n\n- All of it.\n\n## 0.0.9\n\n- A start.\n"
            .to_owned(),
        pages: vec![
            (
                "README.md".to_owned(),
                "text\n\nruninfra = \"0.1\"\n".to_owned(),
            ),
            (
                "sdk/README.md".to_owned(),
                "cargo add runinfra@0.1.0\n".to_owned(),
            ),
        ],
    }
}

fn at(change: impl FnOnce(&mut Repository)) -> Vec<String> {
    let mut repository = good();
    change(&mut repository);
    let found = disagreements(&repository, Some("0.1.0"));
    found.into_iter().map(|finding| finding.at).collect()
}

#[test]
fn one_version_everywhere_is_no_disagreement() {
    assert_eq!(at(|_| {}), Vec::<String>::new());
}

#[test]
fn every_other_version_is_told_where_it_stands() {
    let put = |text: &mut String, from: &str, to: &str| {
        assert!(text.contains(from));
        *text = text.replacen(from, to, 1);
    };
    assert_eq!(
        at(|r| put(&mut r.sdk, ".workspace = true", " = \"0.2.0\"")).len(),
        6
    );
    assert_eq!(
        at(|r| put(
            &mut r.workspace,
            "\"sdk\", version = \"0.1.0\"",
            "\"sdk\", version = \"0.1.1\""
        )),
        ["Cargo.toml workspace.dependencies.runinfra"]
    );
    assert_eq!(
        at(|r| put(&mut r.workspace, "\"sdk\", version = \"0.1.0\"", "\"sdk\"")),
        ["Cargo.toml workspace.dependencies.runinfra"]
    );
    assert_eq!(
        at(|r| put(&mut r.lock, "0.1.0", "0.1.1")),
        ["Cargo.lock runinfra"]
    );
    assert_eq!(
        at(|r| put(&mut r.lock, "runinfra", "other")),
        ["Cargo.lock"]
    );
    assert_eq!(at(|r| put(&mut r.lock, "version = 4", "=")), ["Cargo.lock"]);
    assert_eq!(
        at(|r| put(&mut r.changelog, "[0.1.0]", "[0.1.1]")),
        ["CHANGELOG.md"]
    );
    assert_eq!(at(|r| r.changelog.clear()), ["CHANGELOG.md"]);
    for other in ["0.2", "0.1.1", "0", "0.10"] {
        let expected: &[&str] = if other == "0" { &[] } else { &["README.md:3"] };
        assert_eq!(
            at(|r| put(&mut r.pages[0].1, "0.1", other)),
            expected,
            "{other}"
        );
    }
    assert_eq!(
        at(|r| put(
            &mut r.pages[0].1,
            "\"0.1\"",
            "{ version = \"0.3\", features = [\"a\"] }"
        )),
        ["README.md:3"]
    );
    assert_eq!(
        at(|r| put(&mut r.pages[1].1, "@0.1.0", "@0.1.1")),
        ["sdk/README.md:1"]
    );
    assert_eq!(at(|r| r.pages[1].1.clear()), ["sdk/README.md"]);
    assert_eq!(at(|r| r.sdk.clear()), ["sdk/Cargo.toml"]);
}

#[test]
fn a_version_that_is_not_the_confirmed_one_is_told() {
    let found = disagreements(&good(), Some("0.1.1"));
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].found.as_str(), found[0].expected.as_str()),
        ("0.1.0", "0.1.1")
    );
    assert_eq!(disagreements(&good(), None), []);
}

#[test]
fn a_changelog_says_when_and_what_and_says_it_once() {
    let changed = |from: &str, to: &str| {
        at(|r| {
            assert!(r.changelog.contains(from), "{from}");
            r.changelog = r.changelog.replacen(from, to, 1);
        })
    };
    for date in [
        "",
        " - soon",
        " - 2026-5-1",
        " - 2026-02-30",
        " 2026-05-01",
        " - 2026-05-01 (yanked)",
    ] {
        assert_eq!(changed(" - 2026-05-01", date), ["CHANGELOG.md:5"], "{date}");
    }
    assert_eq!(changed("- All of it.\n", ""), ["CHANGELOG.md:5"]);
    assert_eq!(
        changed("## 0.0.9", "## [0.1.0] - 2026-04-01"),
        ["CHANGELOG.md:11"]
    );
    // What is still unreleased is forgotten in a release, and right at any other time.
    let waiting = |r: &mut Repository| {
        r.changelog = r
            .changelog
            .replacen("[Unreleased]\n", "[Unreleased]\n\n- New.\n", 1);
    };
    assert_eq!(at(waiting), ["CHANGELOG.md:3"]);
    let mut repository = good();
    waiting(&mut repository);
    assert_eq!(disagreements(&repository, None), []);
    // A heading that only looks like the version is another one.
    assert_eq!(changed("## [0.1.0]", "## [0.1.0-rc.1]"), ["CHANGELOG.md"]);
    assert_eq!(
        changed("## [0.1.0]", "### [0.1.0]"),
        ["CHANGELOG.md", "CHANGELOG.md:3"]
    );
}

#[test]
fn every_way_of_naming_a_version_on_a_page_is_read() {
    for (line, is_right) in [
        ("runinfra = \"0.1.0\"", true),
        ("runinfra = \"=0.1.0\"", true),
        ("runinfra = \"^0.1\"", true),
        ("runinfra = \"~0.1.1\"", false),
        ("runinfra = \">=0.2\"", false),
        ("runinfra = \"*\"", false),
        (
            "runinfra = { features = [\"version\"], version = \"0.1\" }",
            true,
        ),
        (
            "runinfra = { features = [\"0.1\"], version = \"0.2\" }",
            false,
        ),
        ("[dependencies.runinfra]\nversion = \"0.1.0\"", true),
        ("[dependencies.runinfra]\nversion = \"0.2.0\"", false),
        (
            "[dependencies.runinfra]\nversion = \"0.1\"\n[dependencies.url]\nversion = \"2\"",
            true,
        ),
        ("`cargo add runinfra@0.1.0`.", true),
        ("`cargo add runinfra@0.1.1`.", false),
        (
            "runinfra = \"0.1\"\nsee https://docs.rs/runinfra/0.1.0/runinfra/",
            true,
        ),
        (
            "runinfra = \"0.1\"\nsee https://docs.rs/runinfra/0.2.0",
            false,
        ),
        (
            "runinfra = \"0.1\"\nsee https://crates.io/crates/runinfra/0.0.9",
            false,
        ),
        (
            "runinfra = \"0.1\"\nsee https://docs.rs/runinfra/latest",
            true,
        ),
        ("runinfra = \"0.1\"\nruninfra = \"0.2\"", false),
        // A path or a table of another crate names none.
        ("runinfra = { path = \"sdk\" }", false),
        ("runinfra-gateway = \"0.1.0\"", false),
    ] {
        let found = at(|r| r.pages[0].1 = format!("{line}\n"));
        assert_eq!(found.is_empty(), is_right, "{line}: {found:?}");
    }
}

#[test]
fn a_lock_file_that_lags_behind_is_told_crate_by_crate() {
    let found = at(|r| {
        r.lock = r.lock.replacen(
            "[[package]]",
            "[[package]]\nname = \"canary-core\"\nversion = \"0.0.9\"\n[[package]]",
            1,
        );
    });
    assert_eq!(found, ["Cargo.lock canary-core"]);
}
