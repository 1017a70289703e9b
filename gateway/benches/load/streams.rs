//! A thousand paced streams at once.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::request;
use crate::server::gateway_server;

pub(crate) fn paced_streams() {
    const STREAMS: usize = 1_000;
    let address = gateway_server(Duration::from_millis(20)).address;
    let body = r#"{"model":"llama-3.3-70b-instruct","messages":[{"role":"user","content":"Count from 1 to 30"}],"stream":true}"#;
    let request = request(body);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let started = Instant::now();
    let complete: usize = runtime.block_on(async {
        let streams = (0..STREAMS).map(|_| async {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(&request).await.unwrap();
            let mut buffer = Vec::new();
            while !buffer.ends_with(b"0\r\n\r\n") {
                assert!(stream.read_buf(&mut buffer).await.unwrap() > 0);
            }
            let text = String::from_utf8(buffer).unwrap();
            usize::from(text.contains("[DONE]"))
        });
        futures_util::future::join_all(streams)
            .await
            .into_iter()
            .sum()
    });
    println!(
        "paced streams at once: {complete} of {STREAMS} complete in {:.2} s (60 increments of 20 ms: 1.2 s alone)",
        started.elapsed().as_secs_f64()
    );
    assert_eq!(complete, STREAMS);
}
