//! `canary matrix docs`, and that the hand-written parts of the reference name every key there is.

use crate::support::Place;

const DOCUMENT: &str =
    "# Mine\n\n<!-- generated: rows -->\nold\n<!-- end of generated -->\n\nThe end.\n";

#[test]
fn a_document_is_made_current_and_then_is() {
    let place = Place::new();
    place.write("manual.md", DOCUMENT);
    let stale = place
        .run(&["matrix", "docs", "--check", "manual.md"])
        .expect(1);
    insta::assert_snapshot!(stale.out);
    assert_eq!(place.read("manual.md"), DOCUMENT);
    place
        .run(&["matrix", "docs", "--write", "manual.md"])
        .expect(0);
    insta::assert_snapshot!(place.read("manual.md"));
    place
        .run(&["matrix", "docs", "--check", "manual.md"])
        .expect(0);
    // A change of the matrix makes it stale again.
    place.edit("matrix/scripted.toml", "\"preview\"", "\"ga\"");
    place
        .run(&["matrix", "docs", "--check", "manual.md"])
        .expect(1);
}

#[test]
fn nothing_is_written_unless_every_document_can_be() {
    let place = Place::new();
    place.write("manual.md", DOCUMENT);
    place.write("other.md", "# Nothing generated\n");
    let before = place.files();
    for other in ["other.md", "missing.md"] {
        let ended = place
            .run(&["matrix", "docs", "--write", "manual.md", "--write", other])
            .expect(2);
        assert!(ended.err.contains(other), "{}", ended.err);
        assert_eq!(place.files(), before);
    }
}

/// The keys that the reader names when it meets one that it does not know.
fn known_keys(from: &str, to: &str) -> Vec<String> {
    let place = Place::new();
    place.edit("matrix/scripted.toml", from, to);
    let said = place.run(&["matrix", "check"]).expect(2).err;
    let list = said.lines().find_map(|line| line.split("known: ").nth(1));
    let list = list.unwrap_or_else(|| panic!("no list in\n{said}"));
    list.split(", ").map(str::to_owned).collect()
}

#[test]
fn the_reference_names_every_key() {
    let reference = include_str!("../../../../matrix/REFERENCE.md");
    let call = "model = \"some-model\"";
    for (from, to) in [
        (
            "status = 429, headers",
            "qqqqqqq = 1, status = 429, headers",
        ),
        (call, "model = \"some-model\", client = { qqqqqqq = 1 }"),
        (call, "model = \"some-model\", options = { qqqqqqq = 1 }"),
        ("proves =", "qqqqqqq = 1\nproves ="),
        (
            "name = \"local.limit_without_wait\"",
            "qqqqqqq = 1, name = \"local.limit_without_wait\"",
        ),
    ] {
        for key in known_keys(from, to) {
            assert!(
                reference.contains(&format!("`{key}`")),
                "REFERENCE.md does not name `{key}` ({to})"
            );
        }
    }
}

#[test]
fn the_reference_names_every_slot() {
    let reference = include_str!("../../../../matrix/REFERENCE.md");
    let place = Place::new();
    place.edit(
        "matrix/scripted.toml",
        "content = \"Hello\"",
        "content = \"${qqqqqqq}\"",
    );
    let said = place.run(&["matrix", "check"]).expect(2).err;
    let list = said
        .lines()
        .find_map(|line| line.split("an input's name, ").nth(1));
    let list = list
        .unwrap_or_else(|| panic!("no list in\n{said}"))
        .replace(" or ", ", ");
    for slot in list.split(", ") {
        let named = format!("`${{{slot}");
        // `call.part` stands for what calls bring back.
        let named = if slot == "call.part" {
            "`${call.text}"
        } else {
            &named
        };
        assert!(
            reference.contains(named),
            "REFERENCE.md does not name {named}…"
        );
    }
}
