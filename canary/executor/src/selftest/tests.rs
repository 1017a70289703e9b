use std::collections::BTreeSet;

use canary_core::{
    builtin,
    digest::Digest,
    matrix::{Matrix, Venue},
    report::v1::Partition,
};
use runinfra_gateway::fault::{self, Setting};

use super::{
    plan::{Stop, What},
    *,
};

fn matrix() -> Matrix {
    let faults: Vec<&str> = fault::catalogue().iter().map(|fault| fault.name).collect();
    Matrix::load(builtin::matrix(), Some(&faults)).unwrap()
}

fn names(selftest: &Selftest<'_>) -> Vec<String> {
    let trials = selftest.trials.iter();
    trials.map(|trial| trial.what.name()).collect()
}

fn full() -> Options {
    Options {
        full: true,
        ..Options::default()
    }
}

#[test]
fn owners_have_their_turn_first_and_every_row_has_one() {
    let matrix = matrix();
    let live = matrix.rows().iter().filter(|row| row.venue == Venue::Live);
    let live = live.count();
    let selftest = plan(&matrix, &full()).unwrap();
    for trial in &selftest.trials {
        let What::Broken(fault) = trial.what else {
            continue;
        };
        let owners = trial.owners.rows.len();
        let first: BTreeSet<&str> = trial.rows[..owners]
            .iter()
            .map(|row| row.name.as_str())
            .collect();
        assert_eq!(first, trial.owners.rows, "{}", fault.name);
        assert_eq!(trial.rows.len(), live, "{}", fault.name);
    }
    let broken = names(&selftest);
    let all = fault::catalogue().iter();
    assert!(
        all.into_iter()
            .all(|one| broken.iter().any(|name| name == one.name))
    );
}

#[test]
fn what_runs_out_is_tried_on_a_conforming_gateway_too() {
    let matrix = matrix();
    let options = Options {
        only: vec!["headers.retry_after_missing".to_owned()],
        ..Options::default()
    };
    let selftest = plan(&matrix, &options).unwrap();
    assert_eq!(
        names(&selftest),
        ["small budget", "headers.retry_after_missing"]
    );
    let all = names(&plan(&matrix, &Options::default()).unwrap());
    for setting in Setting::ALL {
        let used = fault::catalogue()
            .iter()
            .any(|one| one.setting() == setting && all.iter().any(|name| name == one.name));
        assert_eq!(
            all.iter().any(|name| name == setting.as_str()),
            used,
            "{setting:?}"
        );
    }
}

#[tokio::test]
async fn every_row_is_tried_on_a_conforming_gateway() {
    let matrix = matrix();
    let mut selftest = plan(&matrix, &Options::default()).unwrap();
    for stop in [Stop::Never, Stop::Owners, Stop::FirstKill] {
        let trial = &mut selftest.trials[0];
        assert!(matches!(trial.what, What::Conforming(_)));
        trial.rows.truncate(3);
        let tried = trial.run(&matrix, stop).await.unwrap();
        assert_eq!((tried.rows, tried.verdict), (3, Verdict::Quiet), "{stop:?}");
    }
}

#[test]
fn every_invariant_names_what_must_break_it() {
    for invariant in matrix().invariants() {
        assert!(!invariant.sabotage.is_empty(), "{}", invariant.word);
    }
}

#[test]
fn shares_are_disjoint_and_whole() {
    let matrix = matrix();
    let all = names(&plan(&matrix, &full()).unwrap());
    let mut shares: Vec<String> = Vec::new();
    for index in 1..=3 {
        let options = Options {
            partition: Some(Partition { index, of: 3 }),
            ..full()
        };
        shares.extend(names(&plan(&matrix, &options).unwrap()));
    }
    assert_eq!(shares.len(), all.len());
    assert_eq!(shares.iter().collect::<BTreeSet<_>>(), all.iter().collect());
}

#[test]
fn what_is_known_is_not_tried_again() {
    let matrix = matrix();
    let known = vec![
        tried("chat.stop_ignored", Verdict::Survived),
        tried("gone", Verdict::Killed),
    ];
    let before = plan(&matrix, &Options::default()).unwrap();
    let after = plan(
        &matrix,
        &Options {
            known,
            ..Options::default()
        },
    )
    .unwrap();
    assert_eq!(after.trials.len() + 1, before.trials.len());
    assert_eq!(
        after.known.len(),
        1,
        "what is not in this matrix is forgotten"
    );
    assert!(!names(&after).contains(&"chat.stop_ignored".to_owned()));
}

fn tried(name: &str, verdict: Verdict) -> Tried {
    Tried {
        name: name.to_owned(),
        subject: Subject::Fault,
        verdict,
        failed: vec!["chat.stop".to_owned()],
        broken: Vec::new(),
        missed: Vec::new(),
        rows: 3,
        millis: 12,
    }
}

#[test]
fn a_log_is_read_back_without_the_line_that_was_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let header = Header {
        matrix_digest_sha256: Digest::of("a"),
        full: true,
        first_kill: false,
    };
    let first = tried("a.b", Verdict::Killed);
    Log::create(&path, &header).unwrap().add(&first).unwrap();
    let whole = std::fs::read_to_string(&path).unwrap();
    insta::assert_snapshot!(whole);
    for cut in 0..whole.len() {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let (_, known) = Log::resume(&path, &header).unwrap();
        assert!(known.is_empty(), "cut at {cut}");
    }
    std::fs::write(&path, format!("{whole}{{\"name\":")).unwrap();
    let (mut log, known) = Log::resume(&path, &header).unwrap();
    assert_eq!(known, std::slice::from_ref(&first));
    log.add(&tried("c.d", Verdict::Unowned)).unwrap();
    assert_eq!(Log::resume(&path, &header).unwrap().1.len(), 2);
}

#[test]
fn a_log_about_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let header = |full, matrix| Header {
        matrix_digest_sha256: Digest::of(matrix),
        full,
        first_kill: false,
    };
    Log::create(&path, &header(true, "a")).unwrap();
    for other in [header(false, "a"), header(true, "b")] {
        let refused = Log::resume(&path, &other).unwrap_err();
        assert!(matches!(refused, LogError::Another { .. }), "{refused}");
    }
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}{{\"name\":1}}\n")).unwrap();
    let refused = Log::resume(&path, &header(true, "a")).unwrap_err();
    assert!(
        matches!(refused, LogError::Line { line: 2, .. }),
        "{refused}"
    );
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(
        kept.ends_with("{\"name\":1}\n"),
        "a refused log stays as it is"
    );
}
