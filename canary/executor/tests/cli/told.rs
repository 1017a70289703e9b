//! What a person is told when something is wrong: once, with what to do next, and in no more colours
//! than were asked for.

use canary_core::{builtin, matrix::INPUTS_FILE};

use crate::support::{Ended, Place, Served, nobody};

const UNREACHED: &str = "the gateway could not be reached";

/// A folder whose matrix has so many rows for the gateway, and the variables of a gateway that is away.
fn away(rows: usize) -> Place {
    let place = Place::without_matrix();
    let inputs = builtin::matrix();
    let inputs = inputs.iter().find(|file| file.name == INPUTS_FILE);
    place.write("matrix/inputs.toml", &inputs.unwrap().text);
    let row = |at| {
        format!(
            "[[row]]\nname = \"models.list.n{at}\"\nproves = \"It lists.\"\ntier = \"ga\"\nvenue = \"live\"\n\
             surfaces = [\"models.list\"]\nneeds = [\"RUNINFRA_API_KEY\"]\ncall = {{ operation = \"models.list\" }}\n\
             expect = [\"answered\", \"request_id\"]\nsabotage = [\"models.list_empty\"]\n"
        )
    };
    place.write("matrix/rows.toml", &(0..rows).map(row).collect::<String>());
    let env = format!(
        "RUNINFRA_API_KEY=rp_live_x\nRUNINFRA_BASE_URL={}\n",
        nobody()
    );
    place.write("env", &env);
    place
}

#[test]
fn many_rows_that_never_reached_the_gateway_are_told_in_one_paragraph() {
    let ended = away(4).run(&["run", "--env-file", "env"]).expect(3);
    assert_eq!(ended.out.matches(UNREACHED).count(), 1, "{}", ended.out);
    assert!(
        ended.out.contains("\ncould not tell: 4 rows\n"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("promise:"), "{}", ended.out);
}

#[test]
fn a_few_that_never_reached_it_are_told_each_with_its_promise() {
    let ended = away(3).run(&["run", "--env-file", "env"]).expect(3);
    assert_eq!(ended.out.matches(UNREACHED).count(), 3, "{}", ended.out);
    for at in 0..3 {
        let told = format!("\ncould not tell: models.list.n{at}\n  promise: It lists.\n");
        assert!(ended.out.contains(&told), "{}", ended.out);
    }
}

#[test]
fn discover_says_what_to_look_at_for_what_went_wrong() {
    let key = "check RUNINFRA_API_KEY";
    let network = "check RUNINFRA_BASE_URL and the network";
    let place = Place::new();
    let discover = |place: &Place, code: i32| {
        let ended = place.run(&["discover", "--env-file", "env"]).expect(code);
        assert!(ended.out.is_empty(), "{}", ended.out);
        ended.err
    };

    let served = Served::whole();
    let mut variables = served.few_variables();
    variables.insert("RUNINFRA_API_KEY".to_owned(), "rp_live_nobodys".to_owned());
    place.write_env("env", &variables);
    let told = discover(&place, 1);
    assert!(told.contains(key) && told.contains("status 401"), "{told}");

    variables.insert("RUNINFRA_BASE_URL".to_owned(), nobody());
    place.write_env("env", &variables);
    let told = discover(&place, 3);
    assert!(
        told.contains(network) && told.contains("no answer"),
        "{told}"
    );

    // Neither the key nor the network is to blame for an answer that is no catalog.
    let served = Served::broken("models.list_bare_array");
    place.write_env("env", &served.few_variables());
    let told = discover(&place, 1);
    assert!(!told.contains(key) && !told.contains(network), "{told}");
}

#[test]
fn the_log_has_colours_where_they_are_wanted_and_nowhere_else() {
    let place = Place::new();
    let served = Served::whole();
    place.write_env("env", &served.few_variables());
    let log = |color: &str| {
        let output = place
            .command(["discover", "--env-file", "env", "--color", color])
            .env("CANARY_LOG", "trace")
            .output()
            .unwrap();
        let err = Ended::of(output).expect(0).err;
        assert!(err.contains("TRACE") && err.contains("127.0.0.1"), "{err}");
        err
    };
    assert!(log("always").contains('\u{1b}'));
    assert!(!log("never").contains('\u{1b}'));
    // Nobody looks at a pipe.
    assert!(!log("auto").contains('\u{1b}'));
}
