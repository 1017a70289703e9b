//! `canary serve`: a gateway to try the other commands on.
#![cfg(unix)]

use std::{
    io::{BufRead as _, BufReader},
    os::unix::fs::PermissionsExt as _,
    process::{Command, Stdio},
};

use crate::support::Place;

#[test]
fn a_served_gateway_can_be_used_with_the_variables_it_wrote() {
    let place = Place::new();
    let mut child = place
        .command(["serve", "--write-env", "env"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    lines.read_line(&mut said).unwrap();
    assert!(said.starts_with("serving at http://127.0.0.1:"), "{said}");

    let mode = std::fs::metadata(place.path("env"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600, "the file holds keys");
    place.run(&["run", "--env-file", "env"]).expect(0);

    let stop = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(stop.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    place.run(&["run", "--env-file", "env"]).expect(3);
}

#[test]
fn a_file_that_cannot_be_written_ends_it() {
    let place = Place::new();
    place.write("file", "in the way");
    let ended = place.run(&["serve", "--write-env", "file/env"]).expect(3);
    assert!(
        ended.err.contains("could not write file/env"),
        "{}",
        ended.err
    );
    place.run(&["serve"]).expect(2);
}
