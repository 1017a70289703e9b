//! Runs the canary rows against a gateway and writes the reports.
