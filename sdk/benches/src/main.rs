//! Prints every ratio of the promise in one run. `cargo run --release`.

use std::future::Future;
use std::time::Instant;

use futures_util::StreamExt as _;
use runinfra_benches::calls::{AsyncOpenAi, Bare, Sdk};
use runinfra_benches::measure::{Contestant, Score, contest};
use runinfra_benches::server::{Server, serve};
use runinfra_benches::{data, decode};

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    if std::env::args().nth(1).as_deref() == Some("serve") {
        return runtime.block_on(serve());
    }
    rustls::crypto::ring::default_provider()
        .install_default()
        .unwrap();
    let _context = runtime.enter();
    let only = std::env::args().nth(1);
    if only.as_deref() == Some("count") {
        return count();
    }
    if only.as_deref().is_none_or(|only| only == "decode") {
        decoding();
    }
    if only.as_deref() == Some("decode") {
        return;
    }
    let server = Server::start();
    if let Some(one) = only
        .as_deref()
        .and_then(|only| only.strip_prefix("profile-"))
    {
        return profile(&runtime, &server, one);
    }
    one_call(&runtime, &server);
    in_flight(&runtime, &server);
    start_up();
    open_streams(&runtime, &server);
}

fn decoding() {
    const EVENTS: usize = 4000;
    let bytes = data::stream(EVENTS);
    println!(
        "decoding {EVENTS} events of {} bytes to typed chunks, over the floor",
        bytes.len() / EVENTS
    );
    for (name, chunks) in data::chunkings(bytes) {
        let public = decode::PublicPath::new(&chunks);
        let mut contestants: Vec<Contestant<'_>> = vec![
            (
                "floor",
                Box::new(|| assert_eq!(decode::floor(&chunks), EVENTS)),
            ),
            (
                "runinfra",
                Box::new(|| assert_eq!(decode::runinfra(&chunks), EVENTS)),
            ),
            (
                "public path",
                Box::new(|| assert_eq!(public.read(), EVENTS)),
            ),
            (
                "sse-stream",
                Box::new(|| assert_eq!(decode::sse_stream(&chunks), EVENTS)),
            ),
            (
                "sseer",
                Box::new(|| assert_eq!(decode::sseer(&chunks), EVENTS)),
            ),
            (
                "eventsource-stream",
                Box::new(|| assert_eq!(decode::eventsource_stream(&chunks), EVENTS)),
            ),
        ];
        let scores = contest(60, &mut contestants);
        let per_event = scores[0].wall() / EVENTS as u32;
        print!("  {name:18} floor {:>5} ns/event", per_event.as_nanos());
        for score in &scores[1..] {
            print!(
                "  {} {:.3}",
                score.name,
                score.over(&scores[0], |turn| turn.cpu)
            );
        }
        println!();
    }
}

/// Reads one stream with one contestant, for a profiler: `count CONTESTANT CHUNKING ROUNDS`. What a round costs is the
/// difference between two runs.
fn count() {
    const EVENTS: usize = 1000;
    let mut words = std::env::args().skip(2);
    let mut word = || words.next().unwrap();
    let (contestant, chunking, rounds) = (word(), word(), word().parse::<usize>().unwrap());
    let chunkings = data::chunkings(data::stream(EVENTS));
    let (_, chunks) = chunkings
        .iter()
        .find(|(name, _)| name.starts_with(&chunking))
        .unwrap();
    let public = decode::PublicPath::new(chunks);
    for _ in 0..rounds {
        let events = match contestant.as_str() {
            "floor" => decode::floor(chunks),
            "runinfra" => decode::runinfra(chunks),
            "public" => public.read(),
            "sse-stream" => decode::sse_stream(chunks),
            other => panic!("{other} is no contestant: floor, runinfra, public, sse-stream"),
        };
        assert_eq!(events, EVENTS);
    }
}

fn report(scores: &[Score], calls: u32) {
    for score in scores {
        let (wall, cpu) = (
            score.over(&scores[0], |turn| turn.wall),
            score.over(&scores[0], |turn| turn.cpu),
        );
        println!(
            "  {:14} {:>9.1?}/call  wall {wall:.3}  client CPU {cpu:.3}",
            score.name,
            score.wall() / calls
        );
    }
}

/// Takes a turn of `calls` calls, one after the other.
fn sequence<'a, F: Future<Output = u64>>(
    runtime: &'a tokio::runtime::Runtime,
    calls: u32,
    call: impl Fn() -> F + 'a,
) -> Box<dyn FnMut() + 'a> {
    Box::new(move || {
        runtime.block_on(async {
            for _ in 0..calls {
                assert!(call().await > 0);
            }
        });
    })
}

/// Calls of one contestant only, for a profiler: `profile-sdk CALLS` or `profile-bare CALLS`.
fn profile(runtime: &tokio::runtime::Runtime, server: &Server, one: &str) {
    let calls = std::env::args()
        .nth(2)
        .map_or(200_000, |calls| calls.parse().unwrap());
    let (bare, sdk) = (Bare::new(&server.base_url), Sdk::new(&server.base_url));
    println!(
        "future sizes: bare {}, sdk {}",
        size_of_val(&bare.call()),
        size_of_val(&sdk.call())
    );
    let mut flight = if one == "sdk" {
        flight(runtime, calls, || sdk.call())
    } else {
        flight(runtime, calls, || bare.call())
    };
    flight();
}

fn flight<'a, F: Future<Output = u64>>(
    runtime: &'a tokio::runtime::Runtime,
    calls: u32,
    call: impl Fn() -> F + 'a,
) -> Box<dyn FnMut() + 'a> {
    Box::new(move || {
        let answers = futures_util::stream::iter(0..calls)
            .map(|_| call())
            .buffer_unordered(64);
        assert_eq!(runtime.block_on(answers.count()), calls as usize);
    })
}

fn one_call(runtime: &tokio::runtime::Runtime, server: &Server) {
    const CALLS: u32 = 150;
    println!("one call, over a bare reqwest call");
    let (bare, sdk, peer) = (
        Bare::new(&server.base_url),
        Sdk::new(&server.base_url),
        AsyncOpenAi::new(&server.base_url),
    );
    let mut contestants: Vec<Contestant<'_>> = vec![
        ("reqwest", sequence(runtime, CALLS, || bare.call())),
        ("runinfra", sequence(runtime, CALLS, || sdk.call())),
        ("async-openai", sequence(runtime, CALLS, || peer.call())),
    ];
    report(&contest(80, &mut contestants), CALLS);
}

fn in_flight(runtime: &tokio::runtime::Runtime, server: &Server) {
    const CALLS: u32 = 2000;
    println!("64 in flight, over reqwest (calls/s is the reciprocal)");
    let (bare, sdk, peer) = (
        Bare::new(&server.base_url),
        Sdk::new(&server.base_url),
        AsyncOpenAi::new(&server.base_url),
    );
    let mut contestants: Vec<Contestant<'_>> = vec![
        ("reqwest", flight(runtime, CALLS, || bare.call())),
        ("runinfra", flight(runtime, CALLS, || sdk.call())),
        ("async-openai", flight(runtime, CALLS, || peer.call())),
    ];
    report(&contest(20, &mut contestants), CALLS);
}

fn start_up() {
    let mut times: Vec<_> = (0..50)
        .map(|_| {
            let begun = Instant::now();
            let client = runinfra::Client::builder()
                .api_key("rp_live_bench")
                .build()
                .unwrap();
            let took = begun.elapsed();
            drop(client);
            took
        })
        .collect();
    times.sort();
    println!(
        "client start-up: {:.1?} (median of {})",
        times[times.len() / 2],
        times.len()
    );
}

fn open_streams(runtime: &tokio::runtime::Runtime, server: &Server) {
    const STREAMS: usize = 1000;
    let sdk = Sdk::new(&server.base_url);
    let before = resident();
    let streams = runtime.block_on(async {
        let mut streams = Vec::with_capacity(STREAMS);
        for _ in 0..STREAMS {
            let mut stream = sdk
                .0
                .chat()
                .completions()
                .stream(runinfra_benches::calls::request())
                .await
                .unwrap();
            stream.next().await.unwrap().unwrap();
            streams.push(stream);
        }
        // Each is now waiting for its second event, deadline and all.
        for stream in &mut streams {
            assert!(futures_util::FutureExt::now_or_never(stream.next()).is_none());
        }
        streams
    });
    let after = resident();
    println!(
        "{} open streams: {:.1} KiB each of resident memory, connection included",
        streams.len(),
        (after - before) / STREAMS as f64
    );
}

/// Resident memory in KiB.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}
