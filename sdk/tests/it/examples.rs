//! The example programs, run as a reader would run them, against the embedded gateway.

use std::process::Output;

use runinfra_gateway::{Config, Gateway};

use crate::support::PATIENCE;

async fn run(name: &str, gateway: &Gateway) -> Output {
    // Beside the directory that holds this test's own program.
    let mut program = std::env::current_exe().unwrap();
    program.pop();
    program.pop();
    program.extend(["examples", name]);
    let models = gateway.models();
    let run = tokio::process::Command::new(program)
        .env("RUNINFRA_API_KEY", gateway.api_key())
        .env("RUNINFRA_BASE_URL", gateway.base_url())
        .env("RUNINFRA_LLM_MODEL", models.llm)
        .env("RUNINFRA_EMBEDDING_MODEL", models.embedding)
        .env("RUNINFRA_TTS_MODEL", models.tts)
        .env("RUNINFRA_TTS_VOICE", "alloy")
        .env("RUNINFRA_ASR_MODEL", models.asr)
        .kill_on_drop(true)
        .output();
    tokio::time::timeout(PATIENCE, run).await.unwrap().unwrap()
}

fn printed(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[tokio::test]
async fn chat_says_the_same_whole_and_streamed() {
    let gateway = Gateway::start(Config::default()).await.unwrap();
    let text = printed(&run("chat", &gateway).await);
    let (whole, streamed) = text.split_once("\n\n").unwrap();
    assert!(
        !whole.is_empty() && streamed.ends_with(&format!("\n{whole}\n")),
        "{text}"
    );
}

#[tokio::test]
async fn what_is_spoken_is_heard() {
    let gateway = Gateway::start(Config::default()).await.unwrap();
    let text = printed(&run("speech", &gateway).await).to_lowercase();
    assert!(text.contains("the quick brown fox"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_nearest_text_is_the_one_about_the_cat() {
    let gateway = Gateway::start(Config::default()).await.unwrap();
    let text = printed(&run("search", &gateway).await);
    let score = |part: &str| {
        let line = text.lines().find(|line| line.contains(part)).unwrap();
        line.split_whitespace()
            .next()
            .unwrap()
            .parse::<f32>()
            .unwrap()
    };
    assert!(
        score("cat") > score("rates") && score("cat") > score("train"),
        "{text}"
    );
}

#[tokio::test]
async fn an_unsigned_delivery_is_refused() {
    let gateway = Gateway::start(Config::default()).await.unwrap();
    let output = run("webhook", &gateway).await;
    assert!(!output.status.success());
}
