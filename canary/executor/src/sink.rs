//! Where run events and results are shown.

pub mod terminal;
