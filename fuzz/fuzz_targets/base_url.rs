//! Whatever is accepted as a base URL is https, or http to this machine; a refusal never quotes it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runinfra::Client;

fuzz_target!(|input: (&str, Option<&str>)| {
    let (base_url, pipeline) = input;
    let mut builder = Client::builder().api_key("rp_live_fuzz").base_url(base_url);
    if let Some(pipeline) = pipeline {
        builder = builder.pipeline_id(pipeline);
    }
    match builder.build() {
        Ok(client) => {
            let shown = format!("{client:?}");
            let remote = shown.contains("\"https://");
            let local = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"]
                .iter()
                .any(|host| {
                    let start = format!("\"http://{host}");
                    shown.contains(&format!("{start}:"))
                        || shown.contains(&format!("{start}/"))
                        || shown.contains(&format!("{start}\""))
                });
            assert!(remote || local, "{shown}");
            assert!(
                !shown.contains('@') || base_url.contains('@') || pipeline.is_some(),
                "{shown}"
            );
        }
        Err(error) => {
            let shown = format!("{error} {error:?}");
            assert!(
                base_url.trim().len() < 24 || !shown.contains(base_url.trim()),
                "{shown}"
            );
        }
    }
});
