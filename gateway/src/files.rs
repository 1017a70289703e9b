//! Generated pictures that an answer links to, for as long as there is room.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

const KEPT_BYTES: usize = 64 * 1024 * 1024;

#[derive(Debug, Default)]
struct Kept {
    files: VecDeque<(String, Bytes)>,
    bytes: usize,
}

/// Files by name; the oldest go first.
#[derive(Debug, Default)]
pub(crate) struct Files(Mutex<Kept>);

impl Files {
    pub(crate) fn keep(&self, name: String, bytes: Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += bytes.len();
        kept.files.push_back((name, bytes));
        while kept.bytes > KEPT_BYTES {
            let Some((_, dropped)) = kept.files.pop_front() else {
                break;
            };
            kept.bytes -= dropped.len();
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<Bytes> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.files
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, bytes)| bytes.clone())
    }
}
