//! `canary matrix list | explain | schema`, for people who write rows.

use std::path::Path;

use serde_json::Value;

use crate::support::Place;

#[test]
fn the_list_names_every_row() {
    let place = Place::new();
    let text = place.run(&["matrix", "list"]).expect(0).out;
    // Columns are as wide as their widest cell, which a terminal does not show.
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(lines.join("\n"));
    let json: Value = serde_json::from_str(
        &place
            .run(&["matrix", "list", "--format", "json"])
            .expect(0)
            .out,
    )
    .unwrap();
    insta::assert_snapshot!(format!("{:#}", json[2]));
}

#[test]
fn an_explanation_tells_what_a_row_does_needs_and_demands() {
    let place = Place::new();
    insta::assert_snapshot!(
        place
            .run(&["matrix", "explain", "chat.completions.create"])
            .expect(0)
            .out
    );
    insta::assert_snapshot!(
        place
            .run(&["matrix", "explain", "error.rate_limit.local"])
            .expect(0)
            .out
    );
}

fn schema() -> jsonschema::Validator {
    let printed = Place::without_matrix()
        .run(&["matrix", "schema"])
        .expect(0)
        .out;
    let schema: Value = serde_json::from_str(&printed).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

fn document(toml: &str) -> Value {
    toml::from_str(toml).unwrap()
}

fn row_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .filter(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            !["inputs.toml", "claims.toml", "invariants.toml"].contains(&name)
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_row_file_of_the_repository_fits_the_schema() {
    let schema = schema();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../matrix");
    let files = row_files(&repository);
    assert!(!files.is_empty());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let problems: Vec<String> = schema
            .iter_errors(&document(&text))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{}: {problems:#?}", file.display());
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let schema = schema();
    let place = Place::new();
    let whole = place.read("matrix/rows.toml");
    assert!(schema.is_valid(&document(&whole)));
    for (from, to) in [
        ("proves = \"The catalog", "prooves = \"The catalog"),
        (
            "operation = \"models.list\"",
            "operation = \"models.lists\"",
        ),
        ("max_tokens = 64", "max_token = 64"),
        ("\"usage_adds_up\"", "\"usage_add_up\""),
        ("{ text_has = \"${nonce}\" }", "\"text_has\""),
        (
            "surfaces = [\"models.list\"]",
            "surfaces = [\"model.list\"]",
        ),
        ("name = \"models.list\"", "name = \"Models List\""),
        ("[\"chat.usage_sum_wrong\"]", "[]"),
    ] {
        assert!(whole.contains(from), "{from}");
        assert!(
            !schema.is_valid(&document(&whole.replace(from, to))),
            "{to}"
        );
    }
}
