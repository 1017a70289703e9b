//! The small deterministic models behind the routes.

pub mod media;
