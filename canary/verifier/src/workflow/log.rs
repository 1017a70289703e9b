//! Problems of one workflow, each under the rule that it breaks.

use super::rule::Rule;
use crate::finding::{Finding, Subject, shown};

/// Collects the findings about one file.
#[derive(Debug)]
pub(super) struct Log<'f> {
    file: &'f str,
    list: Vec<(usize, Finding)>,
}

impl<'f> Log<'f> {
    pub(super) fn new(file: &'f str) -> Self {
        Self {
            file,
            list: Vec::new(),
        }
    }

    /// Adds what was found on a line.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        line: usize,
        found: impl AsRef<str>,
        expected: impl AsRef<str>,
    ) {
        let finding = Finding {
            rule: rule.name.to_owned(),
            subject: Subject::Tree,
            at: format!("{}:{line}", self.file),
            found: shown(found.as_ref()),
            expected: shown(expected.as_ref()),
            next: rule.next.to_owned(),
        };
        if !self.list.iter().any(|(_, known)| *known == finding) {
            self.list.push((line, finding));
        }
    }

    /// What was collected, with its lines.
    pub(super) fn into_list(self) -> Vec<(usize, Finding)> {
        self.list
    }
}
