//! What is measured: the SDK's decoding, its stream path and its calls, each beside a floor and its peers.

pub mod calls;
pub mod data;
pub mod decode;
pub mod measure;
pub mod server;
