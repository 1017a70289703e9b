//! The accept loop: connections in, answers out. Everything that decides lives in [`crate::app`].

mod alarm;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1::{self, Parts};
use hyper::service::service_fn;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::App;
use crate::server::alarm::Alarm;
use crate::wire::{Abort, GatewayIo, headless};

/// Accepts until `stop` is raised, then lets connections finish for `grace`.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    mut stop: watch::Receiver<bool>,
    grace: Duration,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&app), stop.clone()));
                }
                // Out of descriptors, most likely: give connections time to end instead of spinning.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next() => {}
            () = raised(&mut stop) => break,
        }
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    // Dropping the set afterwards aborts whatever is left.
    let _ = tokio::time::timeout(grace, ended).await;
}

/// Ends the connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection was ended by the fault under test")]
struct HungUp;

async fn connection(stream: TcpStream, app: Arc<App>, mut stop: watch::Receiver<bool>) {
    // Increments must leave when they are written. Where the option fails, they leave a little later.
    let _ = stream.set_nodelay(true);
    let abort = Abort::default();
    let io = GatewayIo::new(stream, abort.clone());
    let read_timeout = app.read_timeout();
    let service = service_fn(move |request: Request<Incoming>| {
        let app = Arc::clone(&app);
        let abort = abort.clone();
        async move { app.serve(request, &abort).await.ok_or(HungUp) }
    });
    let alarm = Alarm::new(read_timeout);
    let mut connection = http1::Builder::new()
        .timer(alarm.clone())
        .header_read_timeout(read_timeout)
        .max_buf_size(64 * 1024)
        .serve_connection(io, service);
    let mut ring = pin!(tokio::time::sleep_until(alarm.next()));
    let mut stopping = false;
    let ended = loop {
        tokio::select! {
            ended = &mut connection => break ended,
            () = raised(&mut stop), if !stopping => {
                stopping = true;
                std::pin::Pin::new(&mut connection).graceful_shutdown();
            }
            () = &mut ring => ring.as_mut().reset(alarm.next()),
        }
    };
    let Err(error) = ended else { return };
    let last_word = if error.is_timeout() {
        headless::timed_out()
    } else if error.is_parse_version_h2() {
        headless::http2()
    } else if error.is_incomplete_message() {
        headless::truncated()
    } else {
        // Any other end is the caller's own, who went away: nobody is left to tell.
        return;
    };
    let Parts {
        mut io, read_buf, ..
    } = connection.into_parts();
    // A connection that was merely idle closes without a word; hyper counts that as a head that did not come either.
    if !read_buf.is_empty() {
        let _ = tokio::time::timeout(read_timeout, io.end_with(&last_word)).await;
    }
}

/// Resolves when the gateway stops, or is gone.
async fn raised(stop: &mut watch::Receiver<bool>) {
    // An error means that the sender was dropped with the gateway.
    let _ = stop.wait_for(|stop| *stop).await.is_ok();
}
