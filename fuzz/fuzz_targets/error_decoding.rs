//! Any status, headers and body become an error or an answer, without panic, and never show the key.
#![no_main]

use std::sync::Arc;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use libfuzzer_sys::fuzz_target;
use runinfra::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use runinfra::{Client, RequestOptions};

const KEY: &str = "rp_live_fuzz_marker";

struct Canned(u16, Vec<(Vec<u8>, Vec<u8>)>, Vec<u8>);

impl Transport for Canned {
    fn send(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let status = StatusCode::from_u16(self.0).unwrap_or(StatusCode::IM_A_TEAPOT);
        let mut headers = HeaderMap::new();
        for (name, value) in &self.1 {
            if let (Ok(name), Ok(value)) =
                (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
            {
                headers.append(name, value);
            }
        }
        // The key is echoed at the end of whatever the fuzzer says.
        let body = [self.2.as_slice(), KEY.as_bytes()].concat();
        let body = stream::iter([Ok(Bytes::from(body))]);
        Box::pin(async move { Ok(HttpResponse::new(status, headers, Box::pin(body))) })
    }
}

fuzz_target!(|input: (u16, Vec<(Vec<u8>, Vec<u8>)>, Vec<u8>)| {
    let (status, headers, body) = input;
    let transport = Arc::new(Canned(status, headers, body));
    let client = Client::builder()
        .api_key(KEY)
        .transport(transport)
        .build()
        .expect("good settings");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let outcome = runtime.block_on(
        client
            .models()
            .list_with(RequestOptions::new().max_retries(0)),
    );
    let shown = match &outcome {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => format!("{error} {error:?} {:?}", std::error::Error::source(error)),
    };
    assert!(!shown.contains(KEY), "{shown}");
});
