//! An embedded RunInfra gateway on loopback: the whole documented contract, and every way to break it.
//!
//! It is what a release is rehearsed against and what a client is tested against. It shares no wire type with any client,
//! so that one wrong type cannot pass on both sides.
//!
//! ```
//! # async fn example() -> Result<(), runinfra_gateway::StartError> {
//! use runinfra_gateway::{Config, Gateway, fault};
//!
//! let gateway = Gateway::start(Config::default()).await?;
//! println!("{} {}", gateway.base_url(), gateway.models().llm);
//! gateway.shutdown().await;
//!
//! // The same gateway, with one regression.
//! let fault = fault::find("chat.max_tokens_ignored");
//! let broken = Gateway::start(Config { fault, ..Config::default() }).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Map
//! `server` accepts, `app` admits and runs (`router`, `auth`, `limits`, `idempotency`, `journal`), `routes` answer as pure
//! functions over the `model`s, `fault` rewrites requests and replies, `wire` writes. Nothing but `wire` touches a socket, and no
//! route knows that faults exist.

mod app;
mod auth;
mod catalog;
mod clock;
mod config;
mod envelope;
pub mod fault;
mod files;
mod gateway;
mod idempotency;
mod ids;
mod journal;
mod limits;
pub mod model;
mod params;
mod policy;
mod reply;
mod router;
mod routes;
mod secret;
mod server;
mod sse;
mod wire;

pub use catalog::Models;
pub use clock::Clock;
pub use config::{Config, KeySpec, Scope};
pub use fault::Fault;
pub use gateway::{Gateway, StartError};
pub use journal::{Arrival, Execution, Journal, Snapshot};
pub use limits::{Plan, UnknownPlan};
pub use secret::Secret;
