use std::collections::BTreeMap;

use super::*;
use crate::{diagnose::SourceFile, input::FileState, matrix::operations};

const INPUTS: &str = r#"
[[input]]
name = "RUNINFRA_API_KEY"
kind = "key"
about = "Workspace key."
"#;

/// A row that proves a surface, with the key or without.
fn row(name: &str, surface: &str, live: bool) -> String {
    let (venue, rest) = if live {
        (
            "live",
            "needs = [\"RUNINFRA_API_KEY\"]\nexpect = [\"answered\"]\nsabotage = [\"f\"]",
        )
    } else {
        (
            "local",
            "script = [{ status = 200 }]\nexpect = [{ server_requests = 1 }]\nsabotage = [{ name = \"s\", script = [{ status = 404 }] }]",
        )
    };
    format!(
        "[[row]]\nname = \"{name}\"\nproves = \"P.\"\ntier = \"ga\"\nvenue = \"{venue}\"\nsurfaces = [\"{surface}\"]\ncall = {{ operation = \"models.list\" }}\n{rest}\n"
    )
}

fn matrix(rows: &[String]) -> Matrix {
    let files = vec![
        SourceFile::new("rows.toml", rows.concat()),
        SourceFile::new("inputs.toml", INPUTS),
    ];
    Matrix::load(files, None).unwrap()
}

fn inputs(matrix: &Matrix, key: Option<&str>) -> Inputs {
    let shell: BTreeMap<String, String> = key
        .map(|key| ("RUNINFRA_API_KEY".to_owned(), key.to_owned()))
        .into_iter()
        .collect();
    Inputs::resolve(matrix.inputs(), &shell, None, &|_| FileState::Missing)
}

fn two() -> Matrix {
    matrix(&[
        row("a.live", "models.list", true),
        row("b.local", "models.list", false),
        row("c.local", "models.list", false),
    ])
}

#[test]
fn a_row_without_its_input_is_blocked_and_blocks_the_plan() {
    let matrix = two();
    let inputs = inputs(&matrix, None);
    let plan = Plan::resolve(&matrix, &inputs);
    let ready: Vec<bool> = plan.rows.iter().map(PlannedRow::is_ready).collect();
    assert_eq!(ready, [false, true, true]);
    assert!(!plan.is_ready());
    let told = plan.readiness(&matrix, &inputs);
    assert_eq!(told.status, ReadyStatus::Blocked);
    assert_eq!((told.summary.ready, told.summary.blocked), (2, 1));
    assert_eq!(told.missing, ["RUNINFRA_API_KEY"]);
    assert_eq!(told.rows[0].missing, ["RUNINFRA_API_KEY"]);
    assert_eq!(told.env["RUNINFRA_API_KEY"], EnvState::Missing);
}

#[test]
fn operations_that_no_row_proves_block_the_report_and_not_the_rows() {
    let matrix = two();
    let inputs = inputs(&matrix, Some("rp_live_0123456789abcdef"));
    let plan = Plan::resolve(&matrix, &inputs);
    assert!(plan.is_ready());
    let told = plan.readiness(&matrix, &inputs);
    assert_eq!(told.status, ReadyStatus::Blocked);
    assert_eq!((told.summary.ready, told.summary.blocked), (3, 0));
    assert!(
        told.row_coverage_errors
            .contains(&"embeddings.create".to_owned())
    );
    assert!(!told.row_coverage_errors.contains(&"models.list".to_owned()));
    assert_eq!(told.env["RUNINFRA_API_KEY"], EnvState::SetRedacted);
}

#[test]
fn a_plan_with_every_input_and_every_operation_is_ready() {
    let surfaces = operations()
        .iter()
        .filter_map(|operation| operation.surface);
    let mut surfaces: Vec<&str> = surfaces.collect();
    surfaces.sort_unstable();
    surfaces.dedup();
    let rows = surfaces
        .iter()
        .enumerate()
        .map(|(at, surface)| row(&format!("r{at}.local"), surface, false));
    let matrix = matrix(&rows.collect::<Vec<_>>());
    let inputs = inputs(&matrix, None);
    let told = Plan::resolve(&matrix, &inputs).readiness(&matrix, &inputs);
    assert_eq!(told.row_coverage_errors, [""; 0]);
    assert_eq!(told.status, ReadyStatus::Ready);
}
