//! Servers, each on a thread of its own with one core at most.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use axum::routing::post;
use runinfra_gateway::{Config, Gateway, Plan};

use crate::KEY;
use crate::bare::bare;

/// A server on a thread of its own.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// Where Linux counts the thread's time.
    counter: Option<PathBuf>,
}

impl Server {
    /// How long its thread has run on a processor.
    pub(crate) fn cpu_time(&self) -> Option<Duration> {
        let text = std::fs::read_to_string(self.counter.as_ref()?).ok()?;
        let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
        Some(Duration::from_nanos(nanoseconds))
    }
}

/// Runs a server on a thread of its own, which has its name in a profile.
fn on_one_core<F>(
    name: &str,
    serve: impl FnOnce(mpsc::Sender<SocketAddr>) -> F + Send + 'static,
) -> Server
where
    F: Future<Output = ()>,
{
    let (started, address) = mpsc::channel();
    let (counting, counter) = mpsc::channel();
    let named = thread::Builder::new().name(name.to_owned());
    let run = move || {
        let thread = std::fs::read_link("/proc/thread-self").ok();
        let counter = thread.map(|thread| PathBuf::from("/proc").join(thread).join("schedstat"));
        counting.send(counter).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(serve(started));
    };
    named.spawn(run).unwrap();
    Server {
        address: address.recv().unwrap(),
        counter: counter.recv().unwrap(),
    }
}

pub(crate) fn axum_server() -> Server {
    on_one_core("axum", |started| async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        started.send(listener.local_addr().unwrap()).unwrap();
        axum::serve(
            listener,
            axum::Router::new().route("/v1/chat/completions", post(bare)),
        )
        .await
        .unwrap();
    })
}

pub(crate) fn gateway_server(pace: Duration) -> Server {
    on_one_core("gateway", move |started| async move {
        let config = Config {
            api_key: Some(runinfra_gateway::Secret::new(KEY)),
            plan: Plan::Enterprise,
            // The budget is counted and its headers are sent; the ceiling is beyond what a round can spend only because the clock is moved.
            clock: runinfra_gateway::Clock::manual(Duration::from_secs(1_800_000_000)),
            pace,
            ..Config::default()
        };
        let clock = config.clock.clone();
        let gateway = Gateway::start(config).await.unwrap();
        started.send(gateway.address()).unwrap();
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            clock.advance(Duration::from_secs(61));
        }
    })
}
