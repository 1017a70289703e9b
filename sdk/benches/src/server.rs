//! A gateway of nothing but bytes, in a process of its own so that its work is not counted as the client's.

use std::process::{Child, Command, Stdio};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The child process, ended when dropped.
pub struct Server {
    child: Child,
    pub base_url: String,
}

impl Server {
    /// Starts this program again as a server.
    pub fn start() -> Self {
        let program = std::env::current_exe().unwrap();
        let mut child = Command::new(program)
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        std::io::BufRead::read_line(
            &mut std::io::BufReader::new(child.stdout.take().unwrap()),
            &mut line,
        )
        .unwrap();
        Self {
            child,
            base_url: format!("http://127.0.0.1:{}/v1", line.trim()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves in a thread of this process, and gives the base URL.
pub fn in_thread() -> String {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap().port()).unwrap();
            accept(listener).await;
        });
    });
    format!("http://127.0.0.1:{}/v1", receiver.recv().unwrap())
}

/// Serves until killed. Prints the port first.
pub async fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    accept(listener).await;
}

async fn accept(listener: TcpListener) {
    let body = crate::data::answer();
    let plain = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: 7d3c0a52-4b1e-4f0e-9d55-0d8e6f1a2b3c\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let plain: &'static [u8] = Box::leak(plain.into_bytes().into_boxed_slice());
    while let Ok((socket, _)) = listener.accept().await {
        let _ = socket.set_nodelay(true);
        tokio::spawn(answer(socket, plain));
    }
}

async fn answer(socket: TcpStream, plain: &'static [u8]) {
    let mut socket = BufReader::with_capacity(8192, socket);
    let (mut line, mut body) = (String::new(), Vec::new());
    loop {
        let mut length = 0;
        let mut streamed = false;
        loop {
            line.clear();
            if !matches!(socket.read_line(&mut line).await, Ok(read) if read > 0) {
                return;
            }
            if line == "\r\n" {
                break;
            }
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            streamed |= lower.starts_with("accept: text/event-stream");
        }
        body.resize(length, 0);
        if socket.read_exact(&mut body).await.is_err() {
            return;
        }
        if streamed {
            // One event, and then silence: a stream to be held open.
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
            let stream = crate::data::stream(1);
            let event = &stream[..stream.len() - b"data: [DONE]\n\n".len()];
            let mut reply = format!("{head}{:x}\r\n", event.len()).into_bytes();
            reply.extend_from_slice(event);
            reply.extend_from_slice(b"\r\n");
            let _ = socket.get_mut().write_all(&reply).await;
        } else if socket.get_mut().write_all(plain).await.is_err() {
            return;
        }
    }
}
