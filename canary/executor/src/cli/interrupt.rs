//! Being told to end: Ctrl-C, or a request to terminate.

use std::io;

use canary_core::exit::Exit;
use tokio_util::sync::CancellationToken;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::children::Children;

/// Listens from the moment it is made, so that nothing that comes later is lost.
pub(super) struct Interrupts {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl Interrupts {
    /// Listens; has to be called within the runtime.
    #[cfg(unix)]
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Listens; has to be called within the runtime.
    #[cfg(windows)]
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: tokio::signal::windows::ctrl_c()?,
        })
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(windows)]
    async fn next(&mut self) {
        self.interrupt.recv().await;
    }

    /// The first interrupt asks the command to end and to write what it has; the second does not
    /// wait for that, but for the end of the programs that were started. An executor that another one
    /// started leaves the second to that one, which may have handed on what a terminal sent to both.
    pub(super) async fn cancel(
        mut self,
        cancel: CancellationToken,
        children: Children,
        started: bool,
    ) {
        self.next().await;
        cancel.cancel();
        if started {
            return;
        }
        self.next().await;
        children.kill().await;
        std::process::exit(Exit::Interrupted.code().into());
    }
}
