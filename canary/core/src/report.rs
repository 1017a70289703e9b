//! The reports: what preflight and a run write, and what the verifier reads.

pub mod read;
pub mod v1;
pub mod write;

#[cfg(test)]
mod tests;
