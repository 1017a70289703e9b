//! The reports: what preflight and a run write, and what the verifier reads.

pub mod v1;
