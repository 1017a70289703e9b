//! What goes into the package beside the code.

use std::path::Path;

/// The package is built from this folder alone, so it has copies, and copies drift.
#[test]
fn the_licences_are_those_of_the_repository() {
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        let ours = std::fs::read_to_string(sdk.join(name)).unwrap();
        let theirs = std::fs::read_to_string(sdk.join("..").join(name)).unwrap();
        assert!(ours == theirs, "copy {name} to sdk/ again");
    }
}
