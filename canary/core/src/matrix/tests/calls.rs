//! Calls, clients and scripts are taken as they are written.

use serde_json::{Value, json};

use super::{INPUTS, ROWS, load, problems};
use crate::{
    diagnose::SourceFile,
    matrix::{ClientPlan, Consume, Frame, Matrix, Reply, ReplyBody, Sabotage, Then, Tier, Venue},
};

/// The first call of the local row, with this written into it.
fn call(written: &str) -> crate::matrix::Call {
    let rows = ROWS.replacen(
        "{ operation = \"models.list\" }",
        &format!("{{ operation = \"models.list\", {written} }}"),
        1,
    );
    load(&rows).unwrap().row("models.local").unwrap().calls[0].clone()
}

#[test]
fn options_and_client_of_a_call_are_kept() {
    let found = call(
        "options = { client_request_id = \"r\", idempotency_key = \"${nonce}\", timeout_seconds = 1.5, idle_timeout_seconds = 0.5, max_retries = 2, retry_base_seconds = 0.1, headers = { a = \"b\" } }",
    );
    let options = json!({
        "client_request_id": "r", "idempotency_key": "${nonce}", "timeout_seconds": 1.5, "idle_timeout_seconds": 0.5,
        "max_retries": 2, "retry_base_seconds": 0.1, "headers": {"a": "b"},
    });
    assert_eq!(Value::Object(found.options), options);
    let found = call(
        "client = { key = \"k\", pipeline = \"p\", base_url = \"http://x.test\", timeout_seconds = 2.5, idle_timeout_seconds = 0.5, max_retries = 0, retry_base_seconds = 0.25 }, parallel = true",
    );
    let client = ClientPlan {
        key: Some(json!("k")),
        pipeline: Some(json!("p")),
        base_url: Some(json!("http://x.test")),
        timeout_seconds: Some(2.5),
        idle_timeout_seconds: Some(0.5),
        max_retries: Some(0),
        retry_base_seconds: Some(0.25),
    };
    assert_eq!(found.client, client);
    assert!(found.parallel && !call("options = {}").parallel);
    assert_eq!(call("options = {}").client, ClientPlan::default());
}

#[test]
fn an_answer_is_read_the_way_that_is_said() {
    for (written, consume) in [
        ("\"all\"", Consume::All),
        ("{ cancel_after = 3 }", Consume::CancelAfter(3)),
        ("{ slow_ms = 20 }", Consume::Slowly(json!(20))),
    ] {
        let found = call(&format!("consume = {written}"));
        assert_eq!(found.consume, consume, "{written}");
    }
    for wrong in ["{ cancel_after = 3, slow_ms = 20 }", "{}"] {
        let told = problems(
            "operation = \"models.list\"",
            &format!("operation = \"models.list\", consume = {wrong}"),
        );
        assert!(
            told[0].contains("write \"all\", { cancel_after = N }"),
            "{told:?}"
        );
    }
}

#[test]
fn a_call_is_called_what_nothing_else_is() {
    for good in ["again", "c1", "second_of_two", "row_of_two", "nonces"] {
        assert_eq!(call(&format!("as = \"{good}\"")).name, good);
    }
    let longest = "a".repeat(40);
    assert_eq!(call(&format!("as = \"{longest}\"")).name, longest);
    let longer = "a".repeat(41);
    for bad in [
        "row", "*", "nonce", "words", "passage", "filler", "secret", "a.b", "Again", "1st", "_a",
        "a-b", "a b", "é", &longer,
    ] {
        let told = problems(
            "operation = \"models.list\"",
            &format!("operation = \"models.list\", as = \"{bad}\""),
        );
        let said = format!("`{bad}` cannot be a call's name");
        assert!(told.iter().any(|told| told.contains(&said)), "{told:?}");
    }
}

#[test]
fn a_script_answers_what_it_says() {
    let script = r#"[
        { status = 429, headers = { Retry-After = "1", x-thing = "${nonce}" }, text = "slow" },
        { sse = ["[DONE]", { data = { a = 1 } }, { raw = ": ping" }, { pause_ms = 5 }], then = "stall" },
        { sample = "list", delay_ms = 7, request_id = false, then = "disconnect" },
        { status = 204 },
    ]"#;
    let rows = ROWS.replacen("[{ json = { object = \"list\" } }]", script, 1);
    let files = vec![
        SourceFile::new("rows.toml", rows),
        SourceFile::new("inputs.toml", INPUTS),
        SourceFile::new("samples/list.json", r#"{"object": "list"}"#),
    ];
    let matrix = Matrix::load(files, None).unwrap();
    let plain = Reply {
        status: 200,
        headers: Vec::new(),
        request_id: true,
        body: ReplyBody::Empty,
        delay_ms: 0,
        then: Then::End,
    };
    let wanted = [
        Reply {
            status: 429,
            headers: vec![
                ("retry-after".to_owned(), json!("1")),
                ("x-thing".to_owned(), json!("${nonce}")),
            ],
            body: ReplyBody::Text(json!("slow")),
            ..plain.clone()
        },
        Reply {
            body: ReplyBody::Sse(vec![
                Frame::Data(json!("[DONE]")),
                Frame::Data(json!({"a": 1})),
                Frame::Raw(json!(": ping")),
                Frame::Pause(5),
            ]),
            then: Then::Stall,
            ..plain.clone()
        },
        Reply {
            request_id: false,
            body: ReplyBody::Json(json!({"object": "list"})),
            delay_ms: 7,
            then: Then::Disconnect,
            ..plain.clone()
        },
        Reply {
            status: 204,
            ..plain
        },
    ];
    assert_eq!(matrix.row("models.local").unwrap().script, wanted);
    let told = problems(
        "[{ json = { object = \"list\" } }]",
        "[{ sse = [{ data = 1, raw = \"x\" }] }]",
    );
    assert!(told[0].contains("a frame is a string"), "{told:?}");
}

#[test]
fn what_a_row_is_called_and_fails_by_is_told_as_written() {
    let counter = "{ name = \"local.other\", call = { limit = 3 }, options = { max_retries = 1 }, client = { key = \"k\" } }";
    let rows = ROWS.replacen(
        "{ name = \"local.other\", script = [{ status = 404 }] }",
        counter,
        1,
    );
    let matrix = load(&rows).unwrap();
    let (live, local) = (&matrix.rows()[0], &matrix.rows()[1]);
    assert_eq!((live.tier.as_str(), live.venue.as_str()), ("ga", "live"));
    assert_eq!(
        (Tier::Preview.as_str(), Venue::Local.as_str()),
        ("preview", "local")
    );
    assert_eq!(live.sabotage[0].name(), "chat.broken");
    assert_eq!(local.sabotage[0].name(), "local.other");
    let Sabotage::Counter(counter) = &local.sabotage[0] else {
        panic!("{:?}", local.sabotage);
    };
    assert_eq!(Value::Object(counter.request.clone()), json!({"limit": 3}));
    assert_eq!(
        Value::Object(counter.options.clone()),
        json!({"max_retries": 1})
    );
    assert_eq!(counter.client.as_ref().unwrap().key, Some(json!("k")));
    assert_eq!(counter.script, None);
}

#[test]
fn a_claim_names_a_row_and_only_the_top_folder_has_rows() {
    let with = |name: &str, text: &str| {
        let files = vec![
            SourceFile::new("rows.toml", ROWS),
            SourceFile::new("inputs.toml", INPUTS),
            SourceFile::new(name, text),
        ];
        Matrix::load(files, None)
    };
    let claim = |row: &str| {
        format!(
            "[[claim]]\nid = \"a\"\nsource = \"sdk-overview\"\nsays = \"x\"\nrows = [\"{row}\"]\n"
        )
    };
    let matrix = with("claims.toml", &claim("chat.live")).unwrap();
    assert_eq!(matrix.claims()[0].rows, ["chat.live"]);
    assert!(with("claims.toml", &claim("chat.dead")).is_err());
    let twice = format!("{0}{0}", claim("chat.live"));
    let told = with("claims.toml", &twice).expect_err("two claims of one name");
    assert!(
        told.to_string().contains("a second claim named `a`"),
        "{told}"
    );
    for other in ["old/rows.toml", "notes.md"] {
        assert!(with(other, "no = \"row\"").is_ok(), "{other}");
    }
    let told = with("more.toml", "no = \"row\"").expect_err("a file of rows without one");
    assert!(
        told.to_string().contains("a row file without [[row]]"),
        "{told}"
    );
}

#[test]
fn a_broken_sample_is_told_at_its_place() {
    let files = vec![
        SourceFile::new("rows.toml", ROWS),
        SourceFile::new("inputs.toml", INPUTS),
        SourceFile::new("samples/list.json", "{\n  \"a\": 1,\n  \"b\": x\n}\n"),
    ];
    let broken = Matrix::load(files, None).expect_err("no JSON");
    let line = broken.list[0].one_line(&broken.files);
    assert!(
        line.starts_with("samples/list.json:3:8: not JSON"),
        "{line}"
    );
    let drawn = broken.render(false);
    assert!(drawn.contains("\"b\": x\n  |        ^\n"), "{drawn}");
}

#[test]
fn a_bad_template_is_told_where_it_stands() {
    let told = problems("content = \"${nonce}\"", "content = \"${nonse}\"");
    assert!(told[0].starts_with("rows.toml:9:"), "{told:?}");
    let column: usize = told[0].split(':').nth(2).unwrap().parse().unwrap();
    let line = ROWS.lines().nth(8).unwrap();
    let value = line.find("\"${nonce}\"").unwrap();
    assert_eq!(column, value + 1, "{told:?}");
}

#[test]
fn a_parameter_that_an_operation_needs_is_missed() {
    let told = problems("model = \"${RUNINFRA_LLM_MODEL}\", messages", "messages");
    let wanted = "`chat.completions.create` needs the parameter `model`";
    assert!(told.iter().any(|line| line.contains(wanted)), "{told:?}");
}

#[test]
fn a_shape_that_is_not_there_is_told_with_the_nearest() {
    let rows = ROWS.replacen("[\"answered\",", "[{ shape = \"modle\" },", 1);
    let files = vec![
        SourceFile::new("rows.toml", rows),
        SourceFile::new("inputs.toml", INPUTS),
        SourceFile::new("shapes/model.json", "{}"),
        SourceFile::new("shapes/embeddings.json", "{}"),
    ];
    let told = Matrix::load(files, None)
        .expect_err("no such shape")
        .to_string();
    assert!(
        told.contains("unknown shape `modle` (did you mean `model`?)"),
        "{told}"
    );
}

#[test]
fn a_row_needs_the_inputs_that_it_nearly_uses_and_has_a_secret_only_of_its_own() {
    let near = "client = { key = \"${RUNINFRA_API_KEY.cut}\" }";
    let local = ROWS.replacen(
        "{ operation = \"models.list\" }",
        &format!("{{ operation = \"models.list\", {near} }}"),
        1,
    );
    let told = load(&local).expect_err("not needed").to_string();
    assert!(
        told.contains("the row uses `RUNINFRA_API_KEY` but does not need it"),
        "{told}"
    );
    let secret = "client = { key = \"${secret}\" }";
    let local = ROWS.replacen(
        "{ operation = \"models.list\" }",
        &format!("{{ operation = \"models.list\", {secret} }}"),
        1,
    );
    assert!(load(&local).is_ok());
    let told = problems("messages = [{", &format!("{secret}, messages = [{{"));
    assert!(
        told[0].contains("`${secret}` is the key of a local row's client"),
        "{told:?}"
    );
}
