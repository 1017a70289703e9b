//! What a rule found wrong: one kind of sentence for every rule.

use std::fmt;

use canary_core::{leak::Scanner, printable};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a finding is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The readiness report.
    Readiness,
    /// The live report.
    Live,
    /// The staged artifacts.
    Artifacts,
    /// The SDK's working tree.
    Tree,
    /// The challenge.
    Challenge,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Readiness => "readiness",
            Self::Live => "live",
            Self::Artifacts => "artifacts",
            Self::Tree => "tree",
            Self::Challenge => "challenge",
        })
    }
}

/// One thing that keeps a release from being promoted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Finding {
    /// Name of the rule.
    pub rule: String,
    /// What it is about.
    pub subject: Subject,
    /// Where in it: a path of keys and indices, or a file name.
    pub at: String,
    /// What was found.
    pub found: String,
    /// What would have been right.
    pub expected: String,
    /// What to do about it.
    pub next: String,
}

/// The findings with every text left out that the scanner would not let be written: a finding
/// quotes a report, and a report may hold anything.
pub(crate) fn without_leaks(mut findings: Vec<Finding>, scanner: &Scanner) -> Vec<Finding> {
    let texts =
        |finding: &Finding| [&finding.at, &finding.found, &finding.expected].map(Clone::clone);
    let all: Vec<String> = findings.iter().flat_map(texts).collect();
    // Nearly always there is nothing, and one look is enough to see that.
    if scanner.scan(&all.join("\n")).is_empty() {
        return findings;
    }
    for finding in &mut findings {
        for text in [&mut finding.at, &mut finding.found, &mut finding.expected] {
            *text = quoted(text, scanner);
        }
    }
    findings
}

/// A text out of a report or a folder, short and fit for a terminal, or what kind of leak it is.
pub(crate) fn quoted(text: &str, scanner: &Scanner) -> String {
    let text = shown(text);
    match scanner.scan(&text).first() {
        Some(leak) => format!("(not shown: {})", leak.pattern),
        None => text,
    }
}

/// Collects the findings of one rule.
#[derive(Debug)]
pub struct Findings {
    rule: &'static str,
    next: &'static str,
    list: Vec<Finding>,
    /// How many there were beyond those that are listed.
    more: u64,
}

/// More findings of one rule than this are counted, not listed: a hostile report has millions. Three
/// for each row of a matrix far larger than ours are listed.
const LISTED: usize = 2000;

impl Findings {
    /// An empty list for a rule and its advice.
    pub(crate) fn new(rule: &'static str, next: &'static str) -> Self {
        Self {
            rule,
            next,
            list: Vec::new(),
            more: 0,
        }
    }

    /// Adds a finding.
    pub(crate) fn add(
        &mut self,
        subject: Subject,
        at: impl Into<String>,
        found: impl fmt::Display,
        expected: impl fmt::Display,
    ) {
        if self.list.len() == LISTED {
            self.more += 1;
            return;
        }
        let finding = self.finding(subject, &at.into(), &found, &expected);
        if !self.list.contains(&finding) {
            self.list.push(finding);
        }
    }

    fn finding(
        &self,
        subject: Subject,
        at: &str,
        found: &impl fmt::Display,
        expected: &impl fmt::Display,
    ) -> Finding {
        Finding {
            rule: self.rule.to_owned(),
            subject,
            at: shown(at),
            found: shown(&found.to_string()),
            expected: shown(&expected.to_string()),
            next: self.next.to_owned(),
        }
    }

    /// Adds a finding unless two values are equal.
    pub(crate) fn equal<T: PartialEq + fmt::Display>(
        &mut self,
        subject: Subject,
        at: impl Into<String>,
        found: T,
        expected: T,
    ) {
        if found != expected {
            self.add(subject, at, found, expected);
        }
    }

    /// Adds what distinguishes a list of names from the one that should be there: names that are
    /// missing, that nobody asked for, that stand there twice, or that stand in another place.
    pub(crate) fn same_names<F: AsRef<str>, E: AsRef<str>>(
        &mut self,
        subject: Subject,
        at: &str,
        found: &[F],
        expected: &[E],
    ) {
        let found: Vec<&str> = found.iter().map(AsRef::as_ref).collect();
        let expected: Vec<&str> = expected.iter().map(AsRef::as_ref).collect();
        if found == expected {
            return;
        }
        let mut told = false;
        let known: std::collections::BTreeSet<&str> = expected.iter().copied().collect();
        let mut seen = std::collections::BTreeSet::new();
        for (index, name) in found.iter().enumerate() {
            let wrong = if !known.contains(name) {
                "no such name"
            } else if !seen.insert(*name) {
                "this name once"
            } else {
                continue;
            };
            told = true;
            self.add(
                subject,
                format!("{at}[{index}]"),
                format!("`{name}`"),
                wrong,
            );
        }
        for name in expected.iter().filter(|name| !seen.contains(*name)) {
            told = true;
            self.add(subject, at, "nothing", format!("`{name}`"));
        }
        let moved = found.iter().zip(&expected).position(|(f, e)| f != e);
        if let (false, Some(index)) = (told, moved) {
            self.add(
                subject,
                format!("{at}[{index}]"),
                format!("`{}`", found[index]),
                format!("`{}`, as the order is", expected[index]),
            );
        }
    }

    /// What was collected, and in the end how much is not listed.
    pub(crate) fn into_list(mut self) -> Vec<Finding> {
        if let (1.., Some(last)) = (self.more, self.list.last()) {
            let found = format!("{} more that break this rule", self.more);
            let rest = self.finding(last.subject, "$", &found, &"none");
            self.list.push(rest);
        }
        self.list
    }
}

/// A text that may be printed: short, and without a character that a terminal obeys.
pub(crate) fn shown(text: &str) -> String {
    printable(text, 300)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(found: &[&str], expected: &[&str]) -> Vec<(String, String, String)> {
        let mut findings = Findings::new("r", "n");
        findings.same_names(Subject::Live, "$.rows", found, expected);
        let list = findings.into_list().into_iter();
        list.map(|f| (f.at, f.found, f.expected)).collect()
    }

    #[test]
    fn every_difference_between_two_lists_is_told_once() {
        let row = |at: &str, found: &str, expected: &str| {
            (at.to_owned(), found.to_owned(), expected.to_owned())
        };
        let good = ["a", "b", "c"];
        assert_eq!(names(&good, &good), []);
        assert_eq!(names(&["a", "c"], &good), [row("$.rows", "nothing", "`b`")]);
        assert_eq!(
            names(&["a", "b", "b", "c"], &good),
            [row("$.rows[2]", "`b`", "this name once")]
        );
        assert_eq!(
            names(&["b", "a", "c"], &good),
            [row("$.rows[0]", "`b`", "`a`, as the order is")]
        );
        assert_eq!(
            names(&["a", "x", "c"], &good),
            [
                row("$.rows[1]", "`x`", "no such name"),
                row("$.rows", "nothing", "`b`")
            ]
        );
        assert_eq!(names(&[], &["a"]), [row("$.rows", "nothing", "`a`")]);
    }

    #[test]
    fn a_flood_of_findings_is_cut_and_what_is_shown_is_printable() {
        let add = |findings: &mut Findings, index: usize| {
            findings.add(
                Subject::Live,
                format!("$[{index}]"),
                "a\u{1b}[31m",
                "x".repeat(999),
            );
        };
        let told = |count: usize| {
            let mut findings = Findings::new("r", "n");
            (0..count).for_each(|index| add(&mut findings, index));
            findings.into_list()
        };
        assert_eq!(told(LISTED).len(), LISTED);
        let list = told(LISTED + 3);
        assert_eq!(list.len(), LISTED + 1);
        let rest = &list[LISTED];
        assert_eq!(rest.found, "3 more that break this rule");
        assert_eq!((rest.subject, rest.at.as_str()), (Subject::Live, "$"));
        assert_eq!(list[0].found, "a?[31m");
        assert!(list[0].expected.len() < 400);
    }
}
