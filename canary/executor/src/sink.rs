//! Where run events and results are shown, and what files are made of them.
//!
//! A file is made of a [`told::Told`], which is made of the live report: what a report cannot hold,
//! no file can. All of them are scanned for leaks before the first is written.

pub mod annotations;
pub mod files;
pub mod html;
pub mod junit;
pub mod markdown;
pub mod terminal;
pub mod told;

#[cfg(test)]
mod tests;
