//! The verdict for a person at a terminal.
