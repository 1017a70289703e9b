//! The actions that may run, each by the commit that somebody has looked at.
//!
//! The same commit in every workflow is not enough: whoever can change one line can change them all. An
//! update of an action is therefore a change of this list too.

/// Repository and commit of each action.
pub(in crate::workflow) const ACTIONS: &[(&str, &str)] = &[
    // v2.4.0
    ("actions/attest", "ce27ba3b4a9a139d9a20a4a07d69fabb52f1e5bc"),
    // v2.4.0
    (
        "actions/attest-build-provenance",
        "e8998f949152b193b063cb0ec769d69d929409be",
    ),
    // v4.2.2
    (
        "actions/checkout",
        "11bd71901bbe5b1630ceea73d27597364c9af683",
    ),
    // v4.3.0
    (
        "actions/download-artifact",
        "d3f86a106a0bac45b974a628896c90dbdf5c8093",
    ),
    // v4.6.2
    (
        "actions/upload-artifact",
        "ea165f8d65b6e75b540449e92b4886f43607fa02",
    ),
    // v1.0.5
    (
        "rust-lang/crates-io-auth-action",
        "c6f97d42243bad5fab37ca0427f495c86d5b1a18",
    ),
];
