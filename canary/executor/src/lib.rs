//! Runs the canary rows against a gateway through the SDK, and writes the reports.
//!
//! ```text
//! cli ─▶ load (matrix, inputs) ─▶ plan ─▶ run ─▶ probe (SDK over sockets) ─▶ Observation
//!                                          │                                    │
//!                                          └── RunEvent ◀── assess (core) ◀─────┘
//!                                                  └─▶ sink: terminal · report
//! ```
//!
//! Only `main` and `cli` print, read the environment or end the process.

pub mod artifact;
pub mod budget;
pub mod children;
pub mod clean;
pub mod cli;
pub mod docs;
pub mod load;
pub mod media;
pub mod pace;
pub mod place;
pub mod probe;
pub mod pulse;
pub mod record;
pub mod rehearsal;
pub mod report;
pub mod row_schema;
pub mod run;
pub mod scope;
pub mod script;
pub mod security;
pub mod selftest;
pub mod sink;
pub mod surface;
pub mod world;
