//! No secret is ever printed or written, whatever a gateway sends back.

use runinfra_gateway::fault::{Layer, catalogue};

use crate::support::{Place, Served};

/// Variables whose values nobody may see.
fn secrets(served: &Served) -> Vec<String> {
    let sensitive =
        |name: &str| name.ends_with("_KEY") || name.ends_with("_TEXT") || name.ends_with("_BASE64");
    let variables = served.variables();
    let values = variables
        .into_iter()
        .filter(|(name, _)| sensitive(name))
        .map(|(_, value)| value);
    values.collect()
}

fn shown_by_a_run(place: &Place, served: &Served) -> String {
    place.write_env("env", &served.variables());
    let ended = place.run(&[
        "run",
        "--gate",
        "all",
        "--env-file",
        "env",
        "--report",
        "live.json",
        "--junit",
        "junit.xml",
        "--html",
        "page.html",
        "--summary",
        "summary.md",
        "--annotations",
    ]);
    let written = ["live.json", "junit.xml", "page.html", "summary.md"]
        .map(|name| std::fs::read_to_string(place.path(name)).unwrap_or_default());
    ended.both() + &written.concat()
}

#[test]
fn gateways_that_give_keys_away_do_not_make_us_do_it() {
    let leaking = catalogue()
        .iter()
        .filter(|fault| fault.layer == Layer::Leak);
    for fault in leaking {
        let place = Place::new();
        let served = Served::broken(fault.name);
        let shown = shown_by_a_run(&place, &served);
        for secret in secrets(&served) {
            assert!(
                !shown.contains(&secret),
                "{} made a secret show",
                fault.name
            );
        }
    }
}

#[test]
fn the_most_talkative_log_shows_no_key() {
    let place = Place::new();
    let served = Served::whole();
    place.write_env("env", &served.few_variables());
    let output = place
        .command(["run", "--env-file", "env"])
        .env("CANARY_LOG", "trace")
        .output()
        .unwrap();
    let ended = crate::support::Ended::of(output).expect(0);
    for secret in secrets(&served) {
        assert!(!ended.both().contains(&secret));
    }
}

#[test]
fn a_broken_env_file_is_told_without_its_contents() {
    let place = Place::new();
    place.write("env", "RUNINFRA_API_KEY='rp_live_very_secret\n");
    let ended = place.run(&["preflight", "--env-file", "env"]).expect(2);
    assert!(ended.err.contains("env: line 1"), "{}", ended.err);
    assert!(!ended.both().contains("very_secret"), "{}", ended.both());
}
