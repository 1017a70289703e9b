//! Tests of the scanner. Whatever looks like a token is put together at run time, so that a scan
//! of these sources stays clean.

mod formats;
mod places;
mod safe;
mod values;
mod views;

use super::{Leak, Pattern, Scanner};
use crate::input::Secret;

fn scanner(values: &[&str]) -> Scanner {
    let secrets: Vec<Secret> = values.iter().map(|value| Secret::new(*value)).collect();
    Scanner::new(&secrets).unwrap()
}

fn patterns(leaks: &[Leak]) -> Vec<Pattern> {
    leaks.iter().map(|leak| leak.pattern).collect()
}

/// A token of a prefix and some characters that look random.
fn token(prefix: &str, length: usize) -> String {
    let body = "a9Zb8Yc7Xd6We5Vf4Ug3Th2Si1Rj0QkPlOmNnMoLpKqJrIsHtGuFvEwDxCyBzA";
    prefix.to_owned() + &body.repeat(length / body.len() + 1)[..length]
}

/// The same in capitals and digits only.
fn capitals(prefix: &str, length: usize) -> String {
    prefix.to_owned() + &token("", length).to_uppercase()
}
