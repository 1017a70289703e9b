use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::*;

fn temp() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn no_more_is_read_than_shows_that_it_is_too_much() {
    let dir = temp();
    let path = dir.path().join("f");
    fs::write(&path, vec![b'x'; 1000]).unwrap();
    assert_eq!(read(&path, 10).unwrap().len(), 11);
    assert_eq!(read(&path, 1000).unwrap().len(), 1000);
    assert_eq!(read(&path, u64::MAX).unwrap().len(), 1000);
}

/// A file that grows as fast as it is read, and counts what was taken of it.
struct Endless {
    taken: u64,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        into.fill(b'[');
        self.taken += into.len() as u64;
        Ok(into.len())
    }
}

#[test]
fn of_what_never_ends_one_byte_too_many_is_read() {
    for limit in [0, 1, 4096, 1_000_003] {
        let mut endless = Endless { taken: 0 };
        let bytes = bounded(&mut endless, limit).unwrap();
        assert_eq!((bytes.len() as u64, endless.taken), (limit + 1, limit + 1));
    }
}

#[test]
fn what_is_not_a_file_is_the_askers_mistake() {
    let dir = temp();
    for path in [dir.path().to_owned(), dir.path().join("none")] {
        assert!(
            matches!(read(&path, 1), Err(FileError::Wrong { .. })),
            "{path:?}"
        );
    }
}

#[test]
fn a_write_is_private_and_spares_what_is_there() {
    let dir = temp();
    let path = dir.path().join("f");
    write(&path, b"one", false).unwrap();
    assert!(matches!(
        write(&path, b"two", false),
        Err(FileError::Wrong { .. })
    ));
    assert_eq!(fs::read(&path).unwrap(), b"one");
    write(&path, b"two", true).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two");
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing half-written is left behind");
}

#[test]
fn what_cannot_be_put_in_place_is_told_as_it_is() {
    let dir = temp();
    // Longer than a file system takes.
    let path = dir.path().join("n".repeat(300));
    // No advice to overwrite it: nothing is there.
    for force in [true, false] {
        assert!(matches!(
            write(&path, b"x", force),
            Err(FileError::Failed { .. })
        ));
    }
    let left = fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(left, 0, "nothing half-written is left behind");
}

#[test]
fn where_no_file_can_be_the_asker_is_told_what_is_in_the_way() {
    let dir = temp();
    let folder = dir.path().join("folder");
    fs::create_dir(&folder).unwrap();
    for (path, expected) in [
        (folder, "a folder is there"),
        (dir.path().join("none/file"), "its folder is not there"),
    ] {
        for force in [true, false] {
            let Err(FileError::Wrong { found, .. }) = write(&path, b"x", force) else {
                panic!("{path:?}");
            };
            assert_eq!(found, expected, "{path:?}");
        }
    }
    let left = fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(left, 1, "nothing half-written is left behind");
}

#[test]
fn a_file_of_a_tree_may_be_as_long_as_a_source_and_no_longer() {
    let dir = temp();
    let file = File::create(dir.path().join("long.rs")).unwrap();
    // Sparse: bytes that nobody has to write.
    for (length, is_read) in [(Limits::SDK.file, true), (Limits::SDK.file + 1, false)] {
        file.set_len(length).unwrap();
        let read = sdk(dir.path());
        assert_eq!(read.is_ok(), is_read, "{length}");
        assert!(is_read || matches!(read, Err(FileError::Wrong { .. })));
    }
}

#[test]
fn a_tree_is_read_without_what_is_built_and_without_links() {
    let dir = temp();
    for path in [
        "src/a/b.rs",
        "Cargo.toml",
        "target/x",
        ".git/config",
        "src/target/y",
    ] {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    let names: Vec<String> = sdk(dir.path()).unwrap().into_keys().collect();
    assert_eq!(names, ["Cargo.toml", "src/a/b.rs", "src/target/y"]);
    symlink("/etc/hostname", dir.path().join("src/link.rs")).unwrap();
    assert!(matches!(sdk(dir.path()), Err(FileError::Wrong { .. })));
}

#[test]
fn of_the_matrix_only_toml_and_json_is_read() {
    let dir = temp();
    fs::create_dir(dir.path().join("rows")).unwrap();
    for path in ["README.md", "inputs.toml", "rows/schema.json", "toml"] {
        fs::write(dir.path().join(path), "x").unwrap();
    }
    // What is not read may be anything, a link too.
    symlink("README.md", dir.path().join("LIESMICH.md")).unwrap();
    let read = matrix(dir.path()).unwrap();
    let mut names: Vec<&str> = read.iter().map(|file| file.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["inputs.toml", "rows/schema.json"]);
    symlink("inputs.toml", dir.path().join("more.toml")).unwrap();
    assert!(matches!(matrix(dir.path()), Err(FileError::Wrong { .. })));
}

#[test]
fn only_crates_are_staged_and_links_are_not_opened() {
    let dir = temp();
    fs::write(dir.path().join("b-1.0.0.crate"), "x").unwrap();
    fs::write(dir.path().join("sbom.json"), "{}").unwrap();
    fs::create_dir(dir.path().join("c.crate")).unwrap();
    symlink("b-1.0.0.crate", dir.path().join("a-1.0.0.crate")).unwrap();
    let staged = staged(dir.path()).unwrap();
    let names: Vec<&str> = staged.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["a-1.0.0.crate", "b-1.0.0.crate", "c.crate"]);
    let read: Vec<bool> = staged
        .files
        .iter()
        .map(|file| matches!(file.state, canary_verifier::case::StagedState::Read { .. }))
        .collect();
    assert_eq!(read, [false, true, false]);
}

/// The executor follows such a link. Without a word, the two would read two matrices.
#[test]
fn a_folder_of_the_matrix_may_be_no_link() {
    let (dir, other) = (temp(), temp());
    fs::write(dir.path().join("inputs.toml"), "x").unwrap();
    symlink(other.path(), dir.path().join("rows")).unwrap();
    let Err(FileError::Wrong { found, .. }) = matrix(dir.path()) else {
        panic!("a link was passed over");
    };
    assert_eq!(found, "it is a link, and links are not followed");
}

#[test]
fn what_is_named_as_a_row_and_is_no_file_is_told() {
    let dir = temp();
    let socket = dir.path().join("rows.toml");
    let listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let Err(FileError::Wrong { found, .. }) = matrix(dir.path()) else {
        panic!("a socket was passed over");
    };
    assert_eq!(found, "it is not a plain file");
    drop(listener);
    fs::rename(&socket, dir.path().join("rows.md")).unwrap();
    assert!(matrix(dir.path()).is_ok());
}

#[test]
fn more_packages_than_a_release_has_are_not_opened() {
    let dir = temp();
    for at in 0..MOST_PACKAGES {
        fs::write(dir.path().join(format!("{at}.crate")), "x").unwrap();
    }
    fs::write(dir.path().join("sbom.json"), "{}").unwrap();
    assert_eq!(staged(dir.path()).unwrap().files.len(), MOST_PACKAGES);
    fs::write(dir.path().join("more.crate"), "x").unwrap();
    let told = staged(dir.path()).unwrap_err();
    assert!(matches!(told, FileError::Wrong { .. }), "{told}");
}

#[test]
fn what_was_read_is_kept_by_whatever_name() {
    let dir = temp();
    let (read, other) = (dir.path().join("read"), dir.path().join("other"));
    fs::write(&read, "x").unwrap();
    symlink("read", dir.path().join("link")).unwrap();
    for name in ["read", "link", "./read"] {
        let named = dir.path().join(name);
        assert!(
            keep(&named, [other.as_path(), read.as_path()]).is_err(),
            "{name}"
        );
    }
    assert!(keep(&other, [read.as_path()]).is_ok(), "nothing is there");
    fs::write(&other, "x").unwrap();
    assert!(
        keep(&other, [read.as_path()]).is_ok(),
        "another file is there"
    );
    assert!(keep(&read, [dir.path().join("none").as_path()]).is_ok());
}
