//! A run of one share of the rows is no run; where shares were put together, they are all shares of
//! the matrix, each once, and each has the results that its run had.

use std::collections::BTreeSet;

use canary_core::{
    partition::{MOST, digest_of_results, fingerprint},
    report::v1::{Partition, RowResult, Run, Shard},
};

use super::{Applies, Check, Rule, is_drawn};
use crate::{
    Context,
    case::Document,
    finding::{Findings, Subject},
};

pub(super) const RULE: Rule = Rule {
    name: "shards_are_the_matrix",
    demands: "The run had all rows; where it was put together from shares, they are all shares of the matrix, each once, with their own runs, times, keys and results.",
    because: "A share that is missing, or that stands in for another, hides the rows that fail.",
    next: "run every share again and put them together with `canary merge`",
    scope: Applies::Always,
    check: Check::Live(check),
    #[cfg(test)]
    sample: super::Sample {
        spoil: |good| {
            good.shard(2);
            if let Some(shards) = &mut good.run().shards {
                shards.swap(0, 1);
            }
        },
        also: &[],
    },
};

const AT: &str = "$.run.shards";

fn check(live: &Document, context: &Context, out: &mut Findings) {
    let Some(run) = &live.report.run else { return };
    if let Some(share) = run.partition {
        let found = format!("share {share}");
        out.add(
            Subject::Live,
            "$.run.partition",
            found,
            "the run of all rows",
        );
    }
    let Some(shards) = &run.shards else { return };
    if shards.is_empty() {
        out.add(Subject::Live, AT, "no share", "every share");
    }
    // Such a share has no rows, so nothing that it says would be held against any.
    if shards.len() as u64 > MOST {
        let found = format!("{} shares", shards.len());
        return out.add(Subject::Live, AT, found, format!("at most {MOST}"));
    }
    let of = shards.len() as u64;
    for (at, shard) in shards.iter().enumerate() {
        let partition = Partition {
            index: at as u64 + 1,
            of,
        };
        let path = format!("{AT}[{at}].partition");
        out.equal(Subject::Live, path, shard.partition, partition);
        one(live, run, shard, &format!("{AT}[{at}]"), context, out);
    }
    together(run, shards, out);
}

/// What one share says agrees with the run and with the results that stand in the report.
fn one(live: &Document, run: &Run, shard: &Shard, at: &str, context: &Context, out: &mut Findings) {
    let names = context.canon.row_names();
    let own: BTreeSet<&str> = shard.partition.share(names.iter().copied()).collect();
    for (_, lane) in live.lanes() {
        let results: Vec<&RowResult> = lane
            .results
            .iter()
            .filter(|result| own.contains(result.name.as_str()))
            .collect();
        if results.is_empty() && !own.is_empty() {
            out.add(Subject::Live, at, "no results", "those of its rows");
        }
        if digest_of_results(results) != Some(shard.results_sha256) {
            let path = format!("{at}.resultsSha256");
            out.add(
                Subject::Live,
                path,
                shard.results_sha256,
                "the digest of its results",
            );
        }
    }
    if shard.finished_at < shard.started_at {
        let path = format!("{at}.finishedAt");
        out.add(
            Subject::Live,
            path,
            shard.finished_at,
            format!("not before {}", shard.started_at),
        );
    }
    if !is_drawn(&shard.run_id) || shard.run_id == run.id {
        let path = format!("{at}.runId");
        let expected = "the UUID of the share's run: version 4, in lower case";
        out.add(Subject::Live, path, "no UUID of its own", expected);
    }
    if shard.gateway_at_start.is_none() || shard.gateway_at_start != shard.gateway_at_end {
        let path = format!("{at}.gatewayAtEnd");
        out.add(
            Subject::Live,
            path,
            "another gateway",
            "the gateway that it began with",
        );
    }
}

/// The run is made of its shares: when they ran, what they saw, and each once.
fn together(run: &Run, shards: &[Shard], out: &mut Findings) {
    let begun = shards.iter().map(|shard| shard.started_at).min();
    if begun.is_some_and(|begun| begun != run.started_at) {
        let expected = "the first share's begin";
        out.add(Subject::Live, "$.run.startedAt", run.started_at, expected);
    }
    let ended = shards.iter().map(|shard| shard.finished_at).max();
    if ended.is_some_and(|ended| ended != run.finished_at) {
        out.add(
            Subject::Live,
            "$.run.finishedAt",
            run.finished_at,
            "the last share's end",
        );
    }
    let ids: BTreeSet<&str> = shards.iter().map(|shard| shard.run_id.as_str()).collect();
    let reports: BTreeSet<_> = shards.iter().map(|shard| shard.report_sha256).collect();
    if ids.len() != shards.len() || reports.len() != shards.len() {
        out.add(Subject::Live, AT, "one run twice", "a run for each share");
    }
    // Every run draws a key of its own, so two runs cannot have one fingerprint of one catalog.
    let keyed: BTreeSet<_> = shards
        .iter()
        .filter_map(|shard| shard.gateway_at_start)
        .collect();
    if keyed.len() != shards.len() {
        let expected = "a fingerprint under a key of its own for each share";
        out.add(Subject::Live, AT, "one fingerprint twice", expected);
    }
    let starts: Vec<_> = shards.iter().map(|shard| shard.gateway_at_start).collect();
    let ends: Vec<_> = shards.iter().map(|shard| shard.gateway_at_end).collect();
    for (at, found, of) in [
        ("$.run.gatewayAtStart", run.gateway_at_start, starts),
        ("$.run.gatewayAtEnd", run.gateway_at_end, ends),
    ] {
        if found != fingerprint(&of) {
            out.add(
                Subject::Live,
                at,
                "another fingerprint",
                "that of the shares",
            );
        }
    }
}
