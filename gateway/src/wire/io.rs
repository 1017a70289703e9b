//! The socket under a connection, with a lever that turns its end into a reset.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::wire::headless;

/// The lever: once armed, the connection ends with RST instead of FIN.
#[derive(Debug, Clone, Default)]
pub(crate) struct Abort(Arc<AtomicBool>);

impl Abort {
    pub(crate) fn arm(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn is_armed(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// A TCP stream as hyper reads and writes it.
///
/// hyper answers a head that is no HTTP by itself, with an empty body and without any header of ours. The gateway promises an envelope and a
/// request id on every answer, so that one answer is replaced here.
#[derive(Debug)]
pub(crate) struct GatewayIo {
    stream: TokioIo<TcpStream>,
    abort: Abort,
    /// What is left of an answer written instead of hyper's.
    instead: Option<Bytes>,
}

impl GatewayIo {
    pub(crate) fn new(stream: TcpStream, abort: Abort) -> Self {
        Self {
            stream: TokioIo::new(stream),
            abort,
            instead: None,
        }
    }

    /// Tells a caller of whose head nothing came what was wrong with it, and ends the connection.
    pub(crate) async fn end_with(&mut self, last_word: &[u8]) {
        let stream = self.stream.inner_mut();
        // A caller that is gone cannot be told.
        if stream.write_all(last_word).await.is_ok() {
            let _ = stream.shutdown().await;
        }
    }

    /// Writes the replacement; hyper is told that all of its own bytes went out.
    fn poll_instead(&mut self, context: &mut Context<'_>, asked: usize) -> Poll<io::Result<usize>> {
        while let Some(left) = self.instead.as_mut().filter(|left| !left.is_empty()) {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, left))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            left.advance(written);
        }
        self.instead = None;
        Poll::Ready(Ok(asked))
    }

    fn replace(&mut self, bytes: &[u8]) -> bool {
        if self.instead.is_none() {
            self.instead = headless::replacement(bytes);
        }
        self.instead.is_some()
    }
}

impl Drop for GatewayIo {
    fn drop(&mut self) {
        if self.abort.is_armed() {
            // Without linger the kernel discards what is unsent and answers with RST. If it refuses, the caller sees FIN.
            let _ = self.stream.inner().set_zero_linger();
        }
    }
}

impl Read for GatewayIo {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl Write for GatewayIo {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.replace(bytes) {
            return self.poll_instead(context, bytes.len());
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.abort.is_armed() {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let Some(first) = buffers.first()
            && self.replace(first)
        {
            return self.poll_instead(context, buffers.iter().map(|buffer| buffer.len()).sum());
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }
}
