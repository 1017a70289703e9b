//! What workflows share, though none of them says so: the names under which jobs show, and the groups of
//! which one run waits for another or cuts it short.
//!
//! An expression may come to anything, so a name with one is held against others as a pattern.

use super::{
    log::Log,
    model::Workflow,
    plan::{
        self,
        changes::{CI, NIGHTLY},
    },
    rule,
};
use crate::finding::Finding;

/// A text of which some parts are not known; neither case nor blanks around it tell two apart.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern(Vec<Part>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Is(char),
    Any,
}

/// The longest name that is held against others part by part, in bytes.
const LONGEST: usize = 1000;

impl Pattern {
    fn new(text: &str) -> Self {
        // Nobody reads such a name; it is taken for one that may come to anything.
        if text.len() > LONGEST {
            return Self(vec![Part::Any]);
        }
        let mut parts = Vec::new();
        let mut rest = text.trim();
        while let Some((before, after)) = rest.split_once("${{") {
            parts.extend(exact(before));
            let (inner, after) = after.split_once("}}").unwrap_or((after, ""));
            if inner.trim() == "github.ref" {
                parts.extend(exact("refs/"));
            }
            parts.push(Part::Any);
            rest = after;
        }
        parts.extend(exact(rest));
        Self(parts)
    }

    /// Whether both may come to the same text.
    fn may_be(&self, other: &Self) -> bool {
        meet(&self.0, &other.0)
    }
}

fn exact(text: &str) -> impl Iterator<Item = Part> + '_ {
    text.chars().flat_map(char::to_lowercase).map(Part::Is)
}

/// Whether two patterns have a text in common. Each pair of places is looked at once, however many parts
/// may come to anything.
fn meet(a: &[Part], b: &[Part]) -> bool {
    // Whether what was read of `a` so far meets the first so many parts of `b`.
    let mut row = vec![false; b.len() + 1];
    row[0] = true;
    for (at, part) in b.iter().enumerate() {
        row[at + 1] = row[at] && *part == Part::Any;
    }
    for mine in a {
        let above = row.clone();
        row[0] = above[0] && *mine == Part::Any;
        for (at, part) in b.iter().enumerate() {
            row[at + 1] = match (mine, part) {
                (Part::Any, _) | (_, Part::Any) => above[at] || above[at + 1] || row[at],
                (Part::Is(mine), Part::Is(part)) => above[at] && mine == part,
            };
        }
        // Most names part at their first letter.
        if !row.contains(&true) {
            return false;
        }
    }
    row[b.len()]
}

/// A name, where it stands, and what it may come to.
#[derive(Debug)]
struct Seen {
    file: String,
    line: usize,
    text: String,
    pattern: Pattern,
    /// Of a group: whether a run of it cuts another short.
    cuts: bool,
}

/// What was seen in the workflows so far.
#[derive(Debug, Default)]
pub(super) struct Together {
    names: Vec<Seen>,
    groups: Vec<Seen>,
}

impl Together {
    /// Takes up the names and groups of a workflow.
    pub(super) fn see(&mut self, file: &str, workflow: &Workflow) {
        let seen = |line: usize, text: &str, cuts: bool| Seen {
            file: file.to_owned(),
            line,
            text: text.to_owned(),
            pattern: Pattern::new(text),
            cuts,
        };
        for job in &workflow.jobs {
            // A job without a name shows under its id.
            let named = job.name.as_ref().filter(|at| !at.text.trim().is_empty());
            let name = named.unwrap_or(&job.id);
            self.names.push(seen(name.line, &name.text, false));
        }
        let said = |name: &str| {
            let mut pairs = workflow.concurrency.iter();
            pairs.find(|(key, _)| key.text == name).map(|(_, at)| at)
        };
        if let Some(group) = said("group") {
            let cuts = said("cancel-in-progress").is_some_and(|at| at.text != "false");
            self.groups.push(seen(group.line, &group.text, cuts));
        }
    }

    /// Holds everything that was seen against everything else.
    pub(super) fn check(&self) -> Vec<(usize, Finding)> {
        let mut all = Vec::new();
        for (at, here) in self.names.iter().enumerate() {
            let mut others = self.names[..at].iter();
            if let Some(there) = others.find(|there| there.pattern.may_be(&here.pattern)) {
                let found = format!(
                    "a job that may show as `{}`, called `{}`",
                    there.text, here.text
                );
                let expected = format!("one, at {}:{}", there.file, there.line);
                let mut log = Log::new(&here.file);
                log.add(&rule::CHANGES, here.line, found, expected);
                all.extend(log.into_list());
            }
        }
        for here in &self.groups {
            all.extend(
                self.groups
                    .iter()
                    .filter_map(|there| in_one_group(here, there))
                    .flatten(),
            );
        }
        all
    }
}

/// What is wrong where a run of `here` may be in one group with one of `there`, another workflow: a
/// release shares its group with nobody, and CI and the nights with nobody that cuts them short.
fn in_one_group(here: &Seen, there: &Seen) -> Option<Vec<(usize, Finding)>> {
    let rule = match there.file.as_str() {
        plan::FILE => &rule::CONCURRENCY,
        CI if here.cuts => &rule::CHANGES,
        NIGHTLY if here.cuts => &rule::NIGHTLY,
        _ => return None,
    };
    if here.file == there.file || !here.pattern.may_be(&there.pattern) {
        return None;
    }
    let mut log = Log::new(&here.file);
    let expected = format!("another group than that of {}:{}", there.file, there.line);
    log.add(rule, here.line, &here.text, expected);
    Some(log.into_list())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_expression_comes_to_may_be_a_name() {
        let may_be = |a: &str, b: &str| Pattern::new(a).may_be(&Pattern::new(b));
        for (a, b, expected) in [
            ("checks", "checks", true),
            ("checks", " Checks ", true),
            ("checks", "check", false),
            ("check", "checks", false),
            ("checks", "", false),
            ("", "", true),
            ("checks", "${{ matrix.name }}", true),
            ("", "${{ matrix.name }}", true),
            ("checks", "checks${{ vars.NONE }}", true),
            ("checks", "${{ vars.A }}eck${{ vars.B }}", true),
            ("checks", "${{ vars.A }}eck", false),
            ("checks", "test ${{ matrix.os }}", false),
            ("a ${{ vars.A }}", "${{ vars.B }} b", true),
            ("a ${{ vars.A }}", "b ${{ vars.B }}", false),
            ("${{ vars.A }} a", "${{ vars.B }} b", false),
            ("publish", "${{ github.ref }}", false),
            ("ci-${{ github.ref }}", "ci-refs/heads/main", true),
            ("ci-${{ github.ref }}", "ci-main", false),
            ("publish", "${{ vars.A", true),
        ] {
            assert_eq!(may_be(a, b), expected, "{a:?} {b:?}");
            assert_eq!(may_be(b, a), expected, "{b:?} {a:?}");
        }
    }

    #[test]
    fn a_name_of_many_parts_is_read_to_its_end() {
        let many = Pattern::new(&"${{}}a".repeat(100));
        assert!(many.may_be(&Pattern::new(&"a".repeat(100))));
        assert!(!many.may_be(&Pattern::new(&"a".repeat(99))));
        let endless = Pattern::new(&"a".repeat(LONGEST + 1));
        assert!(endless.may_be(&Pattern::new("checks")));
        assert!(!Pattern::new(&"a".repeat(LONGEST)).may_be(&Pattern::new("checks")));
    }
}
