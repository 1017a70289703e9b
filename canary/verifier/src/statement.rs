//! The verdict as an in-toto statement.
