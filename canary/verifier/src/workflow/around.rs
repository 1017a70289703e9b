//! What stands around the workflows and could talk a release round as well: the scripts that they call,
//! settings that put another program in the place of cargo's, and the owners of what decides.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Workflows,
    log::Log,
    model::{Work, Workflow},
    plan::{
        self,
        changes::{CI, NIGHTLY},
        owners::{GUARDED, HARMLESS, OWNERS, SETTINGS, TOOLCHAINS},
    },
    rule,
    script::digest,
};
use crate::finding::Finding;

/// The digests that were reviewed. Remarks are no part of what a shell script does, so they do not count.
const REVIEWED: &str = include_str!("scripts.sha256");

/// Checks everything around the workflows.
pub(super) fn check(workflows: &Workflows, locked: &BTreeSet<String>) -> Vec<(usize, Finding)> {
    let mut all = reviewed(workflows, locked);
    all.extend(tools(&workflows.settings));
    all.extend(owners(workflows.settings.get(OWNERS)));
    all
}

/// The scripts whose digests have to be the reviewed ones: all that the release, CI and the nights come to.
pub(super) fn locked(
    file: &str,
    workflow: &Workflow,
    scripts: &BTreeMap<String, String>,
) -> BTreeSet<String> {
    if ![plan::FILE, CI, NIGHTLY].contains(&file) {
        return BTreeSet::new();
    }
    let steps = workflow.jobs.iter().flat_map(|job| &job.steps);
    let runs = steps.filter_map(|step| match &step.work {
        Work::Run(run) => Some(run.text.as_str()),
        _ => None,
    });
    let mut found: BTreeSet<String> = runs.flat_map(called).collect();
    let mut open: Vec<String> = found.iter().cloned().collect();
    while let Some(name) = open.pop() {
        for next in scripts.get(&name).into_iter().flat_map(|text| called(text)) {
            // One that is put together from parts, as `scripts/folder/$name`, may be any of the folder.
            let folder = next.ends_with('/');
            let meant = |name: &&String| **name == next || (folder && name.starts_with(&next));
            // A script may name one that is not there in a remark; the workflow may not.
            for name in scripts.keys().filter(meant) {
                if found.insert(name.clone()) {
                    open.push(name.clone());
                }
            }
        }
    }
    found
}

/// The scripts that a text calls.
pub(super) fn called(text: &str) -> impl Iterator<Item = String> + '_ {
    text.lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| line.split(|c: char| c.is_whitespace() || "\"'`$()<>;&|{}=".contains(c)))
        .map(|word| word.strip_prefix("./").unwrap_or(word))
        .filter(|word| word.starts_with("scripts/") || word.starts_with(".ci/"))
        .map(str::to_owned)
}

/// A line for each of the scripts: its digest and its name.
pub(super) fn digests(names: &BTreeSet<String>, scripts: &BTreeMap<String, String>) -> String {
    let there = names
        .iter()
        .filter_map(|name| Some((name, scripts.get(name)?)));
    there.fold(String::new(), |lines, (name, text)| {
        lines + &digest(text).to_string() + "  " + name + "\n"
    })
}

fn reviewed(workflows: &Workflows, locked: &BTreeSet<String>) -> Vec<(usize, Finding)> {
    let reviewed: BTreeMap<&str, &str> = REVIEWED
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(digest, name)| (name, digest))
        .collect();
    let mut all = Vec::new();
    for name in locked {
        // One that is missing is told where it is called.
        let Some(text) = workflows.scripts.get(name) else {
            continue;
        };
        let (found, wanted) = (digest(text).to_string(), reviewed.get(name.as_str()));
        if wanted != Some(&found.as_str()) {
            let mut log = Log::new(name);
            let wanted = wanted.unwrap_or(&"a script that was reviewed");
            log.add(&rule::SCRIPTS, 1, found, wanted);
            all.extend(log.into_list());
        }
    }
    all
}

fn tools(settings: &BTreeMap<String, String>) -> Vec<(usize, Finding)> {
    let mut all = Vec::new();
    for (name, text) in settings {
        let mut log = Log::new(name);
        if TOOLCHAINS.contains(&name.as_str()) {
            let expected = "the compiler of the machine";
            log.add(
                &rule::TOOLS,
                1,
                "a file that chooses the compiler",
                expected,
            );
        } else if SETTINGS.contains(&name.as_str()) {
            let expected = format!("nothing but {}", HARMLESS.join(", "));
            match text.parse::<toml::Table>() {
                Ok(table) => {
                    for key in table.keys().filter(|key| !HARMLESS.contains(&key.as_str())) {
                        log.add(&rule::TOOLS, 1, format!("`{key}`"), &expected);
                    }
                }
                Err(_) => log.add(&rule::TOOLS, 1, "settings that are no TOML", expected),
            }
        }
        all.extend(log.into_list());
    }
    all
}

/// One line of the file of owners.
struct Owned<'t> {
    line: usize,
    pattern: &'t str,
    owners: usize,
}

impl Owned<'_> {
    /// Whether a path falls under it, a folder with all that is in it: `*`, `/folder/` or `/file`.
    fn covers(&self, path: &str) -> bool {
        match self.pattern.strip_prefix('/') {
            Some(folder) if folder.ends_with('/') => path.starts_with(folder),
            Some(file) => path == file,
            None => self.pattern == "*",
        }
    }

    /// Whether it leaves a path to nobody, or a part of it where that is a folder. `/name` may be a folder
    /// as well: it owns nothing that lies in one, but takes it away.
    fn abandons(&self, path: &str) -> bool {
        let rest = self.pattern.strip_prefix('/');
        let part = |rest: &str| path.ends_with('/') && rest.starts_with(path);
        let whole = |rest: &str| {
            let ends = |within: &str| within.is_empty() || within.starts_with('/');
            path.strip_prefix(rest)
                .is_some_and(|within| rest.ends_with('/') || ends(within))
        };
        self.owners == 0 && rest.is_some_and(|rest| part(rest) || whole(rest))
    }

    fn is_understood(&self) -> bool {
        let rest = self.pattern.strip_prefix('/');
        let plain = |text: &str| !text.is_empty() && !text.contains(['*', '?', '[', '\\', '!']);
        self.pattern == "*" || rest.is_some_and(plain)
    }
}

fn owners(text: Option<&String>) -> Vec<(usize, Finding)> {
    let mut log = Log::new(OWNERS);
    let text = text.map_or("", String::as_str);
    let mut all = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut words = line
            .split('#')
            .next()
            .unwrap_or_default()
            .split_whitespace();
        let Some(pattern) = words.next() else {
            continue;
        };
        let owned = Owned {
            line: index + 1,
            pattern,
            owners: words.filter(|word| is_somebody(word)).count(),
        };
        if !owned.is_understood() {
            log.add(
                &rule::OWNERS,
                owned.line,
                pattern,
                "`*`, `/folder/` or `/file`",
            );
        }
        all.push(owned);
    }
    for path in GUARDED {
        let expected = format!("owners of its own for {path}");
        let found = all.iter().rev().find(|owned| owned.covers(path));
        let line = found.map_or(1, |owned| owned.line);
        if found.is_none_or(|owned| owned.pattern == "*") {
            let said = found.map_or("nobody", |owned| owned.pattern);
            log.add(&rule::OWNERS, line, said, &expected);
        }
        let last = all.iter().filter(|owned| owned.line >= line);
        for owned in last.filter(|owned| owned.abandons(path)) {
            log.add(&rule::OWNERS, owned.line, owned.pattern, &expected);
        }
    }
    log.into_list()
}

/// `@user`, `@organisation/team` or an address.
fn is_somebody(word: &str) -> bool {
    word.split_once('@').is_some_and(|(_, of)| !of.is_empty())
}

/// Whether a path falls under a pattern; [`None`] where the pattern is none that is understood.
#[cfg(test)]
pub(super) fn covers(pattern: &str, path: &str) -> Option<bool> {
    let owned = Owned {
        line: 1,
        pattern,
        owners: 1,
    };
    owned.is_understood().then(|| owned.covers(path))
}
