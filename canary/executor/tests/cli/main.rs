//! The `canary` command as a person or a script meets it: the real binary, real files, real sockets.

mod broken_matrix;
mod documents;
mod exit_codes;
mod interrupt;
mod matrix_tools;
mod preflight;
mod reports;
mod runs;
mod secrets;
mod serve;
mod support;
