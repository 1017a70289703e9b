use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use tar::{Builder, Header};

use super::*;

mod beside;

const FOLDER: &str = "runinfra-0.1.0";

const FILES: [(&str, &str); 6] = [
    (".cargo_vcs_info.json", "{}"),
    ("Cargo.lock", "version = 4"),
    ("Cargo.toml", "[package]\nname = \"runinfra\""),
    (
        "Cargo.toml.orig",
        "[package]\nname = \"runinfra\" # as written",
    ),
    ("src/lib.rs", "//! SDK"),
    ("src/sse/frame.rs", "//! Frames"),
];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn header(path: &[u8], kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_ustar();
    header.as_mut_bytes()[..path.len()].copy_from_slice(path);
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(size);
    header.set_cksum();
    header
}

/// A tar of the good files with what `add` puts after them.
fn tar_with(add: impl FnOnce(&mut Builder<Vec<u8>>)) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (path, text) in FILES {
        let path = format!("{FOLDER}/{path}");
        let header = header(path.as_bytes(), EntryType::Regular, text.len() as u64);
        builder.append(&header, text.as_bytes()).unwrap();
    }
    add(&mut builder);
    builder.into_inner().unwrap()
}

fn append(builder: &mut Builder<Vec<u8>>, path: &str, kind: EntryType) {
    builder
        .append(&header(path.as_bytes(), kind, 0), &[][..])
        .unwrap();
}

fn open_sdk(packed: &[u8]) -> Result<Package, ArchiveError> {
    open(packed, FOLDER, Limits::SDK)
}

#[test]
fn what_cargo_packs_is_taken() {
    let package = open_sdk(&gzip(&tar_with(|_| {}))).unwrap();
    let paths: Vec<&str> = package
        .files
        .iter()
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(paths, FILES.map(|(path, _)| path));
    assert_eq!(package.file("src/lib.rs"), Some(&b"//! SDK"[..]));
    assert_eq!(package.sources.file_count(), 3);
    assert_eq!(package.sources.manifest(), FILES[3].1.as_bytes());
}

#[test]
fn a_path_too_long_for_one_header_is_still_read() {
    let long = format!("{FOLDER}/src/{}.rs", "a".repeat(150));
    let packed = gzip(&tar_with(|builder| {
        let mut header = Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(0);
        builder.append_data(&mut header, &long, &[][..]).unwrap();
    }));
    assert_eq!(open_sdk(&packed).unwrap().sources.file_count(), 4);
}

/// Found by the property below: a tar that was cut between two entries, and packed again.
#[test]
fn a_tar_that_lost_its_end_is_refused() {
    let tar = tar_with(|_| {});
    let end = tar.iter().rposition(|byte| *byte != 0).unwrap() / 512 * 512 + 512;
    let cut = |length: usize| open_sdk(&gzip(&tar[..length]));
    assert!(cut(end + 1024).is_ok());
    for length in [end, end + 1, end + 512, end + 1023, end - 1024] {
        let refused = cut(length);
        assert!(
            matches!(refused, Err(ArchiveError::Unreadable { .. })),
            "{length}: {refused:?}"
        );
    }
}

/// Two readers may see two files in one entry: what its own header says, and what an extended one does.
#[test]
fn an_entry_of_two_minds_is_refused() {
    let entry = FILES.len();
    let renamed = format!("{FOLDER}/src/other.rs");
    for (key, value) in [
        ("path", renamed.as_str()),
        ("size", "0"),
        ("GNU.sparse.realsize", "1000000"),
        ("mtime", "1"),
    ] {
        let tar = tar_with(|builder| {
            let value = value.as_bytes();
            builder.append_pax_extensions([(key, value)]).unwrap();
            append(builder, &format!("{FOLDER}/src/x.rs"), EntryType::Regular);
        });
        assert_eq!(
            open_sdk(&gzip(&tar)),
            Err(ArchiveError::Extended { entry }),
            "{key}"
        );
    }
    let linked = gzip(&tar_with(|builder| {
        builder
            .append_pax_extensions([("linkpath", &b"/etc/passwd"[..])])
            .unwrap();
        append(builder, &format!("{FOLDER}/src/x.rs"), EntryType::Regular);
    }));
    assert_eq!(open_sdk(&linked), Err(ArchiveError::Kind { entry }));
    let sparse = gzip(&tar_with(|builder| {
        append(builder, &format!("{FOLDER}/src/x.rs"), EntryType::GNUSparse);
    }));
    let problem = "other error".to_owned();
    assert_eq!(
        open_sdk(&sparse),
        Err(ArchiveError::Unreadable { entry, problem })
    );
}

#[test]
fn what_cargo_never_packs_is_refused() {
    let at = FILES.len();
    let path = |problem| ArchiveError::Path { entry: at, problem };
    let outside = || ArchiveError::Folder {
        entry: at,
        folder: FOLDER.to_owned(),
    };
    let kind = || ArchiveError::Kind { entry: at };
    let lib = PackagePath::new(b"src/lib.rs").unwrap();
    let shouted = PackagePath::new(b"SRC/lib.rs").unwrap();
    let table = [
        (
            "runinfra-0.1.0/../x",
            EntryType::Regular,
            path(PathProblem::Outside),
        ),
        ("/etc/x", EntryType::Regular, path(PathProblem::Absolute)),
        ("C:\\x", EntryType::Regular, path(PathProblem::Absolute)),
        (
            "runinfra-0.1.0/a\u{7}",
            EntryType::Regular,
            path(PathProblem::Character),
        ),
        ("runinfra-0.2.0/src/x.rs", EntryType::Regular, outside()),
        ("x", EntryType::Regular, outside()),
        ("runinfra-0.1.0/src/link", EntryType::Symlink, kind()),
        ("runinfra-0.1.0/src/link", EntryType::Link, kind()),
        ("runinfra-0.1.0/src/fifo", EntryType::Fifo, kind()),
        ("runinfra-0.1.0/src/dev", EntryType::Char, kind()),
        ("runinfra-0.1.0/src/dev", EntryType::Block, kind()),
        ("runinfra-0.1.0/src/dir", EntryType::Directory, kind()),
        ("runinfra-0.1.0/src/c", EntryType::Continuous, kind()),
        ("runinfra-0.1.0/src/g", EntryType::XGlobalHeader, kind()),
        (
            "runinfra-0.1.0/src/lib.rs",
            EntryType::Regular,
            ArchiveError::Duplicate(lib),
        ),
        (
            "runinfra-0.1.0/SRC/lib.rs",
            EntryType::Regular,
            ArchiveError::Duplicate(shouted),
        ),
    ];
    for (name, entry_type, expected) in table {
        let packed = gzip(&tar_with(|builder| append(builder, name, entry_type)));
        assert_eq!(open_sdk(&packed), Err(expected), "{name} {entry_type:?}");
    }
}

#[test]
fn other_permissions_than_those_that_cargo_gives_are_refused() {
    for mode in [0o4755, 0o2755, 0o1755, 0, 0o600, 0o444, 0o645, 0o666, 0o777] {
        let packed = gzip(&tar_with(|builder| {
            let mut header = header(b"runinfra-0.1.0/x", EntryType::Regular, 0);
            header.set_mode(mode);
            header.set_cksum();
            builder.append(&header, &[][..]).unwrap();
        }));
        assert_eq!(
            open_sdk(&packed),
            Err(ArchiveError::Mode { entry: FILES.len() }),
            "{mode:o}"
        );
    }
}

#[test]
fn every_limit_is_kept() {
    let tar = tar_with(|_| {});
    let packed = gzip(&tar);
    let exact = Limits {
        packed: packed.len() as u64,
        unpacked: tar.len() as u64,
        file: FILES.iter().map(|(_, text)| text.len()).max().unwrap() as u64,
        files: FILES.len(),
    };
    assert!(open(&packed, FOLDER, exact).is_ok(), "limits are inclusive");
    let table = [
        (
            Limits {
                packed: exact.packed - 1,
                ..exact
            },
            ArchiveError::Packed(exact.packed - 1),
        ),
        (
            Limits {
                unpacked: exact.unpacked - 1,
                ..exact
            },
            ArchiveError::Unpacked(exact.unpacked - 1),
        ),
        (
            Limits {
                file: exact.file - 1,
                ..exact
            },
            ArchiveError::File {
                entry: 3,
                limit: exact.file - 1,
            },
        ),
        (
            Limits {
                files: exact.files - 1,
                ..exact
            },
            ArchiveError::Files(exact.files - 1),
        ),
    ];
    for (limits, expected) in table {
        assert_eq!(open(&packed, FOLDER, limits), Err(expected), "{limits:?}");
    }
}

#[test]
fn a_bomb_is_refused_without_being_unpacked() {
    let zeros = gzip(&vec![0; 70 * 1024 * 1024]);
    assert!(zeros.len() < 1024 * 1024, "a bomb is small");
    assert_eq!(
        open_sdk(&zeros),
        Err(ArchiveError::Unpacked(Limits::SDK.unpacked))
    );
    let claim =
        gzip(header(b"runinfra-0.1.0/x", EntryType::Regular, u64::from(u32::MAX)).as_bytes());
    assert_eq!(
        open_sdk(&claim),
        Err(ArchiveError::File {
            entry: 0,
            limit: Limits::SDK.file
        })
    );
}

#[test]
fn what_a_reader_would_skip_is_refused() {
    let tar = tar_with(|_| {});
    let mut after_gzip = gzip(&tar);
    after_gzip.push(0);
    assert_eq!(open_sdk(&after_gzip), Err(ArchiveError::Trailing("gzip")));
    let mut two_members = gzip(&tar);
    two_members.extend(gzip(&tar));
    assert_eq!(open_sdk(&two_members), Err(ArchiveError::Trailing("gzip")));
    let mut after_tar = tar.clone();
    after_tar.extend(tar_with(|_| {}));
    assert_eq!(
        open_sdk(&gzip(&after_tar)),
        Err(ArchiveError::Trailing("tar"))
    );
    let mut padded = tar;
    padded.extend([0; 4096]);
    assert!(
        open_sdk(&gzip(&padded)).is_ok(),
        "tars are padded with zeros"
    );
}

#[test]
fn an_archive_without_a_package_is_refused() {
    let empty = Builder::new(Vec::new()).into_inner().unwrap();
    assert_eq!(
        open_sdk(&gzip(&empty)),
        Err(ArchiveError::Source(SourceError::NoManifest))
    );
    for bytes in [&b""[..], b"not gzip at all", &gzip(b"not tar at all")] {
        assert!(
            matches!(
                open_sdk(bytes),
                Err(ArchiveError::Unreadable { .. } | ArchiveError::Source(_))
            ),
            "{bytes:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_mutated_archive_never_panics_and_never_passes_for_the_good_one(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in proptest::option::of(any::<prop::sample::Index>()),
        inside in any::<bool>(),
    ) {
        let tar = tar_with(|_| {});
        let good = open_sdk(&gzip(&tar)).unwrap();
        let mut bytes = if inside { tar } else { gzip(&tar) };
        let index = at.index(bytes.len());
        bytes[index] = byte;
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let packed = if inside { gzip(&bytes) } else { bytes };
        if let Ok(package) = open_sdk(&packed) {
            // A change that nobody can see (a date, an owner) is no change of the package.
            let seen = package.files.len() == good.files.len();
            prop_assert!(seen, "a file came or went unnoticed");
            for (file, was) in package.files.iter().zip(&good.files) {
                prop_assert!(file.path == was.path || file.bytes == was.bytes, "one change, one file");
            }
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        let _ = open_sdk(&bytes);
        let _ = open_sdk(&gzip(&bytes));
    }
}

#[test]
fn a_path_is_one_file_on_every_machine() {
    for (path, problem) in [
        ("src\\a.rs", PathProblem::Character),
        ("src/nul.rs", PathProblem::Device),
    ] {
        let path = format!("{FOLDER}/{path}");
        let packed = gzip(&tar_with(|b| append(b, &path, EntryType::Regular)));
        let expected = ArchiveError::Path { entry: 6, problem };
        assert_eq!(open_sdk(&packed), Err(expected), "{path}");
    }
    for path in ["src/lib.rs/a.rs", "SRC/LIB.RS/a.rs"] {
        let path = format!("{FOLDER}/{path}");
        let packed = gzip(&tar_with(|b| append(b, &path, EntryType::Regular)));
        let found = open_sdk(&packed);
        assert!(
            matches!(found, Err(ArchiveError::Duplicate(_))),
            "{found:?}"
        );
    }
    let packed = gzip(&tar_with(|b| {
        append(b, "runinfra-0.1.0/src/lib.rst", EntryType::Regular);
    }));
    assert!(open_sdk(&packed).is_ok());
}
