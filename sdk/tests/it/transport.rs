//! What the default transport does and does not do, and that it can be wrapped.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_core::future::BoxFuture;
use runinfra::transport::{Http, HttpRequest, HttpResponse, Roots, Transport, TransportError};
use runinfra::{Client, ErrorKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::operations::{ChatCreate, ModelsList, chat};
use crate::support::{self, KEY, Server, Step};

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_stays() {
    for status in [301, 302, 303, 307, 308] {
        let other = Server::script([ModelsList.good()]).await;
        let location = format!("{}/models", other.base_url());
        let server = Server::script([support::reply(
            status,
            &[("location", &location), ("x-request-id", "r")],
            "",
        )])
        .await;
        let error = server.client().models().list().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status(), error.request_id()),
            (ErrorKind::Api, Some(status), Some("r"))
        );
        assert_eq!(other.connections(), 0);
        assert_eq!(server.seen().len(), 1);
    }
}

/// Wraps another transport and keeps what passes.
struct Recorded {
    inner: Http,
    exchanges: Mutex<Vec<(String, String, u16)>>,
}

impl Transport for Recorded {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let line = format!("{} {}", request.method, request.url.path());
            let body = String::from_utf8_lossy(&request.body).into_owned();
            assert!(request.headers["authorization"].is_sensitive());
            let response = self.inner.send(request).await?;
            self.exchanges
                .lock()
                .unwrap()
                .push((line, body, response.status.as_u16()));
            Ok(response)
        })
    }
}

#[tokio::test]
async fn a_transport_can_be_wrapped_to_see_every_attempt() {
    let server = Server::script([
        support::error(503, "server_error", "busy"),
        ModelsList.good(),
        ChatCreate.good(),
    ])
    .await;
    let recorded = Arc::new(Recorded {
        inner: Http::new().unwrap(),
        exchanges: Mutex::default(),
    });
    let client = server
        .builder()
        .transport(Arc::clone(&recorded) as Arc<dyn Transport>)
        .build()
        .unwrap();
    client.models().list().await.unwrap();
    client.chat().completions().create(chat()).await.unwrap();
    let exchanges = recorded.exchanges.lock().unwrap();
    let lines: Vec<_> = exchanges
        .iter()
        .map(|(line, _, status)| (line.as_str(), *status))
        .collect();
    assert_eq!(
        lines,
        [
            ("GET /v1/models", 503),
            ("GET /v1/models", 200),
            ("POST /v1/chat/completions", 200)
        ]
    );
    assert!(exchanges[2].1.contains("\"model\":\"m\""));
}

/// A server closes a connection that was idle for its own keep-alive time, and a call that meets the close is lost.
#[tokio::test]
async fn a_connection_that_was_idle_for_too_long_is_not_used_again() {
    for (idle, connections) in [(None, 1), (Some(Duration::from_nanos(1)), 2)] {
        let server = Server::script([ModelsList.good(), ModelsList.good()]).await;
        let http = match idle {
            Some(idle) => Http::builder().idle_timeout(idle),
            None => Http::builder(),
        };
        let client = server
            .builder()
            .transport(Arc::new(http.build().unwrap()) as Arc<dyn Transport>)
            .build()
            .unwrap();
        client.models().list().await.unwrap();
        client.models().list().await.unwrap();
        assert_eq!(server.connections(), connections, "{idle:?}");
    }
}

/// The environment's proxy would see the key.
#[tokio::test]
async fn proxies_in_the_environment_are_not_used() {
    let trap = Server::script([vec![Step::Close]]).await;
    let server = Server::script([ModelsList.good()]).await;
    let program = std::env::current_exe().unwrap();
    let output = tokio::task::spawn_blocking({
        let (proxy, base) = (trap.base_url(), server.base_url());
        move || {
            std::process::Command::new(program)
                .args(["transport::one_call_for_a_child_process", "--exact"])
                .env("CHILD_BASE_URL", base)
                .env("http_proxy", &proxy)
                .env("HTTP_PROXY", &proxy)
                .env("https_proxy", &proxy)
                .env("ALL_PROXY", &proxy)
                .env_remove("no_proxy")
                .env_remove("NO_PROXY")
                .output()
                .unwrap()
        }
    })
    .await
    .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert_eq!((server.seen().len(), trap.connections()), (1, 0));
}

/// Does nothing unless the test above runs it as a program of its own, with its own environment.
#[tokio::test]
async fn one_call_for_a_child_process() {
    if let Ok(base) = std::env::var("CHILD_BASE_URL") {
        Client::builder()
            .api_key(KEY)
            .base_url(base)
            .build()
            .unwrap()
            .models()
            .list()
            .await
            .unwrap();
    }
}

/// A TLS server of one certificate, made for the occasion, that answers one request a connection.
async fn tls_server() -> (String, Vec<u8>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(mut tls) = acceptor.accept(socket).await else {
                continue;
            };
            let mut request = [0; 4096];
            let _ = tls.read(&mut request).await;
            let Step::Send(answer) = &ModelsList.good()[0] else {
                unreachable!()
            };
            let _ = tls.write_all(answer).await;
            let _ = tls.shutdown().await;
        }
    });
    (format!("https://localhost:{port}/v1"), certificate.to_vec())
}

#[tokio::test]
async fn only_a_certificate_under_a_known_root_gets_the_key() {
    let (base, certificate) = tls_server().await;
    let call = |http: Result<Http, TransportError>| {
        let client = Client::builder()
            .api_key(KEY)
            .base_url(&base)
            .max_retries(0)
            .transport(Arc::new(http.unwrap()))
            .build()
            .unwrap();
        async move { client.models().list().await }
    };
    let unknown = call(Http::new()).await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Connection, "{unknown:?}");
    assert!(
        format!("{unknown:?}").contains("UnknownIssuer"),
        "{unknown:?}"
    );
    let known = call(Http::builder().root_certificate_der(certificate).build())
        .await
        .unwrap();
    assert_eq!(known.data[0].id, "m");
    // A machine without a list of its own cannot build this one.
    if let Ok(http) = Http::builder().roots(Roots::Platform).build() {
        assert_eq!(
            call(Ok(http)).await.unwrap_err().kind(),
            ErrorKind::Connection
        );
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_a_connection_error() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let client = Client::builder()
        .api_key(KEY)
        .base_url(format!("https://localhost:{port}/v1"))
        .max_retries(0)
        .build()
        .unwrap();
    let error = client.models().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
}

#[test]
fn roots_that_are_not_certificates_are_refused() {
    assert!(
        Http::builder()
            .root_certificate_der(b"nonsense".to_vec())
            .build()
            .is_err()
    );
    assert!(
        Http::builder()
            .roots(Roots::Platform)
            .root_certificate_der(b"x".to_vec())
            .build()
            .is_err()
    );
}

fn shared<T: Send + Sync + Clone + 'static>() {}
fn sent<T: Send + 'static>() {}
fn future(client: &Client) -> impl Send {
    client.chat().completions().create(chat())
}

#[test]
fn what_is_shared_can_be_shared() {
    shared::<Client>();
    shared::<Http>();
    shared::<runinfra::RequestOptions>();
    sent::<runinfra::Error>();
    sent::<runinfra::EventStream<runinfra::types::ChatCompletionChunk>>();
    sent::<runinfra::Speech>();
    sent::<runinfra::SpeechStream>();
    drop(future(&Client::builder().api_key("k").build().unwrap()));
}
