use std::time::{Duration, Instant};

use canary_core::{
    matrix::{Frame, Reply, ReplyBody, Then},
    template::{Scope, Slot, Unfilled},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::ScriptedServer;

struct Nothing;

impl Scope for Nothing {
    fn value(&self, _: &Slot) -> Result<Option<Value>, Unfilled> {
        Ok(None)
    }
}

fn reply(then: Then) -> Reply {
    Reply {
        status: 200,
        headers: Vec::new(),
        request_id: true,
        body: ReplyBody::Sse(vec![Frame::Data(json!("one")), Frame::Data(json!("two"))]),
        delay_ms: 0,
        then,
    }
}

/// Sends a request and reads the first bytes of the answer.
async fn ask(server: &ScriptedServer) -> TcpStream {
    let address = server.base_url();
    let address = address
        .trim_start_matches("http://")
        .trim_end_matches("/v1");
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket
        .write_all(b"GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut bytes = [0; 16];
    socket.read_exact(&mut bytes).await.unwrap();
    socket
}

const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_client_that_lets_go_of_a_finished_answer_is_not_waited_for() {
    let server = ScriptedServer::start(&[reply(Then::End)], &Nothing)
        .await
        .unwrap();
    let began = Instant::now();
    drop(ask(&server).await);
    server.settle(LONG).await;
    assert!(began.elapsed() < LONG);
    assert_eq!(server.seen().requests.len(), 1);
}

#[tokio::test]
async fn a_client_that_lets_go_of_an_unfinished_answer_is_seen_to() {
    let server = ScriptedServer::start(&[reply(Then::Stall)], &Nothing)
        .await
        .unwrap();
    let socket = ask(&server).await;
    server.settle(Duration::from_millis(20)).await;
    assert_eq!(server.seen().abandoned, 0, "the client still holds on");
    drop(socket);
    server.settle(LONG).await;
    assert_eq!(server.seen().abandoned, 1);
}

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own() {
    let mut ids = Vec::new();
    let server = ScriptedServer::start(&[reply(Then::Disconnect)], &Nothing)
        .await
        .unwrap();
    for _ in 0..2 {
        let mut rest = String::new();
        ask(&server).await.read_to_string(&mut rest).await.unwrap();
        let id = rest
            .lines()
            .find_map(|line| line.strip_prefix("x-request-id: "));
        ids.push(id.unwrap().to_owned());
    }
    assert_ne!(ids[0], ids[1]);
}
