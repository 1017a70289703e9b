//! Schemes with names: ids that nobody drew, gateways that are nearly the one, and what cargo's note
//! on the commit is made to say.

use crate::{
    change::{Change, all_are_refused},
    support::Good,
};

const PRODUCTION: &str = "gateway_is_production";
const IDS: &str = "request_ids_never_repeat";
const NOTE: &str = "artifact_is_packed_from_the_tree";

fn base_url(good: &mut Good, url: &str) {
    url.clone_into(&mut good.live.reports[0].base_url);
}

fn request_id(good: &mut Good, id: &str) {
    good.evidence("preview.row").calls[0].request_id = Some(id.to_owned());
}

pub(crate) fn first_id(good: &mut Good) -> String {
    let id = good.evidence("models.list").calls[0].request_id.clone();
    id.unwrap()
}

/// A note that names a commit, and goes on like this.
fn commit(good: &mut Good, rest: &str) {
    let sha1 = "0123456789".repeat(4);
    note(good, &format!("{{\"git\":{{\"sha1\":\"{sha1}\"{rest}"));
}

fn note(good: &mut Good, text: &str) {
    good.package_text(".cargo_vcs_info.json", text);
    good.restage();
}

/// Ids that nobody drew.
const NAMES: &[Change] = &[
    ("no request id at all", |g| request_id(g, ""), &[IDS]),
    (
        "the nil request id",
        |g| request_id(g, "00000000-0000-0000-0000-000000000000"),
        &[IDS],
    ),
    (
        "the greatest request id",
        |g| request_id(g, "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        &[IDS],
    ),
    (
        "a request id in capitals",
        |g| request_id(g, "0000000A-0000-4000-8000-00000000000B"),
        &[IDS],
    ),
    (
        "a request id in braces",
        |g| request_id(g, "{00000000-0000-4000-8000-00000000000b}"),
        &[IDS],
    ),
    (
        "a request id as a name",
        |g| request_id(g, "urn:uuid:00000000-0000-4000-8000-00000000000b"),
        &[IDS],
    ),
    (
        "a request id of another row",
        |g| {
            let id = first_id(g);
            request_id(g, &id);
        },
        &[IDS],
    ),
    (
        "the nil run id",
        |g| "00000000-0000-0000-0000-000000000000".clone_into(&mut g.run().id),
        &["run_is_completed"],
    ),
    (
        "a run id that a clock made",
        |g| "01890a5d-ac96-774b-bcce-b302099a8057".clone_into(&mut g.run().id),
        &["run_is_completed"],
    ),
    (
        "a run id in capitals",
        |g| "A0000000-0000-4000-8000-00000000000B".clone_into(&mut g.run().id),
        &["run_is_completed"],
    ),
    (
        "a run id of another variant",
        |g| "a0000000-0000-4000-c000-00000000000b".clone_into(&mut g.run().id),
        &["run_is_completed"],
    ),
];

/// Gateways that are nearly the production gateway.
const NEIGHBOURS: &[Change] = &[
    (
        "a slash more",
        |g| base_url(g, "https://api.runinfra.ai/v1/"),
        &[PRODUCTION],
    ),
    (
        "its port spelled out",
        |g| base_url(g, "https://api.runinfra.ai:443/v1"),
        &[PRODUCTION],
    ),
    (
        "another scheme",
        |g| base_url(g, "http://api.runinfra.ai/v1"),
        &[PRODUCTION],
    ),
    (
        "capitals",
        |g| base_url(g, "https://API.runinfra.ai/v1"),
        &[PRODUCTION],
    ),
    (
        "a longer host",
        |g| base_url(g, "https://api.runinfra.ai.example/v1"),
        &[PRODUCTION],
    ),
    (
        "a user before the host",
        |g| base_url(g, "https://api.runinfra.ai@example.com/v1"),
        &[PRODUCTION],
    ),
    (
        "a dot after the host",
        |g| base_url(g, "https://api.runinfra.ai./v1"),
        &[PRODUCTION],
    ),
    (
        "a query",
        |g| base_url(g, "https://api.runinfra.ai/v1?to=staging"),
        &[PRODUCTION],
    ),
    (
        "a path that leads out",
        |g| base_url(g, "https://api.runinfra.ai/v1/../v0"),
        &[PRODUCTION],
    ),
    (
        "a space before it",
        |g| base_url(g, " https://api.runinfra.ai/v1"),
        &[PRODUCTION],
    ),
    ("nothing", |g| base_url(g, ""), &[PRODUCTION]),
];

/// What is published with the sources, though it is none.
const PUBLISHED: &[Change] = &[
    (
        "a note that is no JSON",
        |g| note(g, "token = abc"),
        &[NOTE],
    ),
    ("a note of nothing", |g| note(g, "{}"), &[NOTE]),
    (
        "a note with more than cargo's",
        |g| commit(g, r#","by":"x"}}"#),
        &[NOTE],
    ),
    (
        "a note on a commit that is too short",
        |g| note(g, "{\"git\":{\"sha1\":\"0123456789\"}}"),
        &[NOTE],
    ),
    (
        "a note on a commit that no hash is",
        |g| {
            let sha1 = "z".repeat(40);
            note(g, &format!("{{\"git\":{{\"sha1\":\"{sha1}\"}}}}"));
        },
        &[NOTE],
    ),
    (
        "a note on no commit",
        |g| note(g, "{\"git\":{\"sha1\":\"main\"}}"),
        &[NOTE],
    ),
    (
        "a note that is dirty in other words",
        |g| commit(g, r#","dirty":"true"}}"#),
        &[NOTE],
    ),
    (
        "a note on a folder elsewhere",
        |g| commit(g, r#"},"path_in_vcs":"../x"}"#),
        &[NOTE],
    ),
];

#[test]
fn ids_that_nobody_drew_are_refused() {
    all_are_refused(NAMES);
}

#[test]
fn neighbours_of_the_production_gateway_are_refused() {
    all_are_refused(NEIGHBOURS);
}

#[test]
fn what_is_published_beside_the_sources_is_looked_at() {
    all_are_refused(PUBLISHED);
}
