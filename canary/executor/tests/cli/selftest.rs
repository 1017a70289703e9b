//! `canary selftest`: what is known is on disk at once, and nothing is tried twice.

use crate::support::Place;

const FAULTS: [&str; 4] = [
    "--fault",
    "chat.usage_sum_wrong",
    "--fault",
    "chat.max_tokens_ignored",
];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    let mut arguments = vec!["selftest", "--out", "log"];
    arguments.extend(more);
    arguments
}

fn names(place: &Place) -> Vec<String> {
    let log = place.read("log");
    let lines = log.lines().skip(1).map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        format!(
            "{} {}",
            line["name"].as_str().unwrap(),
            line["verdict"].as_str().unwrap()
        )
    });
    let mut names: Vec<String> = lines.collect();
    names.sort();
    names
}

#[test]
fn a_resumed_selftest_tries_only_what_is_not_known() {
    let place = Place::new();
    let both = [
        "chat.max_tokens_ignored survived",
        "chat.usage_sum_wrong killed",
    ];
    place.run(&with(&FAULTS)).expect(1);
    assert_eq!(names(&place), both);

    let whole = place.read("log");
    let first: Vec<&str> = whole.lines().take(2).collect();
    // The last line was being written when the run was stopped.
    place.write(
        "log",
        &format!("{}\n{{\"name\":\"chat.us", first.join("\n")),
    );
    let mut again = with(&FAULTS);
    again.push("--resume");
    let ended = place.run(&again).expect(1);
    assert!(
        ended.err.contains("1 to be tried; 1 are known"),
        "{}",
        ended.err
    );
    assert_eq!(names(&place), both);
    assert!(
        ended.out.contains("1 killed, 0 undecided, 1 survived"),
        "{}",
        ended.out
    );

    // Other options are another question.
    again.push("--full");
    let ended = place.run(&again).expect(2);
    assert!(ended.err.contains("other options"), "{}", ended.err);
    assert_eq!(names(&place), both);
}

#[test]
fn shares_of_a_selftest_make_the_whole() {
    let place = Place::new();
    let mut all = Vec::new();
    for share in ["1/2", "2/2"] {
        let mut arguments = with(&FAULTS);
        arguments.extend(["--partition", share]);
        let _survivor_or_not = place.run(&arguments);
        all.extend(names(&place));
    }
    all.sort();
    assert_eq!(
        all,
        [
            "chat.max_tokens_ignored survived",
            "chat.usage_sum_wrong killed"
        ]
    );
}

#[test]
fn a_fault_that_nobody_names_is_unowned_however_many_rows_fail() {
    let place = Place::new();
    let ended = place
        .run(&[
            "selftest",
            "--full",
            "--first-kill",
            "--fault",
            "chat.choices_empty",
        ])
        .expect(1);
    assert!(ended.out.contains("UNOWNED"), "{}", ended.out);
}

#[test]
fn a_log_that_cannot_be_written_is_told_before_anything_runs() {
    let place = Place::new();
    place.write("file", "");
    let ended = place
        .run(&[
            "selftest",
            "--out",
            "file/log",
            "--fault",
            "chat.usage_sum_wrong",
        ])
        .expect(3);
    assert!(
        ended.err.contains("could not create the log"),
        "{}",
        ended.err
    );
    assert!(!ended.err.contains("killed"), "{}", ended.err);
}
