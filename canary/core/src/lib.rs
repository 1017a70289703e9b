//! Rows, plan, observation, judge and reports of the RunInfra canaries.
//!
//! Everything here is a pure function over values: no network, no clock, no environment, no
//! printing. What the world has to say is handed in; what it should be told is handed back.

pub mod diagnose;
pub mod input;
pub mod toml_read;
