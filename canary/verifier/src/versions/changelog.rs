//! The changelog, in the manner of Keep a Changelog: `## [1.2.3] - 2026-05-01`, newest first.

use chrono::NaiveDate;

use crate::finding::{Findings, Subject};

const FILE: &str = "CHANGELOG.md";

/// One section, and the line on which it begins.
struct Section<'t> {
    line: usize,
    name: &'t str,
    /// What stands after the name.
    rest: &'t str,
    entries: usize,
}

impl Section<'_> {
    fn is_unreleased(&self) -> bool {
        self.name.eq_ignore_ascii_case("unreleased")
    }

    fn has_date(&self) -> bool {
        let date = self.rest.trim().strip_prefix("- ").unwrap_or_default();
        // The parser would also take a date without its zeros.
        date.len() == 10 && NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok()
    }
}

fn sections(text: &str) -> Vec<Section<'_>> {
    let mut all: Vec<Section<'_>> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(heading) = line.strip_prefix("## ") {
            let heading = heading.trim();
            let (name, rest) = heading.split_once(' ').unwrap_or((heading, ""));
            all.push(Section {
                line: index + 1,
                name: name.trim_matches(['[', ']']).trim_start_matches('v'),
                rest,
                entries: 0,
            });
        } else if let Some(section) = all.last_mut() {
            let line = line.trim_start();
            section.entries += usize::from(line.starts_with("- ") || line.starts_with("* "));
        }
    }
    all
}

/// The newest section that is not called unreleased is about this version, says when, and says
/// something. Where it is being released, nothing is left unreleased.
pub(super) fn check(text: &str, version: &str, is_release: bool, out: &mut Findings) {
    let sections = sections(text);
    let newest = sections.iter().find(|section| !section.is_unreleased());
    let found = newest.map_or("no version", |section| section.name);
    out.equal(Subject::Tree, FILE, found, version);
    if let Some(newest) = newest.filter(|section| section.name == version) {
        let at = format!("{FILE}:{}", newest.line);
        if !newest.has_date() {
            let expected = format!("## [{version}] - YYYY-MM-DD");
            out.add(Subject::Tree, &at, "no date of the release", expected);
        }
        if newest.entries == 0 {
            let expected = "what changed in it";
            out.add(Subject::Tree, &at, "a section without entries", expected);
        }
    }
    let mut same = sections.iter().filter(|section| section.name == version);
    if let Some(second) = same.nth(1) {
        let at = format!("{FILE}:{}", second.line);
        out.add(
            Subject::Tree,
            at,
            format!("{version} again"),
            "each version once",
        );
    }
    let mut left = sections.iter().filter(|section| section.is_unreleased());
    if let Some(left) = left.find(|section| is_release && section.entries > 0) {
        let at = format!("{FILE}:{}", left.line);
        let expected = format!("all of them under {version}, which they are released with");
        out.add(Subject::Tree, at, "unreleased entries", expected);
    }
}
