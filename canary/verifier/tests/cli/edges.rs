//! Bad input and bad luck: a sentence and a code, never a panic.

use std::{
    fs,
    process::{Command, Stdio},
};

use crate::bench::Bench;

#[test]
fn what_was_asked_wrongly_ends_with_2_and_help_with_0() {
    let bench = Bench::good();
    for words in [
        "",
        "promote",
        "promotion",
        "promotion --readiness readiness.json --live live.json",
        "promotion --max-age forever",
        "schema nothing",
        "env-template",
    ] {
        let ended = bench.run(words);
        assert_eq!(ended.code, 2, "{words}: {}", ended.err);
        assert!(ended.out.is_empty() && !ended.err.is_empty(), "{words}");
    }
    for more in [
        "--max-age 0s",
        "--max-age 31d",
        "--format xml",
        "--matrix none",
        "--source-tree none",
    ] {
        let ended = bench.promotion(more);
        assert_eq!(ended.code, 2, "{more}: {}", ended.err);
    }
    for words in [
        "--help",
        "promotion --help",
        "--version",
        "rules",
        "schema verdict",
    ] {
        let ended = bench.run(words);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{words}");
    }
}

#[test]
fn help_has_the_table_of_exit_codes() {
    let out = Bench::empty().run("--help").out;
    assert!(
        out.contains(canary_core::exit::Exit::table().trim_end()),
        "{out}"
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    for name in ["readiness.json", "live.json"] {
        let bench = Bench::good();
        fs::remove_file(bench.path(name)).unwrap();
        let ended = bench.promotion("");
        assert_eq!(ended.code, 2);
        assert!(
            ended
                .err
                .contains(&format!("read {name}: nothing is there")),
            "{}",
            ended.err
        );
        fs::create_dir(bench.path(name)).unwrap();
        assert!(bench.promotion("").err.contains("not a plain file"));
    }
}

/// Nobody writes into the pipe: whoever opened it would wait for ever.
#[test]
#[cfg(unix)]
fn what_is_no_plain_file_is_never_opened() {
    use std::os::unix::fs::symlink;
    for name in ["readiness.json", "live.json", "challenge.json"] {
        let bench = Bench::good();
        fs::remove_file(bench.path(name)).unwrap();
        let made = Command::new("mkfifo")
            .arg(bench.path(name))
            .status()
            .unwrap();
        assert!(made.success());
        let ended = bench.promotion("--challenge challenge.json");
        assert_eq!(ended.code, 2, "{name}: {}", ended.err);
        assert!(ended.err.contains("not a plain file"), "{}", ended.err);
        fs::remove_file(bench.path(name)).unwrap();
        symlink("/dev/zero", bench.path(name)).unwrap();
        assert!(
            bench
                .promotion("--challenge challenge.json")
                .err
                .contains("not a plain file")
        );
        fs::remove_file(bench.path(name)).unwrap();
        symlink(name, bench.path(name)).unwrap();
        let ended = bench.promotion("--challenge challenge.json");
        assert_eq!(ended.code, 3, "a link to itself: {}", ended.err);
    }
    let bench = Bench::good();
    let artifact = bench.path("artifacts/runinfra-0.1.0.crate");
    fs::remove_file(&artifact).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(&artifact)
            .status()
            .unwrap()
            .success()
    );
    let ended = bench.promotion("");
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(ended.out.contains("artifact_is_a_package"), "{}", ended.out);
}

/// The same letters to an eye: refused before any report is looked at, though both would agree.
#[test]
fn a_row_with_a_letter_that_looks_alike_is_no_row() {
    let bench = Bench::good();
    let alike = |text: String| text.replace("models.list\"", "m\u{43e}dels.list\"");
    for name in ["matrix/rows.toml", "readiness.json", "live.json"] {
        let text = alike(bench.text(name));
        bench.put(name, text.as_bytes());
    }
    let ended = bench.promotion("");
    assert_eq!(ended.code, 2, "{}{}", ended.out, ended.err);
    assert!(ended.err.contains("rows.toml"), "{}", ended.err);
}

#[test]
fn a_broken_matrix_is_shown_with_its_place() {
    let bench = Bench::good();
    bench.put(
        "matrix/more.toml",
        b"[[row]]\nname = \"x\"\nteir = \"ga\"\n",
    );
    let ended = bench.promotion("");
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("more.toml:3:1"), "{}", ended.err);
    assert!(ended.err.contains("did you mean `tier`?"), "{}", ended.err);
}

#[test]
fn without_a_matrix_folder_the_compiled_in_copy_is_in_force() {
    let bench = Bench::good();
    fs::remove_dir_all(bench.path("matrix")).unwrap();
    let ended = bench.promotion("");
    // The rows in force are those of the repository, not the two that the reports are about.
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    let broken = "matrix_is_in_force                BROKEN";
    assert!(ended.out.contains(broken), "{}", ended.out);
    assert_eq!(bench.run("env-template --write t.env").code, 0);
}

#[test]
fn garbage_in_every_file_is_refused_with_a_sentence() {
    for name in [
        "readiness.json",
        "live.json",
        "artifacts/runinfra-0.1.0.crate",
        "sdk/Cargo.toml",
        "Cargo.toml",
        "challenge.json",
    ] {
        for garbage in [&b""[..], b"\0\0\0", b"\xff\xfe", b"{", b"[[[[[[[["] {
            let bench = Bench::good();
            bench.put(name, garbage);
            let ended = bench.promotion("--challenge challenge.json");
            assert_eq!(ended.code, 1, "{name}: {}{}", ended.out, ended.err);
            assert!(ended.out.contains("REFUSED"), "{name}");
            assert!(!ended.err.contains("panicked"), "{name}: {}", ended.err);
        }
    }
}

#[test]
fn a_huge_report_is_refused_without_being_read_in() {
    let bench = Bench::good();
    // Sparse: 100 MB that nobody has to write.
    let file = fs::File::create(bench.path("live.json")).unwrap();
    file.set_len(100 * 1024 * 1024).unwrap();
    let ended = bench.promotion("");
    assert_eq!(ended.code, 1);
    assert!(
        ended.out.contains("longer than 67108864 bytes"),
        "{}",
        ended.out
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let bench = Bench::good();
    let (reader, writer) = std::io::pipe().unwrap();
    // Gone before the first word.
    drop(reader);
    let output = bench
        .command()
        .arg("rules")
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

/// Where what was printed cannot be read by anybody there is no answer.
#[test]
#[cfg(target_os = "linux")]
fn what_could_not_be_printed_is_no_answer() {
    let full = fs::File::create("/dev/full").unwrap();
    let output = Bench::good()
        .command()
        .arg("rules")
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("tried to print"), "{said}");
}

#[test]
fn a_package_is_looked_into() {
    let bench = Bench::good();
    let ended = bench.run("package --crate artifacts/runinfra-0.1.0.crate");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    let bench = Bench::with(|good| {
        good.package_text(".env", "A=1");
        good.restage();
    });
    let ended = bench.run("package --crate artifacts/runinfra-0.1.0.crate");
    assert_eq!(ended.code, 1);
    assert!(
        ended.out.contains("runinfra-0.1.0.crate:.env"),
        "{}",
        ended.out
    );
    assert_eq!(bench.run("package --crate none.crate").code, 2);
}

#[test]
fn versions_are_compared_across_the_repository() {
    let bench = Bench::good();
    fs::remove_file(bench.path("Cargo.lock")).unwrap();
    assert_eq!(bench.run("versions").code, 2, "there is no lock file");
    let lock = "[[package]]\nname = \"runinfra\"\nversion = \"0.1.0\"\n";
    bench.put("Cargo.lock", lock.as_bytes());
    bench.put("CHANGELOG.md", b"## 0.1.0 - 2026-05-01\n\n- All of it.\n");
    bench.put("README.md", b"runinfra = \"0.1\"\n");
    bench.put("sdk/README.md", b"runinfra = \"0.1\"\n");
    let ended = bench.run("versions --confirm 0.1.0");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    let ended = bench.run("versions --confirm 0.2.0");
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("expected: 0.2.0"), "{}", ended.out);
}

/// The verifier cannot leak what it cannot reach: nothing that opens a connection is in it.
#[test]
fn no_crate_that_could_reach_a_network_is_built_in() {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--edges",
            "normal,build",
            "--prefix",
            "none",
        ])
        .args(["--format", "{p}", "--package", "canary-verifier"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(names.contains(&"canary-core"), "{tree}");
    for forbidden in [
        "runinfra",
        "runinfra-gateway",
        "canary-executor",
        "tokio",
        "reqwest",
        "hyper",
        "ureq",
        "rustls",
        "socket2",
        "mio",
        "curl",
        "native-tls",
        "h2",
    ] {
        assert!(
            !names.contains(&forbidden),
            "{forbidden} is in the verifier's tree"
        );
    }
}

#[test]
fn the_repository_s_workflows_are_looked_at() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let bench = Bench::empty();
    let ended = bench.run(&format!("workflow --repository {root}"));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    for folder in ["scripts", ".ci"] {
        bench.put(&format!("{folder}/none"), b"");
    }
    bench.put(".github/workflows/other.yaml", b"jobs: {}\n");
    let ended = bench.run("workflow");
    assert_eq!(ended.code, 1);
    assert!(
        ended.out.contains(".github/workflows/other.yaml:1"),
        "{}",
        ended.out
    );
    assert!(ended.out.contains("jobs_are_the_releases"), "{}", ended.out);
    assert_eq!(Bench::empty().run("workflow").code, 2);
}
