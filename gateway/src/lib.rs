//! An embedded, breakable RunInfra gateway on loopback.

pub mod model;
