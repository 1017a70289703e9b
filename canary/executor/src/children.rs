//! Programs that this process started and waits for: what it is told, they are told too, and none is
//! left behind.

use std::{future::Future, io, pin::pin};

use tokio::process::Command;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The programs that run, and whether they have to end at once.
#[derive(Debug, Clone, Default)]
pub struct Children {
    at_once: CancellationToken,
    running: TaskTracker,
}

/// Whom a signal reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The program, in the group of this process: what a terminal sends reaches it as well, so it has
    /// to take being told twice for being told once.
    Alone,
    /// The program and all that it starts, in a group of their own: what a terminal sends reaches them
    /// through this process alone.
    Group,
}

impl Children {
    /// Ends every program, and is done when none is left.
    pub async fn kill(&self) {
        self.at_once.cancel();
        self.running.close();
        self.running.wait().await;
    }

    /// Starts a program and waits for it in some way. Once this process is asked to end, so is the
    /// program; nothing is given when it had to be killed.
    pub async fn minded<W: Future>(
        &self,
        mut command: Command,
        reach: Reach,
        asked: &CancellationToken,
        wait: impl FnOnce(tokio::process::Child) -> W,
    ) -> io::Result<Option<W::Output>> {
        let _running = self.running.token();
        #[cfg(unix)]
        if reach == Reach::Group {
            command.process_group(0);
        }
        // Whatever ends the wait, ends the program.
        let child = command.kill_on_drop(true).spawn()?;
        let told = Told::new(&child, reach);
        let mut ended = pin!(wait(child));
        tokio::select! {
            biased;
            output = &mut ended => return Ok(Some(output)),
            () = asked.cancelled() => told.end(),
        }
        tokio::select! {
            biased;
            output = &mut ended => Ok(Some(output)),
            () = self.at_once.cancelled() => {
                told.kill();
                Ok(None)
            }
        }
    }
}

/// A program by what signals go to.
struct Told {
    #[cfg(unix)]
    id: Option<rustix::process::Pid>,
    #[cfg(unix)]
    reach: Reach,
}

#[cfg(unix)]
impl Told {
    fn new(child: &tokio::process::Child, reach: Reach) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        let id = id.and_then(rustix::process::Pid::from_raw);
        Self { id, reach }
    }

    fn end(&self) {
        self.send(rustix::process::Signal::TERM);
    }

    fn kill(&self) {
        self.send(rustix::process::Signal::KILL);
    }

    fn send(&self, signal: rustix::process::Signal) {
        use rustix::process::{kill_process, kill_process_group};
        let send = match self.reach {
            Reach::Alone => kill_process,
            Reach::Group => kill_process_group,
        };
        // Who is gone already need not be told.
        let _gone = self.id.map(|id| send(id, signal));
    }
}

/// Ctrl-C, of which alone we hear there, reaches every program on its own; one that is not waited for
/// any more is killed.
#[cfg(not(unix))]
impl Told {
    fn new(_child: &tokio::process::Child, _reach: Reach) -> Self {
        Self {}
    }

    fn end(&self) {}

    fn kill(&self) {}
}
