//! `canary-gateway` as a process: what it prints, what its options change, and how it stops.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_canary-gateway"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// A process that has said where it is.
struct Served {
    child: Child,
    announced: Value,
    http: reqwest::Client,
}

impl Served {
    async fn start(arguments: &[&str]) -> Self {
        // Another test may have been first.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let mut child = command(&[&["--json"], arguments].concat()).spawn().unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).await.unwrap();
        Self {
            child,
            announced: serde_json::from_str(&line).unwrap(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    fn told(&self, name: &str) -> &str {
        self.announced[name].as_str().unwrap()
    }

    fn request(&self, path: &str, body: &Value) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.told("base_url"));
        let request = match body {
            Value::Null => self.http.get(url),
            body => self.http.post(url).json(body),
        };
        request.bearer_auth(self.told("api_key"))
    }

    fn chat(&self, prompt: &str) -> Value {
        json!({"model": self.announced["models"]["llm"], "messages": [{"role": "user", "content": prompt}]})
    }

    /// Asks it to stop as a service manager does, and waits for it.
    async fn stop(mut self) -> (ExitStatus, String) {
        let id = self.child.id().unwrap().to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(killed.unwrap().success());
        self.ended().await
    }

    async fn ended(&mut self) -> (ExitStatus, String) {
        let mut log = String::new();
        let mut errors = self.child.stderr.take().unwrap();
        errors.read_to_string(&mut log).await.unwrap();
        (self.child.wait().await.unwrap(), log)
    }
}

fn logged(log: &str) -> Vec<Value> {
    log.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test]
async fn the_catalogue_is_printed_as_json() {
    let output = command(&["--list-faults"]).output().await.unwrap();
    assert!(output.status.success());
    let listed: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let known = runinfra_gateway::fault::catalogue();
    assert_eq!(listed.len(), known.len());
    for (listed, known) in listed.iter().zip(known) {
        assert_eq!(listed["name"], known.name);
        for field in ["modality", "layer", "breaks", "promise"] {
            assert!(listed[field].as_str().is_some_and(|text| !text.is_empty()));
        }
    }
}

#[tokio::test]
async fn bad_usage_is_told_and_exits_with_2() {
    for arguments in [
        &["--fault", "none.such"][..],
        &["--plan", "gold"],
        &["--port", "65536"],
        &["--surprise"],
    ] {
        let output = command(arguments).output().await.unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty());
    }
    let first = Served::start(&["--quiet"]).await;
    let port = first.told("base_url").rsplit([':', '/']).nth(1).unwrap();
    let output = command(&["--port", port]).output().await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("choose another port"), "{told}");
}

/// How it ends when what it prints goes there. (`output` would take what it prints itself.)
async fn told_to(stdout: impl Into<Stdio>, arguments: &[&str]) -> Output {
    let mut command = command(arguments);
    let child = command.stdout(stdout).spawn().unwrap();
    drop(command);
    child.wait_with_output().await.unwrap()
}

#[tokio::test]
async fn a_reader_that_has_seen_enough_of_the_catalogue_is_no_failure() {
    let (reader, writer) = std::io::pipe().unwrap();
    // Gone before the first word.
    drop(reader);
    let output = told_to(writer, &["--list-faults"]).await;
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_cannot_be_printed_or_written_is_told_and_exits_with_3() {
    for arguments in [&["--list-faults"][..], &["--quiet"]] {
        let full = std::fs::File::create("/dev/full").unwrap();
        let output = told_to(full, arguments).await;
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains("could not print"), "{told}");
    }
    let served = Served::start(&["--quiet", "--journal", "/dev/full"]).await;
    let (status, told) = served.stop().await;
    assert_eq!(status.code(), Some(3));
    assert!(told.contains("could not write the journal"), "{told}");
}

#[tokio::test]
async fn a_person_is_told_the_variables_to_set() {
    let mut child = command(&["--fault", "chat.n_ignored"]).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut lines = Vec::new();
    for _ in 0..10 {
        lines.push(out.next_line().await.unwrap().unwrap());
    }
    assert!(lines[0].starts_with("RUNINFRA_BASE_URL=http://127.0.0.1:"));
    assert!(lines[..9].iter().all(|line| line.starts_with("RUNINFRA_")));
    assert!(lines[9].starts_with("# fault: chat.n_ignored"));
}

#[tokio::test]
async fn every_answer_is_logged_even_after_a_caller_has_left() {
    let served = Served::start(&["--latency-ms", "400"]).await;
    let left = served.request("/models", &Value::Null).send();
    assert!(
        tokio::time::timeout(Duration::from_millis(100), left)
            .await
            .is_err()
    );
    for _ in 0..2 {
        let answer = served.request("/models", &Value::Null).send().await;
        assert_eq!(answer.unwrap().status(), 200);
    }
    let (api_key, pipeline_key) = (
        served.told("api_key").to_owned(),
        served.told("pipeline_key").to_owned(),
    );
    let (status, log) = served.stop().await;
    assert!(status.success());
    let logged = logged(&log);
    let seen: Vec<_> = logged
        .iter()
        .map(|line| {
            (
                &line["event"],
                &line["request"]["path"],
                &line["request"]["status"],
            )
        })
        .collect();
    let expected = (&json!("answered"), &json!("/v1/models"), &json!(200));
    assert_eq!(seen, [expected, expected]);
    assert!(!log.contains(&api_key) && !log.contains(&pipeline_key));
}

#[tokio::test]
async fn stopping_lets_a_stream_finish_and_writes_the_journal() {
    let folder = std::env::temp_dir().join(format!("canary-gateway-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("journal.json");
    let path = file.to_str().unwrap().to_owned();
    let mut served = Served::start(&["--quiet", "--pace-ms", "30", "--journal", &path]).await;
    let mut body = served.chat("Count from 1 to 12");
    body["stream"] = true.into();
    let mut answer = served
        .request("/chat/completions", &body)
        .send()
        .await
        .unwrap();
    let mut stream = answer.chunk().await.unwrap().unwrap().to_vec();
    let id = served.child.id().unwrap().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .await
            .unwrap()
            .success()
    );
    while let Some(chunk) = answer.chunk().await.unwrap() {
        stream.extend_from_slice(&chunk);
    }
    assert!(stream.ends_with(b"data: [DONE]\n\n"));
    let (status, log) = served.ended().await;
    assert!(status.success() && log.is_empty(), "{log}");
    let journal: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(journal["arrivals"][0]["status"], 200);
    assert_eq!(
        journal["executions"][0]["operation"],
        "chat.completions.create"
    );
}

#[tokio::test]
async fn options_change_what_they_name() {
    let served = Served::start(&[
        "--quiet",
        "--plan",
        "pro",
        "--requests-per-minute",
        "7",
        "--api-key",
        "rp_live_mine",
        "--pipeline-key",
        "sk-ri-mine",
        "--pipeline-id",
        "pipe_mine",
        "--pipeline",
        "pipe_too",
        "--balance-cents",
        "3",
        "--done-after-responses",
        "--pace-ms",
        "0",
        "--jitter-ms",
        "1",
    ])
    .await;
    assert_eq!(
        ["api_key", "pipeline_key", "pipeline_id"].map(|name| served.told(name)),
        ["rp_live_mine", "sk-ri-mine", "pipe_mine"]
    );
    let answer = served
        .request("/pipe_too/models", &Value::Null)
        .send()
        .await
        .unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        [
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-tier"
        ]
        .map(header),
        ["7", "6", "pro"]
    );
    let body = json!({"model": "default", "input": "Say hello", "stream": true});
    let request = served.request("/pipe_mine/responses", &body);
    let answer = request.bearer_auth("sk-ri-mine").send().await.unwrap();
    // Two Authorization headers are none.
    assert_eq!(answer.status(), 401);
    let url = format!("{}/pipe_mine/responses", served.told("base_url"));
    let request = served.http.post(url).json(&body).bearer_auth("sk-ri-mine");
    let text = request.send().await.unwrap().text().await.unwrap();
    assert!(text.ends_with("data: [DONE]\n\n"), "{text}");
    // Two cents of three are spent, and a chat costs two.
    let poor = served
        .request("/chat/completions", &served.chat("Say hello"))
        .send()
        .await;
    assert_eq!(poor.unwrap().status(), 402);
}
