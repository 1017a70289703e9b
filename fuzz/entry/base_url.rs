//! Whatever is accepted as a base URL is https, or http to this machine; a refusal never quotes it. The input is the URL and,
//! on a second line, the pipeline's id.

use runinfra::Client;

/// Makes a client with `input`.
pub(crate) fn check(input: &[u8]) {
    let Ok(input) = std::str::from_utf8(input) else {
        return;
    };
    let (base_url, pipeline) = match input.split_once('\n') {
        Some((base_url, pipeline)) => (base_url, Some(pipeline)),
        None => (input, None),
    };
    let mut builder = Client::builder().api_key("rp_live_fuzz").base_url(base_url);
    if let Some(pipeline) = pipeline {
        builder = builder.pipeline_id(pipeline);
    }
    match builder.build() {
        Ok(client) => accepted(&format!("{client:?}"), base_url, pipeline),
        Err(error) => {
            let shown = format!("{error} {error:?}");
            assert!(
                base_url.trim().len() < 24 || !shown.contains(base_url.trim()),
                "{shown}"
            );
        }
    }
}

fn accepted(shown: &str, base_url: &str, pipeline: Option<&str>) {
    let remote = shown.contains("\"https://");
    let hosts = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"];
    let local = hosts.iter().any(|host| {
        let start = format!("\"http://{host}");
        [":", "/", "\""]
            .iter()
            .any(|end| shown.contains(&format!("{start}{end}")))
    });
    assert!(remote || local, "{shown}");
    assert!(
        !shown.contains('@') || base_url.contains('@') || pipeline.is_some(),
        "{shown}"
    );
}
