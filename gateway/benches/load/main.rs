//! Load: plain chat calls a second on one core, beside a bare axum handler; a thousand paced streams at once; memory over many calls and
//! with many connections.
//!
//! Both servers run in one process on a thread of their own with a current-thread runtime, so each has one core at most. The client is
//! the same for both: a few keep-alive connections that write one prepared request and read its answer by its length. Rounds alternate,
//! so that whatever else the machine does hurts both alike; the result is the median of the rounds' ratios. Where the system says how
//! long a thread has run (Linux), the ratio of CPU time a call is given too: it hardly depends on what else runs.
//!
//! `cargo bench -p runinfra-gateway --bench load` runs all of it; parts are named behind `--`: `calls`, `streams`, `connections`, `memory`.
//! With `taskset -c 0` before it, client, bare handler and gateway share one core, and calls a second include the client's share.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints its result and stops at the first surprise"
)]

mod bare;
mod calls;
mod client;
mod memory;
mod server;
mod streams;

const CONNECTIONS: usize = 16;
const KEY: &str = "rp_live_0123456789012345678901234567890123456789";

fn main() {
    let parts: [(&str, fn()); 4] = [
        ("calls", calls::calls_per_second),
        ("streams", streams::paced_streams),
        ("connections", memory::connections),
        ("memory", memory::memory),
    ];
    // Cargo adds `--bench` to what was asked for.
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let known = |asked: &String| parts.iter().any(|(name, _)| name == asked);
    assert!(
        asked.iter().all(known),
        "the parts are calls, streams, connections and memory"
    );
    for (name, run) in parts {
        if asked.is_empty() || asked.iter().any(|asked| asked == name) {
            run();
        }
    }
}
