//! The small deterministic models behind the routes.

pub mod media;
pub(crate) mod text;
