use std::marker::PhantomData;
use std::time::SystemTime;

use serde_json::Value;

use crate::client::Client;
use crate::error::Error;
use crate::webhooks;

/// Verification of webhook deliveries. Nothing here uses the network: the gateway has no delivery API.
#[derive(Clone, Copy, Debug)]
pub struct Webhooks<'a> {
    client: PhantomData<&'a Client>,
}

impl<'a> Webhooks<'a> {
    pub(crate) fn new(_: &'a Client) -> Self {
        Self {
            client: PhantomData,
        }
    }

    /// [`webhooks::verify_signature`].
    ///
    /// # Errors
    ///
    /// As the function.
    pub fn verify_signature(
        self,
        payload: &[u8],
        header: &str,
        secret: &str,
        now: SystemTime,
    ) -> Result<(), Error> {
        webhooks::verify_signature(payload, header, secret, now)
    }

    /// [`webhooks::construct_event`].
    ///
    /// # Errors
    ///
    /// As the function.
    pub fn construct_event(
        self,
        payload: &[u8],
        header: &str,
        secret: &str,
        now: SystemTime,
    ) -> Result<Value, Error> {
        webhooks::construct_event(payload, header, secret, now)
    }
}
