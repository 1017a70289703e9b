//! `canary run --partition` and `canary merge`: a run in shares comes to what a run in one comes to.

use canary_core::report::v1::{Partition, RowStatus};

use crate::support::{Place, Served};

fn run(place: &Place, index: u64, of: u64) {
    let (share, report) = (format!("{index}/{of}"), format!("{index}.json"));
    // A share may have no gating row: then the others decide.
    let words = [
        "run",
        "--gate",
        "all",
        "--env-file",
        "env",
        "--readiness",
        "readiness.json",
    ];
    let words: Vec<&str> = words
        .into_iter()
        .chain(["--partition", &share, "--report", &report])
        .collect();
    place.run(&words).expect(0);
}

fn served() -> (Place, Served) {
    let place = Place::new();
    let served = Served::whole();
    place.write_env("env", &served.few_variables());
    place
        .run(&[
            "preflight",
            "--env-file",
            "env",
            "--report",
            "readiness.json",
        ])
        .expect(0);
    (place, served)
}

#[test]
fn shares_have_each_row_once_and_together_are_the_run() {
    let (place, _served) = served();
    run(&place, 1, 2);
    run(&place, 2, 2);
    let words = ["merge", "2.json", "1.json", "--report", "live.json"];
    let ended = place.run(&words).expect(0);
    assert!(
        ended.out.contains("2 shares are one run now"),
        "{}",
        ended.out
    );

    let whole = place.report("live.json");
    let results = &whole.reports[0].results;
    let names: Vec<&String> = results.iter().map(|result| &result.name).collect();
    assert_eq!(names, whole.expected_rows.iter().collect::<Vec<_>>());
    assert!(
        results
            .iter()
            .all(|result| result.status == RowStatus::Passed)
    );
    assert_eq!(whole.reports[0].summary.passed, names.len() as u64);
    let shards = whole.run.unwrap().shards.unwrap();
    for (at, shard) in shards.iter().enumerate() {
        let index = at as u64 + 1;
        assert_eq!(shard.partition, Partition { index, of: 2 });
        let own = place.report(&format!("{index}.json"));
        assert_eq!(shard.run_id, own.run.unwrap().id);
        let share: Vec<&String> = own.reports[0].results.iter().map(|row| &row.name).collect();
        let expected: Vec<&String> = shard.partition.share(&own.expected_rows).collect();
        assert_eq!(share, expected);
        assert!(!share.is_empty());
    }
}

#[test]
fn what_is_not_the_whole_run_is_not_written() {
    let (place, _served) = served();
    run(&place, 1, 2);
    let merge = |shares: &[&str]| {
        let words: Vec<&str> = ["merge", "--report", "live.json"]
            .iter()
            .chain(shares)
            .copied()
            .collect();
        place.run(&words)
    };
    let ended = merge(&["1.json"]).expect(1);
    assert!(ended.err.contains("share 2/2 is missing"), "{}", ended.err);
    let ended = merge(&["1.json", "1.json"]).expect(1);
    assert!(ended.err.contains("both of share 1/2"), "{}", ended.err);
    let ended = merge(&["1.json", "readiness.json"]).expect(1);
    assert!(
        ended.err.contains("readiness.json is not the live report"),
        "{}",
        ended.err
    );
    merge(&["1.json", "none.json"]).expect(2);
    merge(&[]).expect(2);
    assert!(!place.path("live.json").exists());
}

/// Shares that were run after two preflights are of two runs, whatever their numbers say.
#[test]
fn shares_of_two_runs_are_not_put_together() {
    let (place, _served) = served();
    run(&place, 1, 2);
    std::fs::rename(place.path("1.json"), place.path("first.json")).unwrap();
    let again = [
        "preflight",
        "--env-file",
        "env",
        "--report",
        "readiness.json",
    ];
    place.run(&again).expect(0);
    run(&place, 2, 2);
    run(&place, 1, 3);
    let merge = |shares: [&str; 2]| {
        let words = ["merge", shares[0], shares[1], "--report", "live.json"];
        place.run(&words).expect(1).err
    };
    let said = merge(["first.json", "2.json"]);
    assert!(said.contains("2.json differs from first.json in"), "{said}");
    assert!(said.contains("after one preflight"), "{said}");
    let said = merge(["1.json", "2.json"]);
    assert!(said.contains("in the number of shares"), "{said}");
    assert!(!place.path("live.json").exists());
}

#[test]
fn a_share_is_written_k_of_n() {
    let place = Place::new();
    for wrong in ["0/2", "3/2", "2", "a/b", "1/65"] {
        let ended = place.run(&["run", "--partition", wrong]).expect(2);
        assert!(
            ended.err.contains("a share is written k/n"),
            "{}",
            ended.err
        );
    }
}
