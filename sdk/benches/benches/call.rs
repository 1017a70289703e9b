//! One call under criterion, beside a bare HTTP client and a peer. The server shares the process here; the program of this
//! package gives it one of its own, and counts the client's CPU time alone.

use criterion::{Criterion, criterion_group, criterion_main};
use runinfra_benches::calls::{AsyncOpenAi, Bare, Sdk};
use runinfra_benches::server;

fn calls(criterion: &mut Criterion) {
    rustls::crypto::ring::default_provider()
        .install_default()
        .unwrap();
    let base_url = server::in_thread();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (bare, sdk, peer) = (
        Bare::new(&base_url),
        Sdk::new(&base_url),
        AsyncOpenAi::new(&base_url),
    );
    let mut group = criterion.benchmark_group("call");
    group.bench_function("reqwest", |bencher| {
        bencher.to_async(&runtime).iter(|| bare.call())
    });
    group.bench_function("runinfra", |bencher| {
        bencher.to_async(&runtime).iter(|| sdk.call())
    });
    group.bench_function("async-openai", |bencher| {
        bencher.to_async(&runtime).iter(|| peer.call())
    });
    group.finish();
}

criterion_group!(benches, calls);
criterion_main!(benches);
