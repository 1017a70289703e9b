//! What the canaries take from the environment: declared in TOML, resolved once, worded once.
//!
//! ```text
//! matrix/inputs.toml ──declare::read──▶ Declared ┐
//! shell variables ───────────────────────────────┼─Inputs::resolve──▶ Inputs ─▶ unmet · report
//! env file ──parse_env_file──────────────────────┘
//! ```
//!
//! Rules, from the matrix: a variable set in the shell wins over the env file, and wins for its
//! whole alias group; blank is missing; a value that does not parse is *invalid*, which is not
//! missing. No value ever appears in a problem, a debug output or a report.

mod base_url;
pub mod declare;
mod env_file;
mod kind;
mod need;
mod problem;
mod resolve;
mod secret;
pub mod template;
mod value;

pub use base_url::{BaseUrl, PRODUCTION_BASE_URL, UrlProblem};
pub use declare::{Choice, Declared, Input, Stray};
pub use env_file::{EnvFileProblem, LineProblem, parse_env_file};
pub use kind::Kind;
pub use need::{Need, Unmet, UnmetReason};
pub use problem::InputProblem;
pub use resolve::{Inputs, Provenance, Reported, Resolved, State};
pub use secret::Secret;
pub use value::{FileSource, FileState, ImageSize, Value, decode_base64};

#[cfg(test)]
mod tests;
