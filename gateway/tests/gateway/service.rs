//! Keys, budgets, balances and idempotency over real sockets.

use std::time::Duration;

use crate::support::{Answer, Bench, quick, read};
use runinfra_gateway::{Clock, Config, Plan};
use serde_json::json;

async fn send(bench: &Bench, path: &str, key: &str, method: reqwest::Method) -> Answer {
    let body = bench.chat(json!("Say hello"));
    read(
        bench
            .http
            .request(method, bench.url(path))
            .bearer_auth(key)
            .json(&body)
            .send()
            .await
            .unwrap(),
    )
    .await
}

#[tokio::test]
async fn keys_reach_what_their_scope_allows() {
    let bench = Bench::conforming().await;
    let gateway = &bench.gateway;
    let (own, other) = (gateway.pipeline_id(), gateway.other_pipeline_id());
    let chat = "/chat/completions";
    let table = [
        (gateway.api_key(), chat.to_owned(), 200),
        (gateway.api_key(), format!("/{own}{chat}"), 200),
        (gateway.pipeline_key(), format!("/{own}{chat}"), 200),
        (gateway.pipeline_key(), chat.to_owned(), 403),
        (gateway.pipeline_key(), format!("/{other}{chat}"), 403),
        (gateway.api_key(), format!("/pipe_unknown{chat}"), 404),
        (gateway.api_key(), "/completions".to_owned(), 404),
        (gateway.api_key(), "/files".to_owned(), 404),
        ("rp_live_wrong", chat.to_owned(), 401),
    ];
    for (key, path, status) in table {
        let answer = send(&bench, &path, key, reqwest::Method::POST).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.header("x-request-id").is_some());
        assert_eq!(answer.header("x-ratelimit-limit").is_some(), status != 401);
    }
    let wrong = send(&bench, chat, gateway.api_key(), reqwest::Method::DELETE).await;
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("POST")));
}

#[tokio::test]
async fn budgets_count_refuse_and_turn_with_the_clock() {
    let clock = Clock::manual(Duration::from_secs(1_800_000_000));
    let bench = Bench::start(Config {
        plan: Plan::Pro,
        requests_per_minute: Some(2),
        clock: clock.clone(),
        ..quick()
    })
    .await;
    let first = bench.get("/models").await;
    assert_eq!(
        (
            first.header("x-ratelimit-limit"),
            first.header("x-ratelimit-remaining"),
            first.header("x-ratelimit-tier")
        ),
        (Some("2"), Some("1"), Some("pro"))
    );
    assert_eq!(bench.get("/models").await.status, 200);
    clock.advance(Duration::from_secs(15));
    let refused = bench.get("/models").await;
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (429, Some("45"))
    );
    assert_eq!(refused.json()["error"]["type"], "rate_limit_error");
    clock.advance(Duration::from_secs(45));
    assert_eq!(bench.get("/models").await.status, 200);
}

#[tokio::test]
async fn plans_without_api_and_empty_balances_are_refused() {
    let starter = Bench::start(Config {
        plan: Plan::Starter,
        ..quick()
    })
    .await;
    let refused = starter.get("/models").await;
    assert_eq!(
        (refused.status, refused.json()["error"]["type"].clone()),
        (403, json!("permission_error"))
    );
    let poor = Bench::start(Config {
        balance_cents: Some(3),
        ..quick()
    })
    .await;
    assert_eq!(poor.ask(json!("Say hello")).await.status, 200);
    let refused = poor.ask(json!("Say hello")).await;
    let error = &refused.json()["error"];
    assert_eq!(
        (
            refused.status,
            error["current_balance_cents"].clone(),
            error["required_cents"].clone()
        ),
        (402, json!(1), json!(2))
    );
    assert!(error["topup_url"].as_str().unwrap().starts_with("https://"));
}

#[tokio::test]
async fn a_key_runs_once_and_replays_with_evidence() {
    let bench = Bench::conforming().await;
    let body = bench.chat(json!("Say hello"));
    let key = [("idempotency-key", "k-1")];
    let first = bench.post_with("/chat/completions", &body, &key).await;
    let again = bench.post_with("/chat/completions", &body, &key).await;
    assert_eq!(
        (
            first.body.clone(),
            first.header("x-runinfra-idempotent-replay")
        ),
        (again.body.clone(), None)
    );
    assert_eq!(again.header("x-runinfra-idempotent-replay"), Some("true"));
    assert_ne!(first.header("x-request-id"), again.header("x-request-id"));
    let conflict = bench
        .post_with("/chat/completions", &bench.chat(json!("Say bye")), &key)
        .await;
    assert_eq!(
        (conflict.status, conflict.json()["error"]["code"].clone()),
        (409, json!("idempotency_conflict"))
    );
    let elsewhere = bench
        .post_with(
            "/responses",
            &json!({"model": bench.gateway.models().llm, "input": "hi"}),
            &key,
        )
        .await;
    assert_eq!(elsewhere.status, 409);
    let journal = bench.gateway.journal().snapshot();
    assert_eq!(
        (
            journal.executions_for_key("k-1"),
            journal.charged_for_key("k-1")
        ),
        (1, 2)
    );
}

#[tokio::test]
async fn concurrent_requests_with_one_key_run_once() {
    let bench = Bench::conforming().await;
    let body = json!({"model": bench.gateway.models().image, "prompt": "a harbour", "size": "256x256", "response_format": "b64_json"});
    let key = [("idempotency-key", "k-2")];
    let answers = futures_util::future::join_all(
        (0..6).map(|_| bench.post_with("/images/generations", &body, &key)),
    )
    .await;
    assert!(
        answers
            .iter()
            .all(|answer| answer.status == 200 && answer.body == answers[0].body)
    );
    let replayed = answers
        .iter()
        .filter(|answer| answer.header("x-runinfra-idempotent-replay").is_some())
        .count();
    assert_eq!(
        (
            replayed,
            bench.gateway.journal().snapshot().executions_for_key("k-2")
        ),
        (5, 1)
    );
}

#[tokio::test]
async fn streams_and_large_answers_are_not_run_again() {
    let bench = Bench::start(Config {
        max_stored_answer: 200,
        ..quick()
    })
    .await;
    let streamed = bench.chat(json!({"prompt": "Say hello", "stream": true}));
    let large = bench.chat(json!("Count from 1 to 90"));
    for (name, body) in [("k-3", streamed), ("k-4", large)] {
        let key = [("idempotency-key", name)];
        assert_eq!(
            bench
                .post_with("/chat/completions", &body, &key)
                .await
                .status,
            200
        );
        let again = bench.post_with("/chat/completions", &body, &key).await;
        assert_eq!(
            (again.status, again.json()["error"]["code"].clone()),
            (409, json!("idempotency_replay_unavailable")),
            "{name}"
        );
        assert_eq!(
            bench.gateway.journal().snapshot().executions_for_key(name),
            1
        );
    }
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free_and_costs_nothing() {
    let bench = Bench::conforming().await;
    let key = [("idempotency-key", "k-5")];
    let wrong = bench.chat(json!({"prompt": "Say hello", "surprise": true}));
    let refused = bench.post_with("/chat/completions", &wrong, &key).await;
    assert_eq!(
        (refused.status, refused.json()["error"]["param"].clone()),
        (400, json!("surprise"))
    );
    assert_eq!(bench.gateway.journal().snapshot().charged_cents(), 0);
    assert_eq!(
        bench
            .post_with("/chat/completions", &bench.chat(json!("Say hello")), &key)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn the_journal_knows_what_arrived_and_no_secret() {
    let bench = Bench::conforming().await;
    let body = bench.chat(json!("Say hello"));
    bench
        .post_with(
            "/chat/completions",
            &body,
            &[
                ("x-client-request-id", "mine-1"),
                ("x-runinfra-sdk", "rust"),
            ],
        )
        .await;
    let journal = bench.gateway.journal().snapshot();
    let arrival = &journal.arrivals[0];
    assert_eq!(
        (
            arrival.method.as_str(),
            arrival.path.as_str(),
            arrival.status
        ),
        ("POST", "/v1/chat/completions", Some(200))
    );
    assert_eq!(
        (arrival.client_request_id.as_deref(), arrival.sdk.as_deref()),
        (Some("mine-1"), Some("rust"))
    );
    assert!(!format!("{journal:?}").contains(bench.gateway.api_key()));
}

#[tokio::test]
async fn many_gateways_live_side_by_side_and_stop() {
    let (one, two) = (Bench::conforming().await, Bench::conforming().await);
    assert_ne!(one.gateway.api_key(), two.gateway.api_key());
    let url = one.url("/models");
    one.gateway.shutdown().await;
    assert!(two.http.get(url).send().await.is_err());
    assert_eq!(two.get("/models").await.status, 200);
}

#[tokio::test]
async fn the_surface_describes_itself() {
    let bench = Bench::conforming().await;
    let document = read(
        bench
            .http
            .get(bench.url("/openapi.json"))
            .send()
            .await
            .unwrap(),
    )
    .await
    .json();
    assert_eq!(document["openapi"], "3.1.0");
    insta::assert_json_snapshot!(document, {".servers" => "[url]", ".info.version" => "[version]"});
}

#[tokio::test]
async fn two_keys_show_what_running_out_looks_like() {
    let bench = Bench::conforming().await;
    let ask = async |key: &str| {
        let request = bench.http.post(bench.url("/chat/completions"));
        let body = bench.chat(json!("Say hello"));
        read(request.bearer_auth(key).json(&body).send().await.unwrap()).await
    };
    for left in ["1", "0"] {
        let answer = ask(bench.gateway.limited_key()).await;
        assert_eq!(
            (answer.status, answer.header("x-ratelimit-remaining")),
            (200, Some(left))
        );
    }
    let over = ask(bench.gateway.limited_key()).await;
    assert_eq!(
        (over.status, over.json()["error"]["type"].clone()),
        (429, json!("rate_limit_error"))
    );
    assert!(over.header("retry-after").is_some());
    let unfunded = ask(bench.gateway.unfunded_key()).await;
    let error = unfunded.json()["error"].clone();
    assert_eq!(
        (
            unfunded.status,
            &error["type"],
            &error["current_balance_cents"],
            &error["required_cents"]
        ),
        (402, &json!("insufficient_credits"), &json!(0), &json!(2))
    );
    // Neither concerns anybody else, and what is free stays free.
    assert_eq!(bench.ask(json!("Say hello")).await.status, 200);
    let models = bench.http.get(bench.url("/models"));
    let models = models
        .bearer_auth(bench.gateway.unfunded_key())
        .send()
        .await;
    assert_eq!(models.unwrap().status(), 200);
}
