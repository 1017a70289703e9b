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
    /// ```
    /// # fn main() -> Result<(), runinfra::Error> {
    /// # let client = runinfra::Client::builder().api_key("rp_live_example").build()?;
    /// # let (secret, now) = ("whsec_example", std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000));
    /// # let header = "t=1700000000,v1=27e04aaf22bbc1cc9fd93a35735dd64540f512e746c5e95e33df1caa3e66ff84";
    /// // As it came, before anything parses it; `header` is what `RunInfra-Signature` says, and `now` is `SystemTime::now()`.
    /// let body = br#"{"type":"deployment.ready"}"#;
    /// client.webhooks().verify_signature(body, header, secret, now)?;
    /// # assert!(client.webhooks().verify_signature(b"{}", header, secret, now).is_err());
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// # fn main() -> Result<(), runinfra::Error> {
    /// # let client = runinfra::Client::builder().api_key("rp_live_example").build()?;
    /// # let (secret, now) = ("whsec_example", std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000));
    /// # let header = "t=1700000000,v1=27e04aaf22bbc1cc9fd93a35735dd64540f512e746c5e95e33df1caa3e66ff84";
    /// let body = br#"{"type":"deployment.ready"}"#;
    /// let event = client.webhooks().construct_event(body, header, secret, now)?;
    /// assert_eq!(event["type"], "deployment.ready");
    /// # Ok(())
    /// # }
    /// ```
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
