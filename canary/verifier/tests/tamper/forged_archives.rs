//! Packages that hold exactly the files that they should, and something beside them that no reader shows.

use crate::{
    change::{Change, all_are_refused},
    support::{Good, pack},
};

const PACKAGE: &str = "artifact_is_a_package";

/// Changes the tar of the staged package, and makes the sum of its first header right again.
fn tar(good: &mut Good, change: fn(&mut [u8])) {
    let packed = good.staged.values().next().unwrap();
    let mut tar = Vec::new();
    let mut reader = flate2::read::GzDecoder::new(packed.as_slice());
    std::io::Read::read_to_end(&mut reader, &mut tar).unwrap();
    change(&mut tar);
    let mut header = tar::Header::from_byte_slice(&tar[..512]).clone();
    header.set_cksum();
    tar[..512].copy_from_slice(header.as_bytes());
    good.restage_bytes(pack::gzip(&tar));
}

const FORGED: &[Change] = &[
    (
        "a word behind the name of a file",
        |g| tar(g, |tar| tar[60..66].copy_from_slice(b"secret")),
        &[PACKAGE],
    ),
    (
        "a word behind the empty name of a person",
        |g| tar(g, |tar| tar[266..272].copy_from_slice(b"secret")),
        &[PACKAGE],
    ),
    (
        "a word behind the empty target of a link",
        |g| tar(g, |tar| tar[160..166].copy_from_slice(b"secret")),
        &[PACKAGE],
    ),
    (
        "a word in the place of a time",
        |g| tar(g, |tar| tar[136..142].copy_from_slice(b"secret")),
        &[PACKAGE],
    ),
    (
        "a word at the end of a header",
        |g| tar(g, |tar| tar[501..507].copy_from_slice(b"secret")),
        &[PACKAGE],
    ),
    (
        "a word behind the end of a file",
        |g| tar(g, |tar| tar[1000..1006].copy_from_slice(b"secret")),
        &[PACKAGE],
    ),
    (
        "the number of a person",
        |g| tar(g, |tar| tar[108..116].copy_from_slice(b"0001750\0")),
        &[PACKAGE],
    ),
    (
        "a file that nobody may read",
        |g| tar(g, |tar| tar[100..108].copy_from_slice(b"0000000\0")),
        &[PACKAGE],
    ),
    (
        "a file that everybody may write",
        |g| tar(g, |tar| tar[100..108].copy_from_slice(b"0000666\0")),
        &[PACKAGE],
    ),
];

#[test]
fn packages_with_something_beside_their_files_are_refused() {
    all_are_refused(FORGED);
}
