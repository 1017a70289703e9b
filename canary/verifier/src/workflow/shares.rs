//! Work that is done in shares is done whole: each share there once, and given to what does it.

use super::{
    log::Log,
    model::{Job, Work},
    rule,
    yaml::At,
};

/// Share `k` of `n`.
type Share = (u32, u32);

/// Where a job is multiplied by `k/n`, or by `k` that a script makes `"$K/n"` of, every `k` is there once:
/// counted from 0 or from 1.
pub(super) fn check(job: &Job, log: &mut Log<'_>) {
    for (name, values) in job.strategy.iter().flat_map(|strategy| &strategy.matrix) {
        let of = of_script(job, &name.text);
        let read: Vec<Option<Share>> = values.iter().map(|at| share(at, of)).collect();
        let Some((_, of)) = read.iter().flatten().next() else {
            continue;
        };
        if variables(job, &name.text).next().is_none() {
            let expected = given(&name.text);
            let found = "a share that nobody is given";
            log.add(&rule::SHARES, name.line, found, expected);
        }
        if !(is_whole(&read, 0, *of) || is_whole(&read, 1, *of)) {
            let found: Vec<&str> = values.iter().map(|at| at.text.as_str()).collect();
            let expected = format!("every share of {of}, once");
            log.add(&rule::SHARES, name.line, found.join(", "), expected);
        }
    }
}

fn share(at: &At, of: Option<u32>) -> Option<Share> {
    match at.text.split_once('/') {
        Some((k, n)) => Some((k.parse().ok()?, n.parse().ok()?)),
        None => Some((at.text.parse().ok()?, of?)),
    }
}

fn is_whole(found: &[Option<Share>], first: u32, of: u32) -> bool {
    if u32::try_from(found.len()) != Ok(of) {
        return false;
    }
    let mut found = found.to_vec();
    found.sort_unstable();
    let wanted = (first..).take(found.len()).map(|k| Some((k, of)));
    found.into_iter().eq(wanted)
}

fn given(name: &str) -> String {
    format!("${{{{ matrix.{name} }}}}")
}

/// The variables that are given a value of the matrix.
fn variables<'j>(job: &'j Job, name: &str) -> impl Iterator<Item = &'j str> {
    let given = given(name);
    let steps = job.steps.iter().flat_map(|step| &step.env);
    let all = steps.chain(&job.env);
    all.filter(move |(_, value)| value.text == given)
        .map(|(key, _)| key.text.as_str())
}

/// The `n` of `"$K/n"` in a script of the job.
fn of_script(job: &Job, name: &str) -> Option<u32> {
    let runs = job.steps.iter().filter_map(|step| match &step.work {
        Work::Run(run) => Some(run.text.as_str()),
        _ => None,
    });
    let runs: Vec<&str> = runs.collect();
    variables(job, name).find_map(|variable| {
        let spellings = [format!("${variable}/"), format!("${{{variable}}}/")];
        let mut after = spellings.iter().flat_map(|spelling| {
            let spelled = runs
                .iter()
                .flat_map(move |run| run.split(spelling.as_str()).skip(1));
            spelled.collect::<Vec<&str>>()
        });
        after.find_map(|after| {
            let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
    })
}
