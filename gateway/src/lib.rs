//! An embedded, breakable RunInfra gateway on loopback.
