//! The entries, a file a subject.

mod chat;

use std::sync::LazyLock;

use crate::fault::Fault;

pub(super) fn all() -> &'static [Fault] {
    static ALL: LazyLock<Vec<Fault>> = LazyLock::new(|| {
        let mut all = Vec::new();
        all.extend(chat::faults());
        all.sort_by_key(|fault| fault.name);
        all
    });
    &ALL
}
