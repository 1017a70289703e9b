//! A run in shares is as good as a run in one, and no share can be left out, doubled or changed.

use canary_core::{
    digest::Digest,
    merge::merge,
    partition::{MOST, digest_of_results, fingerprint},
    report::{
        read,
        v1::{Kind, Partition, Report, RowResult, Run, Shard},
        write,
    },
};
use canary_verifier::verdict::Answer;

use crate::support::Good;

const RULE: &str = "shards_are_the_matrix";

fn sharded() -> Good {
    let mut good = Good::new();
    good.shard(2);
    good
}

fn shards(good: &mut Good) -> &mut Vec<Shard> {
    good.run().shards.as_mut().unwrap()
}

#[test]
fn a_run_in_any_number_of_shares_is_promoted() {
    for of in [1, 2, 3, 4, MOST] {
        let mut good = Good::new();
        good.shard(of);
        let verdict = good.verify();
        assert_eq!(
            verdict.answer,
            Answer::Promote,
            "{of}: {:?}",
            verdict.findings
        );
    }
}

#[test]
fn a_share_alone_promotes_nothing() {
    let mut good = Good::new();
    let share = Partition { index: 1, of: 2 };
    good.run().partition = Some(share);
    assert_eq!(good.broken(), [RULE]);
    let mut own = share.share(std::mem::take(&mut good.live.reports[0].results));
    good.live.reports[0].results = own.by_ref().collect();
    good.recount();
    assert!(good.broken().contains(&"rows_are_the_matrixs".to_owned()));
}

#[test]
fn whatever_is_changed_about_the_shares_is_noticed() {
    type Change = fn(&mut Good);
    let table: &[(&str, Change)] = &[
        ("no share", |good| shards(good).clear()),
        ("one share fewer", |good| {
            shards(good).pop();
        }),
        ("one share more", |good| {
            let last = shards(good)[1].clone();
            shards(good).push(last);
        }),
        ("one share twice", |good| {
            let first = shards(good)[0].clone();
            shards(good)[1] = first;
        }),
        ("another order", |good| shards(good).swap(0, 1)),
        ("another number", |good| shards(good)[0].partition.of = 3),
        ("no such share", |good| shards(good)[0].partition.index = 0),
        ("the results of another", |good| {
            let results = shards(good)[1].results_sha256;
            shards(good)[0].results_sha256 = results;
        }),
        ("a run twice", |good| {
            let id = shards(good)[1].run_id.clone();
            shards(good)[0].run_id = id;
        }),
        ("the run itself", |good| {
            let id = good.run().id.clone();
            shards(good)[0].run_id = id;
        }),
        ("no id", |good| shards(good)[0].run_id = "1".to_owned()),
        ("a report twice", |good| {
            let report = shards(good)[1].report_sha256;
            shards(good)[0].report_sha256 = report;
        }),
        ("another begin", |good| {
            shards(good)[0].started_at -= chrono::Duration::seconds(1);
        }),
        ("another end", |good| {
            shards(good)[0].finished_at += chrono::Duration::seconds(1);
        }),
        ("an end before the begin", |good| {
            let begin = shards(good)[1].started_at;
            shards(good)[1].finished_at = begin - chrono::Duration::seconds(1);
        }),
        ("a gateway that changed", |good| {
            shards(good)[0].gateway_at_end = Some(Digest::of("deployed"));
        }),
        (
            "a gateway that changed, told of the whole run too",
            |good| {
                shards(good)[0].gateway_at_end = Some(Digest::of("deployed"));
                let ends: Vec<_> = shards(good)
                    .iter()
                    .map(|shard| shard.gateway_at_end)
                    .collect();
                good.run().gateway_at_start = fingerprint(&ends);
                good.run().gateway_at_end = fingerprint(&ends);
            },
        ),
        ("no fingerprint", |good| {
            shards(good)[0].gateway_at_start = None;
            shards(good)[0].gateway_at_end = None;
        }),
        ("another fingerprint", |good| {
            good.run().gateway_at_start = Some(Digest::of("x"));
            good.run().gateway_at_end = Some(Digest::of("x"));
        }),
    ];
    for (what, change) in table {
        let mut good = sharded();
        change(&mut good);
        assert!(
            good.broken().contains(&RULE.to_owned()),
            "{what}: {:?}",
            good.broken()
        );
    }
}

#[test]
fn a_result_that_no_share_had_is_noticed() {
    for row in 0..sharded().canon.rows.len() {
        let mut good = sharded();
        good.live.reports[0].results[row].duration_ms += 1;
        assert!(good.broken().contains(&RULE.to_owned()), "{row}");
    }
}

/// The reports of two shares, as files.
fn files(change: impl Fn(u64, &mut Report)) -> Vec<(String, Vec<u8>)> {
    let good = Good::new();
    let names: Vec<String> = good.canon.rows.iter().map(|row| row.name.clone()).collect();
    let file = |index| {
        let share = Partition { index, of: 2 };
        let own: Vec<&String> = share.share(&names).collect();
        let mut live = good.live.clone();
        live.reports[0]
            .results
            .retain(|result: &RowResult| own.contains(&&result.name));
        let run: &mut Run = live.run.as_mut().unwrap();
        run.partition = Some(share);
        run.id = uuid::Uuid::from_u128(u128::from(index)).to_string();
        change(index, &mut live);
        (format!("{index}.json"), write::canonical(&live).unwrap())
    };
    [1, 2].map(file).to_vec()
}

fn problems(files: &[(String, Vec<u8>)]) -> Vec<String> {
    match merge(files, "id".to_owned()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn shares_that_do_not_fit_are_not_put_together_and_every_reason_is_told() {
    let good = files(|_, _| {});
    assert_eq!(problems(&good), [""; 0]);
    let mut list = vec![problems(&[])];
    list.push(problems(&good[..1]));
    list.push(problems(&[
        good[0].clone(),
        good[0].clone(),
        good[1].clone(),
    ]));
    let garbage = ("garbage.json".to_owned(), b"{}".to_vec());
    list.push(problems(&[good[0].clone(), garbage]));
    list.push(problems(&files(|index, report| {
        if index == 2 {
            report.run.as_mut().unwrap().partition = None;
        }
    })));
    list.push(problems(&files(|index, report| {
        if index == 2 {
            report.strict = false;
            report.candidate.source_digest_sha256 = Digest::of("other");
            report.matrix.digest_sha256 = Digest::of("other");
            report.run.as_mut().unwrap().readiness_digest_sha256 = None;
            report.run.as_mut().unwrap().challenge_sha256 = None;
            "other".clone_into(&mut report.reports[0].base_url);
            report.reports[0].env.clear();
        }
    })));
    list.push(problems(&files(|index, report| {
        if index == 2 {
            report.reports[0].results.clear();
        }
    })));
    list.push(problems(&files(|index, report| {
        if index == 2 {
            report.run.as_mut().unwrap().partition = Some(Partition { index: 3, of: 3 });
        }
    })));
    let told: Vec<String> = list.iter().map(|told| told.join("\n")).collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn what_is_put_together_does_not_depend_on_the_order_of_the_files() {
    let mut made = files(|_, _| {});
    let one = merge(&made, "id".to_owned()).unwrap();
    made.reverse();
    let other = merge(&made, "id".to_owned()).unwrap();
    assert_eq!(one, other);
    let shards = one.run.unwrap().shards.unwrap();
    let report = read::read(&made[0].1).unwrap();
    let last = &shards[1];
    assert_eq!(last.report_sha256, Digest::of(&made[0].1));
    assert_eq!(
        Some(last.results_sha256),
        digest_of_results(&report.reports[0].results)
    );
}

#[test]
fn what_is_no_share_of_a_live_run_is_not_put_together() {
    let spoiled: [fn(&mut Report); 3] = [
        |report| report.kind = Kind::Readiness,
        |report| report.run.as_mut().unwrap().partition = Some(Partition { index: 3, of: 2 }),
        |report| report.run.as_mut().unwrap().shards = Some(Vec::new()),
    ];
    for (at, spoil) in spoiled.into_iter().enumerate() {
        let told = problems(&files(|index, report| {
            if index == 2 {
                spoil(report);
            }
        }));
        let wanted = "2.json is not the live report of one share";
        assert!(
            told.iter().any(|line| line.contains(wanted)),
            "{at}: {told:?}"
        );
    }
}

#[test]
fn what_is_put_together_is_as_new_as_its_newest_share() {
    let latest = |newer: u64| {
        let made = files(|index, report| {
            if index == newer {
                report.generated_at += chrono::Duration::seconds(5);
            }
        });
        merge(&made, "id".to_owned()).unwrap().generated_at
    };
    assert_eq!(latest(1), latest(2));
    assert_eq!(latest(2), latest(0) + chrono::Duration::seconds(5));
}

/// A report with as many lanes as it can hold is refused for their number; of the others no rule tells.
#[test]
fn lanes_that_are_too_many_are_not_compared() {
    let mut good = sharded();
    let mut lane = good.live.reports[0].clone();
    lane.results.clear();
    good.live.reports.extend(std::iter::repeat_n(lane, 1_000));
    let findings = good.verify().findings;
    let of = |rule: &str| findings.iter().filter(|one| one.rule == rule).count();
    assert!(of("lanes_are_the_expected") > 100);
    // Five rows that the second lane does not have, and two shares without results.
    assert_eq!(of("rows_are_the_matrixs"), 5);
    assert_eq!(of("shards_are_the_matrix"), 4);
}
