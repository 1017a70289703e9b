//! Receiving one request.

use std::time::Duration;

use canary_core::observe::RequestSeen;
use tokio::{io::AsyncReadExt, net::TcpStream};

/// More than any row sends.
const MAX_REQUEST_BYTES: usize = 64 << 20;
const MAX_HEADERS: usize = 64;

fn invalid(what: &str) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, what.to_owned())
}

/// The next request of a connection; [`None`] when the client closed it between two.
pub(super) async fn request(
    socket: &mut TcpStream,
    buffer: &mut Vec<u8>,
) -> std::io::Result<Option<RequestSeen>> {
    loop {
        if let Some((seen, used)) = parse(buffer)? {
            buffer.drain(..used);
            return Ok(Some(seen));
        }
        if buffer.len() > MAX_REQUEST_BYTES {
            return Err(invalid("a request that never ends"));
        }
        if socket.read_buf(buffer).await? == 0 {
            return if buffer.is_empty() {
                Ok(None)
            } else {
                Err(invalid("a request cut short"))
            };
        }
    }
}

/// A whole request at the start of the bytes and how long it is; [`None`] when more must come.
fn parse(bytes: &[u8]) -> std::io::Result<Option<(RequestSeen, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let head = match request.parse(bytes) {
        Ok(httparse::Status::Complete(head)) => head,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(invalid(&error.to_string())),
    };
    let headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|header| {
            (
                header.name.to_ascii_lowercase(),
                String::from_utf8_lossy(header.value).into_owned(),
            )
        })
        .collect();
    let value = |name: &str| {
        headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let chunked =
        value("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
    let length = value("content-length")
        .and_then(|value| value.parse::<usize>().ok())
        .unwrap_or(0);
    let rest = &bytes[head..];
    let body = if chunked {
        unchunk(rest)?
    } else {
        rest.get(..length).map(|body| (body.to_vec(), length))
    };
    let Some((body, used)) = body else {
        return Ok(None);
    };
    let seen = RequestSeen {
        at: Duration::ZERO,
        method: request.method.unwrap_or_default().to_owned(),
        path: request.path.unwrap_or_default().to_owned(),
        headers: headers.clone(),
        body,
    };
    Ok(Some((seen, head + used)))
}

/// The bytes of a chunked body and how long it was; [`None`] when more must come.
fn unchunk(bytes: &[u8]) -> std::io::Result<Option<(Vec<u8>, usize)>> {
    let mut body = Vec::new();
    let mut at = 0;
    loop {
        let (start, size) = match httparse::parse_chunk_size(&bytes[at..]) {
            Ok(httparse::Status::Complete(found)) => found,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err(invalid("not a chunk size")),
        };
        let size = usize::try_from(size).map_err(|_| invalid("a chunk that is too large"))?;
        let from = at + start;
        let Some(chunk) = bytes.get(from..from.saturating_add(size)) else {
            return Ok(None);
        };
        if bytes.len() < from + size + 2 {
            return Ok(None);
        }
        body.extend_from_slice(chunk);
        at = from + size + 2;
        if size == 0 {
            return Ok(Some((body, at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_received_whole_or_not_yet() {
        let plain = b"POST /v1/x HTTP/1.1\r\nA: b\r\nContent-Length: 3\r\n\r\nabcGET";
        let chunked = b"POST /v1/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\nGET";
        for bytes in [&plain[..], &chunked[..]] {
            let whole = bytes.len() - 3;
            for cut in 0..whole {
                assert!(parse(&bytes[..cut]).unwrap().is_none(), "{cut}");
            }
            let (request, used) = parse(bytes).unwrap().unwrap();
            assert_eq!((request.body.as_slice(), used), (&b"abc"[..], whole));
            assert_eq!(
                (request.method.as_str(), request.path.as_str()),
                ("POST", "/v1/x")
            );
        }
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(parse(b"\0\0\0\r\n\r\n").is_err());
    }
}
