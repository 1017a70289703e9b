//! Whether the workflows can be talked round: they are parsed into a model, and the model is held
//! against what a release has to be. Whatever the model does not understand is refused.
//!
//! ```text
//! *.yml ──yaml──▶ Node ──model──▶ Workflow ──general: every workflow──▶ Findings
//!                                     ├──────release: publish.yml, against the plan──▶ Findings
//!                                     └──────changes: ci.yml and nightly.yml, at least the plan──▶ Findings
//! all of them together──together──▶ Findings
//! scripts, CODEOWNERS, cargo's settings ─────around──▶ Findings
//! ```

mod around;
mod changes;
mod compare;
mod expressions;
mod general;
mod log;
mod meaning;
mod model;
mod outline;
mod plan;
mod release;
mod rule;
mod script;
mod shares;
mod together;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

pub use outline::{Job, Pairs, Step, Work, jobs};
pub use rule::{ALL as RULES, Rule};

use crate::finding::Finding;
use canary_core::diagnose::SourceFile;
use log::Log;

/// The workflows of a repository, and what they rest on.
#[derive(Debug, Clone, Default)]
pub struct Workflows {
    /// Every file of `.github/workflows`, by its path in the repository.
    pub files: Vec<SourceFile>,
    /// Every file of `scripts` and `.ci`, by its path in the repository.
    pub scripts: BTreeMap<String, String>,
    /// `.github/CODEOWNERS`, and the files that set cargo and the compiler up, by their paths in the
    /// repository; see [`SETTINGS`].
    pub settings: BTreeMap<String, String>,
}

/// The files that belong into [`Workflows::settings`], as far as they are there.
pub const SETTINGS: [&str; 5] = [
    plan::owners::OWNERS,
    plan::owners::SETTINGS[0],
    plan::owners::SETTINGS[1],
    plan::owners::TOOLCHAINS[0],
    plan::owners::TOOLCHAINS[1],
];

/// Everything that is wrong, in the order of rules, files and lines.
pub fn inspect(workflows: &Workflows) -> Vec<Finding> {
    let mut all = Vec::new();
    let mut together = together::Together::default();
    let mut locked = BTreeSet::new();
    for file in &workflows.files {
        let mut log = Log::new(&file.name);
        let is_release = file.name == plan::FILE;
        if let Some(root) = yaml::read(&file.text, &mut log) {
            let workflow = model::read(&root, &mut log);
            general::check(&file.name, &root, &workflow, &workflows.scripts, &mut log);
            together.see(&file.name, &workflow);
            if is_release {
                release::check(&workflow, &mut log);
            } else {
                release::keep_out(&workflow, &mut log);
                changes::check(&file.name, &workflow, &mut log);
            }
            locked.extend(around::locked(&file.name, &workflow, &workflows.scripts));
        }
        all.extend(log.into_list());
    }
    for (rule, wanted) in [
        (&rule::JOBS, plan::FILE),
        (&rule::CHANGES, plan::changes::CI),
        (&rule::NIGHTLY, plan::changes::NIGHTLY),
    ] {
        if !workflows.files.iter().any(|file| file.name == wanted) {
            let mut log = Log::new(".github/workflows");
            log.add(rule, 1, "no such workflow", wanted);
            all.extend(log.into_list());
        }
    }
    all.extend(together.check());
    all.extend(around::check(workflows, &locked));
    let rank = |finding: &Finding| RULES.iter().position(|rule| rule.name == finding.rule);
    all.sort_by_cached_key(|(line, finding)| {
        let file = finding.at.rsplit_once(':').map(|(file, _)| file.to_owned());
        (rank(finding), file, *line)
    });
    all.into_iter().map(|(_, finding)| finding).collect()
}

/// The digests of the scripts that a release and CI call, as they stand: what
/// `canary/verifier/src/workflow/scripts.sha256` has to hold once they were reviewed.
pub fn digests(workflows: &Workflows) -> String {
    let mut locked = BTreeSet::new();
    for file in &workflows.files {
        let mut log = Log::new(&file.name);
        if let Some(root) = yaml::read(&file.text, &mut log) {
            let workflow = model::read(&root, &mut log);
            locked.extend(around::locked(&file.name, &workflow, &workflows.scripts));
        }
    }
    around::digests(&locked, &workflows.scripts)
}

/// Every script of a workflow with the job that runs it, as the runner would be given them.
pub fn scripts(text: &str) -> Vec<(String, String)> {
    let jobs = jobs(text).into_iter();
    jobs.flat_map(|job| {
        let id = job.id;
        job.steps
            .into_iter()
            .filter_map(move |step| match step.work {
                Work::Run(run) => Some((id.clone(), run)),
                Work::Uses(..) => None,
            })
    })
    .collect()
}

/// The page that documents every rule, in Markdown.
pub fn page() -> String {
    let line = |rule: &Rule| format!("| `{}` | {} | {} |\n", rule.name, rule.demands, rule.next);
    let lines: String = RULES.iter().map(line).collect();
    format!("{PREFACE}{lines}")
}

const PREFACE: &str = "\
<!-- Made from canary/verifier/src/workflow/rule.rs; UPDATE_DOCUMENTS=1 cargo test -p canary-verifier --test documents -->
# What the workflows have to keep

`canary-verify workflow` reads `.github/workflows` and the scripts that they call. What it does not understand it refuses;
what the release may be stands in `canary/verifier/src/workflow/plan.rs`.

| rule | it demands | when it does not hold |
|---|---|---|
";

#[cfg(test)]
mod tests;
