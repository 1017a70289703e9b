//! Bytes that no reader shows, in every place that a `.crate` has for them.

use super::*;

/// What is published beside the files, and shown to nobody.
#[test]
fn words_beside_the_files_are_refused() {
    let tar = tar_with(|_| {});
    let gzipped = |builder: flate2::GzBuilder| {
        let mut encoder = builder.write(Vec::new(), Compression::fast());
        encoder.write_all(&tar).unwrap();
        encoder.finish().unwrap()
    };
    let own = flate2::GzBuilder::new().filename("runinfra-0.1.0.crate");
    assert!(
        open_sdk(&gzipped(own)).is_ok(),
        "cargo names the file itself"
    );
    for builder in [
        flate2::GzBuilder::new().filename("/home/somebody/sdk.tar"),
        flate2::GzBuilder::new().comment("a key"),
        flate2::GzBuilder::new().extra("a key"),
    ] {
        let found = open_sdk(&gzipped(builder));
        assert!(matches!(found, Err(ArchiveError::Beside(_))), "{found:?}");
    }
    let names: [fn(&mut Header); 2] = [
        |header| header.as_ustar_mut().unwrap().uname[..4].copy_from_slice(b"user"),
        |header| header.as_ustar_mut().unwrap().gname[..5].copy_from_slice(b"staff"),
    ];
    for name in names {
        let packed = gzip(&tar_with(|builder| {
            let mut header = header(b"runinfra-0.1.0/src/a.rs", EntryType::Regular, 0);
            name(&mut header);
            header.set_cksum();
            builder.append(&header, &[][..]).unwrap();
        }));
        let found = open_sdk(&packed);
        assert!(matches!(found, Err(ArchiveError::Beside(_))), "{found:?}");
    }
}

/// The good files, with the first header and what follows it changed.
fn changed(change: impl FnOnce(&mut [u8])) -> Result<Package, ArchiveError> {
    let mut tar = tar_with(|_| {});
    change(&mut tar);
    sum(&mut tar[..512]);
    open_sdk(&gzip(&tar))
}

fn sum(block: &mut [u8]) {
    let mut header = Header::from_byte_slice(block).clone();
    header.set_cksum();
    block.copy_from_slice(header.as_bytes());
}

/// Every byte of a header and of the block behind it is what it has to be, or is seen.
#[test]
fn no_byte_is_passed_over() {
    let good = open_sdk(&gzip(&tar_with(|_| {}))).unwrap();
    let length = FILES[0].1.len();
    let mut accepted = Vec::new();
    for at in (0..1024).filter(|at| !(148..156).contains(at)) {
        let was = tar_with(|_| {})[at];
        for byte in [b'S', b'1', b' ', 0xff, 0x80]
            .into_iter()
            .filter(|byte| *byte != was)
        {
            match changed(|tar| tar[at] = byte) {
                // Another path or other contents, which are looked at.
                Ok(package) if package.files[0] != good.files[0] => assert!(at < 512 + length),
                Ok(_) => accepted.push((at, byte)),
                Err(_) => {}
            }
        }
    }
    // When the file was changed (cargo writes a fixed time), leading zeros, and the gap between numbers.
    let plain = |(at, byte): &(usize, u8)| {
        matches!(byte, b' ' | b'1') && (136..148).contains(at)
            || *byte == b' ' && (100..136).contains(at)
    };
    let odd: Vec<_> = accepted.iter().filter(|one| !plain(one)).collect();
    assert!(odd.is_empty(), "{odd:?}");
}

type Change = fn(&mut [u8]);

#[test]
fn each_place_is_told() {
    let told = |change: Change| changed(change).unwrap_err().to_string();
    let table: [(Change, &str); 16] = [
        (
            |t| t[99] = 1,
            "something stands behind the name of an entry",
        ),
        (
            |t| t[100..108].copy_from_slice(b"644\0\0\0\0x"),
            "an entry has a number that is none",
        ),
        (
            |t| t[124..136].copy_from_slice(b"2\0\0\0\0\0\0\0\0\0\0x"),
            "an entry has a number that is none",
        ),
        (|t| t[136] = b'x', "an entry has a number that is none"),
        (|t| t[147] = b'x', "an entry has a number that is none"),
        (|t| t[114] = b'1', "an entry names who packed it"),
        (|t| t[122] = b'1', "an entry names who packed it"),
        (|t| t[265 + 1] = b'u', "an entry names who packed it"),
        (|t| t[297 + 1] = b'g', "an entry names who packed it"),
        (|t| t[157 + 1] = b'l', "an entry leads to something else"),
        (|t| t[329] = b'1', "an entry leads to something else"),
        (|t| t[344] = b'1', "an entry leads to something else"),
        (|t| t[499] = 1, "something stands at the end of a header"),
        (|t| t[500] = 1, "something stands at the end of a header"),
        (|t| t[511] = 1, "something stands at the end of a header"),
        (
            |t| t[1023] = 1,
            "something fills up the last block of a file",
        ),
    ];
    for (change, what) in table {
        let expected = format!("it says more than its files: {what}");
        assert_eq!(told(change), expected);
    }
}

#[test]
fn a_sum_has_nothing_behind_it() {
    let mut tar = tar_with(|_| {});
    tar[148..156].rotate_left(1);
    assert_eq!(tar[154..156], [0, b'0']);
    assert!(open_sdk(&gzip(&tar)).is_ok());
    tar[155] = b'x';
    let told = open_sdk(&gzip(&tar)).unwrap_err();
    assert_eq!(
        told,
        ArchiveError::Beside("an entry has a number that is none")
    );
}

/// A tar of the good files and one with a long name, packed as cargo does, with its two headers changed.
fn long(change: impl FnOnce(&mut [u8], &mut [u8])) -> Result<Package, ArchiveError> {
    let path = format!("{FOLDER}/src/{}.rs", "a".repeat(150));
    let mut tar = tar_with(|builder| {
        let mut header = Header::new_gnu();
        header.set_mode(0o755);
        header.set_size(1);
        builder.append_data(&mut header, &path, &b"x"[..]).unwrap();
    });
    let at = tar.len() - 1024 - 2048;
    assert_eq!(tar[at + 156], b'L');
    let (name, entry) = tar[at..].split_at_mut(1024);
    change(name, entry);
    sum(&mut name[..512]);
    sum(&mut entry[..512]);
    open_sdk(&gzip(&tar))
}

type ChangeOfTwo = fn(&mut [u8], &mut [u8]);

#[test]
fn a_long_name_has_no_words_beside_it_either() {
    assert!(long(|_, _| {}).is_ok());
    let table: [(ChangeOfTwo, &str); 10] = [
        (|name, _| name[80] = 1, "something stands behind the name"),
        (|name, _| name[400] = 1, "at the end of a header"),
        (|name, _| name[1023] = 1, "fills up the last block"),
        (|name, _| name[345] = b'p', "at the end of a header"),
        (|_, entry| entry[345] = b'p', "at the end of a header"),
        (|_, entry| entry[1023] = 1, "fills up the last block"),
        (|_, entry| entry[20] = b'b', "an entry has two names"),
        (|_, entry| entry[400] = 1, "at the end of a header"),
        (
            |_, entry| entry[257..265].copy_from_slice(b"ustar  x"),
            "another form",
        ),
        (
            |_, entry| {
                entry[257..265].copy_from_slice(b"ustar\x0000");
                entry[345] = b'p';
            },
            "at the end of a header",
        ),
    ];
    for (change, what) in table {
        let told = long(change).unwrap_err().to_string();
        assert!(told.contains(what), "{what}: {told}");
    }
}

/// What does not fit into the name of the older form of a header stands before it, in full.
#[test]
fn a_path_in_two_fields_is_read() {
    let folder = "b".repeat(120);
    let packed = gzip(&tar_with(|builder| {
        let mut header = Header::new_ustar();
        header.set_path(format!("{FOLDER}/{folder}/c.rs")).unwrap();
        header.set_mode(0o644);
        header.set_size(0);
        header.set_cksum();
        builder.append(&header, &[][..]).unwrap();
    }));
    let package = open_sdk(&packed).unwrap();
    assert!(package.file(&format!("{folder}/c.rs")).is_some());
}
