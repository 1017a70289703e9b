//! What is left out whole, what is as long as it may be, and what one character changes.

use super::{PUBLISH, changed, edit};
use canary_verifier::finding::Finding;

/// The names of a map's entries that stand this deep, each with the lines that are about it.
fn entries(text: &str, within: &str, depth: usize) -> Vec<(String, String)> {
    let indent = " ".repeat(depth);
    let from = text.find(within).unwrap() + within.len();
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text[from..].split_inclusive('\n') {
        let deep = line.strip_prefix(&indent);
        if deep.is_none() && !line.trim().is_empty() {
            break;
        }
        match deep.filter(|rest| !rest.starts_with(' ')) {
            Some(name) => found.push((name.trim_end_matches(":\n").to_owned(), line.to_owned())),
            None => found.last_mut().unwrap().1.push_str(line),
        }
    }
    found
}

fn missed<'f>(found: &'f [Finding], rule: &str) -> Vec<&'f str> {
    let all = found.iter();
    let missed = all.filter(|one| one.rule == rule && one.found == "nothing");
    missed.map(|one| one.expected.as_str()).collect()
}

#[test]
fn no_job_and_no_input_of_the_release_can_be_left_out() {
    let all = super::repository();
    let release = all.files.iter().find(|file| file.name == PUBLISH).unwrap();
    let jobs = entries(&release.text, "\njobs:\n", 2);
    let inputs = entries(&release.text, "\n    inputs:\n", 6);
    assert_eq!((jobs.len(), inputs.len()), (8, 2));
    for (name, lines) in jobs {
        let found = changed(PUBLISH, |text| text.replacen(&lines, "", 1));
        let wanted = format!("the job `{name}`");
        assert_eq!(missed(&found, "jobs_are_the_releases"), [wanted]);
    }
    for (name, lines) in inputs {
        let found = changed(PUBLISH, |text| text.replacen(&lines, "", 1));
        let wanted = format!("the input `{name}`");
        assert_eq!(missed(&found, "inputs_are_the_declared"), [wanted]);
    }
}

/// A remark at the end makes the release so many bytes long.
fn of_length(length: usize) -> Vec<Finding> {
    changed(PUBLISH, |text| {
        format!("{text}#{}", " ".repeat(length - text.len() - 1))
    })
}

#[test]
fn a_workflow_is_read_up_to_half_a_mebibyte() {
    assert_eq!(of_length(512 * 1024), []);
    for more in [1, 2] {
        let found = of_length(512 * 1024 + more);
        let told: Vec<_> = found.iter().map(|one| one.expected.as_str()).collect();
        assert_eq!(told, ["at most 512 KiB"]);
    }
}

#[test]
fn a_character_that_does_not_show_is_told_with_its_line_and_a_tab_shows() {
    let remark = |c: char| {
        changed(PUBLISH, |text| {
            edit(text, "", "\nname:", &format!("\n# a{c}b\nname:"))
        })
    };
    assert_eq!(remark('\t'), []);
    for c in [
        '\u{7}', '\u{7f}', '\u{85}', '\u{ad}', '\u{200b}', '\u{202e}', '\u{fffd}',
    ] {
        let found = remark(c);
        let told: Vec<_> = found
            .iter()
            .map(|one| (one.found.as_str(), one.at.as_str()))
            .collect();
        let at = format!("{PUBLISH}:2");
        assert_eq!(told, [("an invisible character", at.as_str())], "{c:?}");
    }
}

#[test]
fn an_input_is_told_as_it_is_written() {
    let said = |to: &str| {
        let found = changed(PUBLISH, |text| edit(text, "", "default: true", to));
        found.into_iter().map(|one| one.found).collect::<Vec<_>>()
    };
    assert_eq!(said("default: false"), ["default: false"]);
    assert_eq!(said("default: 'true'"), ["default: 'true'"]);
    assert_eq!(said("default: [true]"), ["default: a list or a map"]);
}

/// Whether a text has too many values, and nothing else that keeps it from being read.
fn has_too_many(text: &str) -> bool {
    let found = changed(PUBLISH, |_| text.to_owned());
    let unread = found
        .iter()
        .filter(|one| one.rule == "workflow_is_readable");
    let told: Vec<_> = unread.map(|one| one.found.as_str()).collect();
    assert!(matches!(told[..], [] | ["very many values"]), "{told:?}");
    !told.is_empty()
}

#[test]
fn a_workflow_is_read_up_to_fifty_thousand_values() {
    const MOST: usize = 50_000;
    // The map, its key, the list and what is in it.
    let listed = |values: usize| format!("a: [{}x]", "x,".repeat(values - 4));
    assert!(!has_too_many(&listed(MOST)));
    assert!(has_too_many(&listed(MOST + 1)));
    assert!(has_too_many(&listed(MOST + 2)));
    // An alias counts as all that it stands for: here the list of a hundred values, itself among them.
    let aliased = |aliases: usize, more: usize| {
        let hundred = format!("a: &a [{}x]", "x,".repeat(98));
        let aliases = "*a,".repeat(aliases);
        format!("{hundred}\nb: [{aliases}{}]", "x,".repeat(more))
    };
    // Before the aliases there are two keys, the list of a hundred, and around it all a list and a map.
    assert!(!has_too_many(&aliased(498, 96)));
    assert!(has_too_many(&aliased(498, 97)));
    assert!(has_too_many(&aliased(499, 0)));
}
