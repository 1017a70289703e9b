//! Which calls are tried again, after which failures, and how long after.

pub(crate) mod backoff;
pub(crate) mod policy;
