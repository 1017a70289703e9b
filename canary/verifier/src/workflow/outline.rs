//! A workflow as a runner would go through it, for whoever runs it elsewhere: tests, emulators, readers of
//! its commands. What is not understood stays out; [`super::inspect`] refuses it.

use super::{log::Log, model, yaml};

/// Names and values, in their order.
pub type Pairs = Vec<(String, String)>;

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its name in the workflow.
    pub id: String,
    /// The jobs that it waits for.
    pub needs: Vec<String>,
    /// Its condition, without the `${{ }}` around it.
    pub condition: Option<String>,
    /// What it hands on.
    pub outputs: Pairs,
    /// What it does.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How later steps name it.
    pub id: Option<String>,
    /// Its condition, without the `${{ }}` around it.
    pub condition: Option<String>,
    /// The variables that it is given.
    pub env: Pairs,
    /// What it does.
    pub work: Work,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// The lines of a script.
    Run(String),
    /// An action by its repository, and what it is told.
    Uses(String, Pairs),
}

/// The jobs of a workflow, in their order.
pub fn jobs(text: &str) -> Vec<Job> {
    let mut log = Log::new("");
    let root = yaml::read(text, &mut log);
    let workflow = root.map(|root| model::read(&root, &mut log));
    let jobs = workflow.into_iter().flat_map(|workflow| workflow.jobs);
    jobs.map(|job| Job {
        id: job.id.text,
        needs: job.needs.into_iter().map(|need| need.text).collect(),
        condition: job.condition.map(|at| at.text),
        outputs: pairs(job.outputs),
        steps: job.steps.into_iter().filter_map(step).collect(),
    })
    .collect()
}

fn step(step: model::Step) -> Option<Step> {
    let work = match step.work {
        model::Work::Run(run) => Work::Run(run.text),
        model::Work::Uses(action, with) => {
            let name = action.text.split('@').next().unwrap_or_default();
            Work::Uses(name.to_owned(), pairs(with))
        }
        model::Work::Unclear => return None,
    };
    Some(Step {
        id: step.id.map(|at| at.text),
        condition: step.condition.map(|at| at.text),
        env: pairs(step.env),
        work,
    })
}

fn pairs(pairs: Vec<model::Pair>) -> Pairs {
    let texts = pairs.into_iter().map(|(key, value)| (key.text, value.text));
    texts.collect()
}
