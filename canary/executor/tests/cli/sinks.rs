//! The other forms of a result, as files that other tools read.

use crate::support::{Place, Served};

const OUTPUTS: [&str; 6] = [
    "--junit",
    "out/junit.xml",
    "--html",
    "out/page.html",
    "--summary",
    "out/summary.md",
];

#[test]
fn a_run_that_fails_tells_why_in_every_form() {
    let place = Place::new();
    let served = Served::broken("chat.usage_sum_wrong");
    place.write_env("env", &served.few_variables());
    let mut arguments = vec!["run", "--env-file", "env", "--annotations"];
    arguments.extend(OUTPUTS);
    let ended = place.run(&arguments).expect(1);
    let note = "::error file=matrix/rows.toml,line=15,title=chat.completions.create FAILED::";
    assert_eq!(ended.out.matches("\n::").count(), 1, "{}", ended.out);
    assert!(ended.out.contains(note), "{}", ended.out);
    let broken = "usage_adds_up";
    for name in ["out/junit.xml", "out/page.html", "out/summary.md"] {
        let text = place.read(name);
        assert!(text.contains(broken), "{name}: {text}");
        let counted = text.contains("2 passed, 1 failed") || text.contains("failures=\"1\"");
        assert!(counted, "{name}: {text}");
    }
}

#[test]
fn under_github_actions_the_notes_come_by_themselves() {
    let place = Place::new();
    let served = Served::broken("chat.usage_sum_wrong");
    place.write_env("env", &served.few_variables());
    for (value, notes) in [("true", 1), ("false", 0)] {
        let output = place
            .command(["run", "--env-file", "env"])
            .env("GITHUB_ACTIONS", value)
            .output()
            .unwrap();
        let ended = crate::support::Ended::of(output).expect(1);
        assert_eq!(
            ended.out.matches("\n::error ").count(),
            notes,
            "{}",
            ended.out
        );
    }
}

#[test]
fn a_rehearsal_tells_what_the_verifier_said() {
    let place = Place::new();
    let mut arguments = vec!["rehearse", "--out", "out", "--annotations"];
    arguments.extend(OUTPUTS);
    // The small matrix proves few operations, so its rehearsal is refused.
    let ended = place.run(&arguments).expect(1);
    assert!(ended.out.contains("::error title=surfaces_are_covered::"));
    for name in ["out/page.html", "out/summary.md"] {
        assert!(place.read(name).contains("surfaces_are_covered"), "{name}");
    }
}

#[test]
fn a_form_that_cannot_be_written_or_would_leak_is_no_answer() {
    let place = Place::new();
    let served = Served::whole();
    place.write_env("env", &served.few_variables());
    place.write("file", "in the way");
    let before = place.files();
    let ended = place
        .run(&["run", "--env-file", "env", "--html", "file/page.html"])
        .expect(3);
    assert!(
        ended
            .err
            .contains("could not write the HTML report file/page.html"),
        "{}",
        ended.err
    );
    // The value of a variable with a secret's name is what a row proves, which no report holds.
    let mut command = place.command(["run", "--env-file", "env"]);
    let output = command
        .args(OUTPUTS)
        .env("DEPLOY_TOKEN", "The catalog is a list.")
        .output()
        .unwrap();
    let ended = crate::support::Ended::of(output).expect(3);
    assert!(
        ended.err.contains("none of the files was written"),
        "{}",
        ended.err
    );
    assert!(!ended.both().contains("is a list"), "{}", ended.both());
    assert_eq!(place.files(), before);
}

#[test]
fn a_matrix_from_elsewhere_is_named_without_its_folder() {
    let place = Place::new();
    let served = Served::broken("chat.usage_sum_wrong");
    place.write_env("env", &served.few_variables());
    let elsewhere = Place::new();
    let folder = elsewhere.path("matrix");
    let mut arguments = vec!["run", "--env-file", "env", "--annotations"];
    arguments.extend(["--matrix", folder.to_str().unwrap()]);
    arguments.extend(OUTPUTS);
    let ended = place.run(&arguments).expect(1);
    assert!(
        ended
            .out
            .contains("::error title=chat.completions.create FAILED::")
    );
    let page = place.read("out/page.html");
    assert!(page.contains("<code>rows.toml:15</code>"), "{page}");
    assert!(!page.contains(folder.to_str().unwrap()));
}
