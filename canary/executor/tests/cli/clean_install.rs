//! `canary clean-install` with a stand-in for cargo, which compiles nothing: what is asked of it, and
//! what each of its answers comes to. With the real one it runs in the rehearsal of a release.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;

use canary_executor::report::sdk_files;
use flate2::{Compression, write::GzEncoder};

use crate::support::{Ended, Place};

const CRATE: &str = "runinfra-0.1.0.crate";

/// The SDK that is compiled in, packed as cargo packs.
fn packed() -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let mut put = |name: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        let path = format!("runinfra-0.1.0/{name}");
        archive.append_data(&mut header, path, bytes).unwrap();
    };
    for (name, bytes) in sdk_files() {
        put(name, bytes);
    }
    // As cargo packs: the manifest as the registry serves it, and beside it the one that was written.
    put("Cargo.toml.orig", b"# inherits from a workspace\n");
    archive.into_inner().unwrap().finish().unwrap()
}

struct Stage {
    place: Place,
}

impl Stage {
    /// cargo and the program end with these codes, and write down what they saw.
    fn new(fetch: i32, build: i32, program: i32) -> Self {
        let place = Place::without_matrix();
        std::fs::write(place.path(CRATE), packed()).unwrap();
        let file = |name: &str| place.path(name).display().to_string();
        let (log, early, lock) = (file("log"), file("too-early"), file("served.lock"));
        place.write(
            "bin/cargo",
            &format!(
                "#!/bin/sh\nset -e\n{{ echo \"cargo $*\"; echo \"flags ${{RUSTFLAGS-none}}\"; cat Cargo.toml; \
                 ls sdk/src/lib.rs Cargo.lock || true; head -n 1 sdk/Cargo.toml || true; }} >>{log} 2>&1\n\
                 echo \"index ${{CARGO_REGISTRIES_OTHER_INDEX-none}}\" >>{log}\n\
                 [ ! -e {early} ] || {{ rm {early}; exit 101; }}\n\
                 [ ! -e {lock} ] || cp {lock} Cargo.lock\n\
                 [ \"$1\" = fetch ] && exit {fetch}\n\
                 mkdir -p \"$CARGO_TARGET_DIR/debug\"\nprogram=\"$CARGO_TARGET_DIR/debug/stranger\"\n\
                 printf '#!/bin/sh\\n{{ env | grep -v ^PWD= | grep -v ^_= | grep -v ^SHLVL= | sort; }} >>{log}\\nexit {program}\\n' >\"$program\"\n\
                 chmod +x \"$program\"\nexit {build}\n"
            ),
        );
        let cargo = place.path("bin/cargo");
        std::fs::set_permissions(cargo, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self { place }
    }

    fn run(&self, words: &str) -> Ended {
        let mut command = self.place.command(words.split_whitespace());
        let path = self.place.path("bin").display().to_string();
        command
            .env("PATH", format!("{path}:/usr/bin:/bin"))
            .env("RUSTFLAGS", "--cfg caller")
            .env("SECRET_OF_THE_CALLER", "must not travel");
        Ended::of(command.output().unwrap())
    }
}

#[test]
fn a_stranger_s_project_is_made_of_the_packed_files_and_of_nothing_of_the_caller_s() {
    let stage = Stage::new(0, 0, 0);
    let ended = stage
        .run(&format!("clean-install --artifact {CRATE} --offline"))
        .expect(0);
    assert!(ended.out.contains("a stranger can use it"), "{}", ended.out);
    let log = stage.place.read("log");
    for said in [
        "cargo fetch --offline --manifest-path /",
        "cargo build --offline --manifest-path /",
        "flags none",
        "runinfra = { path = \"sdk\" }",
        "[workspace]",
        "\nsdk/src/lib.rs",
        "RUNINFRA_BASE_URL=http://127.0.0.1:",
        "RUNINFRA_LLM_MODEL=",
    ] {
        assert!(log.contains(said), "{said}\n{log}");
    }
    assert!(!log.contains("SECRET_OF_THE_CALLER"), "{log}");
    assert!(
        !log.contains("# inherits"),
        "the packed manifest is the one that counts: {log}"
    );
    // The project is gone; what is left was here before.
    let left: Vec<String> = stage.place.files().into_keys().collect();
    assert_eq!(left, ["bin/cargo", "log", CRATE]);
}

#[test]
fn the_registry_is_asked_for_exactly_that_version() {
    let stage = Stage::new(0, 0, 0);
    stage.place.write("Cargo.lock", "version = 4\n");
    stage
        .run("clean-install --registry --version 1.2.3-rc.1")
        .expect(0);
    let log = stage.place.read("log");
    assert!(log.contains("runinfra = \"=1.2.3-rc.1\""), "{log}");
    assert!(
        !log.contains("\nCargo.lock"),
        "a stranger has no lock file: {log}"
    );
}

/// A stage on which the registry serves the SDK with this digest.
fn serving(digest: &str) -> Stage {
    let stage = Stage::new(0, 0, 0);
    let lock = format!("[[package]]\nname = \"runinfra\"\nchecksum = \"{digest}\"\n");
    stage.place.write("served.lock", &lock);
    stage
}

#[test]
fn what_the_registry_serves_has_to_have_the_digest_that_was_demanded() {
    let (demanded, other) = ("ab".repeat(32), "cd".repeat(32));
    let words = format!("clean-install --registry --version 1.2.3 --sha256 {demanded}");
    serving(&demanded).run(&words).expect(0);
    let stage = serving(&other);
    let ended = stage.run(&words).expect(1);
    assert!(ended.out.contains(&other), "{}", ended.out);
    assert!(ended.out.contains("yank"), "{}", ended.out);
    let built = stage.place.read("log").contains("cargo build");
    assert!(!built, "other bytes are not even compiled");
    let ended = serving("no digest").run(&words).expect(3);
    assert!(ended.err.contains("has no digest for it"), "{}", ended.err);
}

#[test]
fn a_registry_that_does_not_list_it_yet_is_asked_again_within_the_wait() {
    let words = "clean-install --registry --version 1.2.3 --wait 1";
    let stage = Stage::new(0, 0, 0);
    stage.place.write("too-early", "");
    let ended = stage.run(words).expect(0);
    assert!(ended.err.contains("asking again in 1 s"), "{}", ended.err);
    // Without a wait it is asked once, and with one it is not asked for ever.
    for (words, asked) in [(words, 2), ("clean-install --registry --version 1.2.3", 1)] {
        let stage = Stage::new(101, 0, 0);
        let ended = stage.run(words).expect(3);
        assert!(ended.out.contains("could not get the SDK"), "{}", ended.out);
        let log = stage.place.read("log");
        assert_eq!(log.matches("cargo fetch").count(), asked, "{log}");
    }
}

#[test]
fn another_registry_is_named_by_its_index() {
    let stage = Stage::new(0, 0, 0);
    stage
        .run("clean-install --registry --version 1.2.3 --index http://127.0.0.1:9/index/")
        .expect(0);
    let log = stage.place.read("log");
    for said in [
        "runinfra = { version = \"=1.2.3\", registry = \"other\" }",
        "index sparse+http://127.0.0.1:9/index/",
    ] {
        assert!(log.contains(said), "{said}\n{log}");
    }
}

#[test]
fn the_packed_sdk_is_tried_with_the_versions_it_was_tested_with() {
    let stage = Stage::new(0, 0, 0);
    stage.place.write("Cargo.lock", "version = 4\n");
    stage
        .run(&format!(
            "clean-install --artifact {CRATE} --target-dir built"
        ))
        .expect(0);
    assert!(stage.place.read("log").contains("\nCargo.lock"));
    assert!(stage.place.path("built/debug/stranger").is_file());
}

#[test]
fn each_way_of_not_working_has_its_code() {
    for (codes, exit, said) in [
        (
            (101, 0, 0),
            3,
            "could not get the SDK, or what it depends on",
        ),
        ((0, 101, 0), 1, "does not compile"),
        ((0, 0, 1), 1, "had no answers"),
    ] {
        let stage = Stage::new(codes.0, codes.1, codes.2);
        let ended = stage
            .run(&format!("clean-install --artifact {CRATE}"))
            .expect(exit);
        assert!(ended.out.contains(said), "{}", ended.both());
    }
}

#[test]
fn what_is_no_package_is_not_unpacked() {
    let stage = Stage::new(0, 0, 0);
    std::fs::write(stage.place.path(CRATE), "garbage").unwrap();
    let ended = stage
        .run(&format!("clean-install --artifact {CRATE}"))
        .expect(1);
    assert!(ended.err.contains("is refused"), "{}", ended.err);
    for words in [
        "clean-install",
        "clean-install --registry",
        "clean-install --artifact none.crate",
        "clean-install --version 1.0.0",
        "clean-install --registry --version newest",
        "clean-install --registry --version 1.0.0 --sha256 abc",
        "clean-install --registry --version 1.0.0 --wait long",
        "clean-install --registry --version 1.0.0 --index elsewhere",
        "clean-install --artifact none.crate --index http://127.0.0.1:9/",
        "clean-install --registry --version 1.0.0 --artifact a.crate",
    ] {
        stage.run(words).expect(2);
    }
    assert!(!stage.place.path("log").exists(), "cargo was asked");
}
