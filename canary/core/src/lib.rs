//! Rows, plan, observation, judge and reports of the RunInfra canaries.
//!
//! Everything here is a pure function over values: no network, no clock, no environment, no
//! printing. What the world has to say is handed in; what it should be told is handed back.

pub mod assess;
pub mod builtin;
pub mod candidate;
pub mod challenge;
pub mod claims;
pub mod diagnose;
pub mod digest;
pub mod evidence;
pub mod exit;
pub mod expect;
pub mod input;
pub mod judge;
pub mod leak;
pub mod matrix;
pub mod media;
pub mod merge;
pub mod observe;
pub mod partition;
pub mod plan;
mod printable;
pub mod report;
pub mod template;
pub mod toml_read;
pub mod verdict;

pub use printable::printable;
