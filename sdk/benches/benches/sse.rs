//! Decoding under criterion. For ratios beside noise, see the program of this package.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use runinfra_benches::{data, decode};

fn decoding(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let _context = runtime.enter();
    const EVENTS: usize = 1000;
    let bytes = data::stream(EVENTS);
    for (name, chunks) in data::chunkings(bytes) {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(EVENTS as u64));
        let public = decode::PublicPath::new(&chunks);
        group.bench_function("public path", |bencher| bencher.iter(|| public.read()));
        let decoders: [(&str, fn(&[bytes::Bytes]) -> usize); 5] = [
            ("floor", decode::floor),
            ("runinfra", decode::runinfra),
            ("sse-stream", decode::sse_stream),
            ("sseer", decode::sseer),
            ("eventsource-stream", decode::eventsource_stream),
        ];
        for (name, decoder) in decoders {
            group.bench_with_input(
                BenchmarkId::from_parameter(name),
                &chunks,
                |bencher, chunks| bencher.iter(|| decoder(chunks)),
            );
        }
        group.finish();
    }
}

criterion_group!(benches, decoding);
criterion_main!(benches);
