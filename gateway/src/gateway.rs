//! Starting, asking and stopping one gateway.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::catalog::{MODELS, Models};
use crate::config::Config;
use crate::journal::Journal;
use crate::server;

/// Why a gateway did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port was taken or not permitted.
    #[error(
        "bound 127.0.0.1:{port} for the gateway, and it failed: {source}; choose another port, or 0 for a free one"
    )]
    Bind {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
}

/// A running gateway on loopback. Dropping it stops it at once; [`Gateway::shutdown`] lets answers in flight finish.
#[derive(Debug)]
pub struct Gateway {
    address: SocketAddr,
    app: Arc<App>,
    stop: watch::Sender<bool>,
    grace: Duration,
    task: JoinHandle<()>,
}

impl Gateway {
    /// Binds `127.0.0.1` and serves on the current tokio runtime.
    ///
    /// # Panics
    /// Outside a tokio runtime with time and network enabled, as every tokio socket does.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let port = config.port;
        let failed = |source| StartError::Bind { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let grace = config.grace;
        let app = Arc::new(App::new(config, address));
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(server::serve(listener, Arc::clone(&app), stopped, grace));
        Ok(Self {
            address,
            app,
            stop,
            grace,
            task,
        })
    }

    /// `http://127.0.0.1:PORT/v1`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The workspace key.
    pub fn api_key(&self) -> &str {
        self.app.identity().api_key.expose()
    }

    /// The key that reaches [`Gateway::pipeline_id`] only.
    pub fn pipeline_key(&self) -> &str {
        self.app.identity().pipeline_key.expose()
    }

    /// A workspace key with a budget of two requests a minute: the third is refused with 429.
    pub fn limited_key(&self) -> &str {
        self.app.identity().limited_key.expose()
    }

    /// A workspace key without any balance: what costs something is refused with 402.
    pub fn unfunded_key(&self) -> &str {
        self.app.identity().unfunded_key.expose()
    }

    /// The pipeline that [`Gateway::pipeline_key`] reaches. It serves every model, and the voice pipeline.
    pub fn pipeline_id(&self) -> &str {
        &self.app.identity().pipeline_id
    }

    /// A pipeline that exists and that [`Gateway::pipeline_key`] must not reach.
    pub fn other_pipeline_id(&self) -> &str {
        &self.app.identity().other_pipeline_id
    }

    /// What arrived, ran and was charged.
    pub fn journal(&self) -> Journal {
        self.app.journal().clone()
    }

    /// The deployed models by modality.
    pub fn models(&self) -> Models {
        MODELS
    }

    /// Stops accepting, waits for answers in flight up to the configured grace, then drops the rest.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        let wait = self.grace + Duration::from_secs(1);
        // An aborted or panicked accept loop has stopped as well.
        let _ = tokio::time::timeout(wait, &mut self.task).await;
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.task.abort();
    }
}
