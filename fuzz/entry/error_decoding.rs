//! Any status, headers and body become an error or an answer, without panic, and never show the key. The input is a status
//! and headers, a line each, then an empty line, then the body.

use std::fmt::Debug;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use futures_util::{FutureExt as _, stream};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use runinfra::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use runinfra::types::{ChatCompletionRequest, ChatMessage, ResponseRequest};
use runinfra::{Client, Error, RequestOptions};

const KEY: &str = "rp_live_fuzz_marker";

struct Canned {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Canned {
    fn read(input: &[u8]) -> Self {
        let end = input.windows(2).position(|pair| pair == b"\n\n");
        let (head, body) = match end {
            Some(end) => (&input[..end], &input[end + 2..]),
            None => (input, &[][..]),
        };
        let mut lines = head.split(|byte| *byte == b'\n');
        let status = lines.next().unwrap_or_default();
        let mut headers = HeaderMap::new();
        for line in lines {
            let Some(colon) = line.iter().position(|byte| *byte == b':') else {
                continue;
            };
            let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
            if let (Ok(name), Ok(value)) =
                (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
            {
                headers.append(name, value);
            }
        }
        Self {
            status: StatusCode::from_bytes(status).unwrap_or(StatusCode::IM_A_TEAPOT),
            headers,
            // The key is echoed at the end of whatever the input says.
            body: Bytes::from([body, KEY.as_bytes()].concat()),
        }
    }
}

impl Transport for Canned {
    fn send(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let body = stream::iter([Ok(self.body.clone())]);
        let response = HttpResponse::new(self.status, self.headers.clone(), Box::pin(body));
        Box::pin(async move { Ok(response) })
    }
}

fn shows_no_key<T: Debug>(outcome: &Result<T, Error>) {
    let shown = match outcome {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => format!("{error} {error:?} {:?}", std::error::Error::source(error)),
    };
    assert!(!shown.contains(KEY), "{shown}");
}

/// Answers a call and two streams with `input`. Needs the context of a runtime, for deadlines that never pass.
pub(crate) fn check(input: &[u8]) {
    let client = Client::builder()
        .api_key(KEY)
        .transport(Arc::new(Canned::read(input)))
        .build()
        .expect("good settings");
    // Nothing here waits, so nothing has to run but the calls themselves.
    let calls = async {
        let once = RequestOptions::new().max_retries(0);
        shows_no_key(&client.models().list_with(once).await);
        let request = ChatCompletionRequest::new("m", [ChatMessage::user("x")]);
        match client.chat().completions().stream(request).await {
            Ok(mut events) => {
                while let Some(event) = events.next().await {
                    shows_no_key(&event);
                }
            }
            Err(error) => shows_no_key(&Err::<(), _>(error)),
        }
        match client
            .responses()
            .stream(ResponseRequest::new("m", "x"))
            .await
        {
            Ok(mut events) => {
                while let Some(event) = events.next().await {
                    shows_no_key(&event);
                }
            }
            Err(error) => shows_no_key(&Err::<(), _>(error)),
        }
    };
    calls.now_or_never().expect("a transport that never waits");
}
