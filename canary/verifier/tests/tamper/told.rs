//! What a verdict repeats of what it refuses is no leak either.

use canary_core::input::Secret;
use canary_verifier::{statement::Statement, table};

use crate::support::Good;

const VALUE: &str = "correct-horse-battery";

fn everything_told(good: &Good) -> [String; 3] {
    let verdict = good.verify();
    assert!(!verdict.holds());
    let json = String::from_utf8(verdict.to_json().unwrap()).unwrap();
    let statement = Statement::new(&verdict).unwrap().to_json().unwrap();
    let statement = String::from_utf8(statement).unwrap();
    [json, statement, table::render(&verdict)]
}

#[test]
fn neither_a_lane_nor_a_file_shows_a_value() {
    let language: fn(&mut Good) = |g| VALUE.clone_into(&mut g.live.reports[0].language);
    let file: fn(&mut Good) = |g| g.stage(&format!("{VALUE}.crate"), b"");
    for (change, there) in [
        (language, "row/(not shown: "),
        (file, "\"name\": \"(not shown: "),
    ] {
        let mut good = Good::new();
        good.fail("preview.row");
        change(&mut good);
        let plain = everything_told(&good);
        assert!(
            plain.iter().all(|told| told.contains(VALUE)),
            "it is told while it is no secret"
        );
        good.secrets.push(Secret::new(VALUE));
        let told = everything_told(&good);
        for told in &told {
            assert!(!told.contains(VALUE), "{told}");
        }
        assert!(told[1].contains(there), "{}", told[1]);
    }
}
