//! Generated pictures that an answer links to, for as long as there is room.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

const KEPT_BYTES: usize = 64 * 1024 * 1024;

#[derive(Debug, Default)]
struct Shelf {
    files: VecDeque<(String, Bytes)>,
    bytes: usize,
}

/// Files by name; the oldest go first.
#[derive(Debug, Default)]
pub(crate) struct Files(Mutex<Shelf>);

impl Files {
    pub(crate) fn keep(&self, name: String, bytes: Bytes) {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.bytes += bytes.len();
        shelf.files.push_back((name, bytes));
        while shelf.bytes > KEPT_BYTES {
            let Some((_, dropped)) = shelf.files.pop_front() else {
                break;
            };
            shelf.bytes -= dropped.len();
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<Bytes> {
        let shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf
            .files
            .iter()
            .find(|(kept, _)| kept == name)
            .map(|(_, bytes)| bytes.clone())
    }
}
