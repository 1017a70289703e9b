//! Whatever is read as a report says the same when it is written and read again.

use canary_core::report::{read, write};

/// Reads `input` as a report.
pub(crate) fn check(input: &[u8]) {
    match read::read(input) {
        Ok(report) => {
            let written = write::canonical(&report).unwrap();
            let again = read::read(&written).unwrap();
            assert_eq!(again, report);
            assert_eq!(write::canonical(&again).unwrap(), written);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
