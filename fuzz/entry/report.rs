//! Whatever is read as a report says the same when it is written and read again, and what is written as
//! evidence has its seal.

use canary_core::report::{read, write};

/// Reads `input` as a report.
pub(crate) fn check(input: &[u8]) {
    match read::read(input) {
        Ok(report) => {
            // As it is, right or wrong seal: a report read is a report kept.
            let spelled = write::spelled(&report).unwrap();
            let again = read::read(&spelled).unwrap();
            assert_eq!(again, report);
            assert_eq!(write::spelled(&again).unwrap(), spelled);
            // As evidence: sealed once, and the same ever after.
            let written = write::canonical(&report).unwrap();
            let sealed = read::read(&written).unwrap();
            let seal = sealed.run.as_ref().and_then(|run| run.seal_sha256);
            assert_eq!(seal, write::seal(&report).unwrap());
            assert_eq!(write::canonical(&sealed).unwrap(), written);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
