//! Chat completions over real sockets.

use crate::support::Bench;
use serde_json::json;

#[tokio::test]
async fn a_plain_answer_has_the_documented_shape() {
    let bench = Bench::conforming().await;
    let answer = bench
        .ask(json!({"prompt": "Reply with exactly: nonce-4711", "metadata": {"probe": "x"}}))
        .await;
    assert_eq!(answer.status, 200);
    assert!(uuid::Uuid::parse_str(answer.header("x-request-id").unwrap()).is_ok());
    assert_eq!(answer.header("x-ratelimit-tier"), Some("team"));
    let body = answer.json();
    assert_eq!(answer.text(), "nonce-4711");
    assert_eq!(body["object"], "chat.completion");
    assert_eq!(body["metadata"]["probe"], "x");
    let usage = &body["usage"];
    assert_eq!(
        usage["total_tokens"].as_u64().unwrap(),
        usage["prompt_tokens"].as_u64().unwrap() + usage["completion_tokens"].as_u64().unwrap()
    );
}

#[tokio::test]
async fn streams_join_to_the_plain_answer() {
    let bench = Bench::conforming().await;
    let body = json!({"prompt": "Count from 1 to 9", "stream": true, "stream_options": {"include_usage": true}});
    let streamed = bench.ask(body).await;
    assert_eq!(
        streamed.header("content-type"),
        Some("text/event-stream; charset=utf-8")
    );
    let frames = streamed.frames();
    assert_eq!(frames[0]["choices"][0]["delta"]["role"], "assistant");
    let text: String = frames
        .iter()
        .filter_map(|frame| frame["choices"][0]["delta"]["content"].as_str())
        .collect();
    assert_eq!(text, "1, 2, 3, 4, 5, 6, 7, 8, 9");
    assert!(
        frames.last().unwrap()["usage"]["total_tokens"]
            .as_u64()
            .unwrap()
            > 0
    );
    assert_eq!(streamed.events().last().unwrap().1, "[DONE]");
}

#[tokio::test]
async fn limits_act() {
    let bench = Bench::conforming().await;
    let cut = bench
        .ask(json!({"prompt": "Count from 1 to 50", "max_tokens": 4}))
        .await
        .json();
    assert_eq!(cut["choices"][0]["finish_reason"], "length");
    assert_eq!(cut["usage"]["completion_tokens"], 4);
    let stopped = bench
        .ask(json!({"prompt": "Count from 1 to 50", "stop": ["7"]}))
        .await;
    assert_eq!(stopped.text(), "1, 2, 3, 4, 5, 6, ");
    let clamped = bench
        .ask(json!({"prompt": "Say hello", "top_p": 1.5, "logit_bias": {"1": 2}}))
        .await;
    assert_eq!(
        clamped.header("x-param-adjustments"),
        Some("top_p=1.5->1.0; logit_bias=dropped")
    );
    let strict = bench
        .ask(json!({"prompt": "Say hello", "top_p": 1.5, "strict_params": true}))
        .await;
    assert_eq!(
        (
            strict.status,
            strict.json()["error"]["param"].as_str().unwrap().to_owned()
        ),
        (400, "top_p".into())
    );
}

#[tokio::test]
async fn a_fault_changes_what_its_entry_says() {
    let bench = Bench::broken("chat.max_tokens_ignored").await;
    let answer = bench
        .ask(json!({"prompt": "Count from 1 to 50", "max_tokens": 4}))
        .await
        .json();
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
}
