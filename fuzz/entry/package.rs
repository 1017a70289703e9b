//! Whatever is opened as a `.crate` keeps its limits and stays in its folder. The input is the archive, packed or still to be
//! packed.

use std::io::Write as _;

use canary_core::candidate::archive::{Limits, open};
use flate2::{Compression, write::GzEncoder};

const LIMITS: Limits = Limits {
    packed: 64 * 1024,
    unpacked: 256 * 1024,
    file: 32 * 1024,
    files: 40,
};

/// Opens `input`.
pub(crate) fn check(input: &[u8]) {
    opens(input);
}

/// Whether `input` is a package, packed or still to be packed.
pub(crate) fn opens(input: &[u8]) -> bool {
    let as_it_is = opened(input);
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(input).unwrap();
    opened(&packer.finish().unwrap()) || as_it_is
}

fn opened(packed: &[u8]) -> bool {
    let package = match open(packed, "runinfra-0.1.0", LIMITS) {
        Ok(package) => package,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return false;
        }
    };
    assert!(package.files.len() <= LIMITS.files);
    for file in &package.files {
        assert!(file.bytes.len() as u64 <= LIMITS.file);
        let path = file.path.as_str();
        assert!(!path.starts_with('/') && !path.contains('\\'), "{path}");
        assert!(
            path.split('/').all(|part| !["", ".", ".."].contains(&part)),
            "{path}"
        );
    }
    true
}
