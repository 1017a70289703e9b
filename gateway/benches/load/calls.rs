//! Plain chat calls a second on one core.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::CONNECTIONS;
use crate::client::{answer, request};
use crate::server::{Server, axum_server, gateway_server};

const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(1_500);

/// What a round came to.
struct Round {
    calls_per_second: f64,
    /// Microseconds of processor time a call.
    cpu: Option<f64>,
}

/// Calls over all connections for as long as a round lasts.
fn round(server: &Server, prompts: &[Vec<u8>]) -> Round {
    let before = server.cpu_time();
    let calls = calls(server.address, prompts, ROUND);
    let spent = server.cpu_time().zip(before);
    Round {
        calls_per_second: calls / ROUND.as_secs_f64(),
        cpu: spent.map(|(after, before)| after.saturating_sub(before).as_secs_f64() * 1e6 / calls),
    }
}

/// How many calls are answered in `time`.
fn calls(address: SocketAddr, prompts: &[Vec<u8>], time: Duration) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let calls: usize = runtime.block_on(async {
        let until = Instant::now() + time;
        let clients = (0..CONNECTIONS).map(|number| async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let (mut buffer, mut calls) = (Vec::with_capacity(4_096), 0);
            while Instant::now() < until {
                stream
                    .write_all(&prompts[(number + calls) % prompts.len()])
                    .await
                    .unwrap();
                assert_eq!(answer(&mut stream, &mut buffer).await, 200);
                calls += 1;
            }
            calls
        });
        futures_util::future::join_all(clients)
            .await
            .into_iter()
            .sum()
    });
    f64::from(u32::try_from(calls).unwrap())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

pub(crate) fn calls_per_second() {
    let (axum, gateway) = (axum_server(), gateway_server(Duration::ZERO));
    // Different prompts, so that nothing can be remembered between calls.
    let prompts: Vec<Vec<u8>> = (0..512)
        .map(|number| {
            request(&format!(
                r#"{{"model":"llama-3.3-70b-instruct","messages":[{{"role":"user","content":"Reply with exactly: nonce-{number}"}}],"max_tokens":16}}"#
            ))
        })
        .collect();
    round(&axum, &prompts);
    round(&gateway, &prompts);
    let rounds: Vec<(Round, Round)> = (0..ROUNDS)
        .map(|_| (round(&axum, &prompts), round(&gateway, &prompts)))
        .collect();
    let of = |value: fn(&(Round, Round)) -> f64| median(rounds.iter().map(value).collect());
    println!(
        "plain chat on one core: axum {:.0}/s, gateway {:.0}/s, ratio {:.2} (target 0.80)",
        of(|(bare, _)| bare.calls_per_second),
        of(|(_, full)| full.calls_per_second),
        of(|(bare, full)| full.calls_per_second / bare.calls_per_second),
    );
    if rounds
        .iter()
        .all(|(bare, full)| bare.cpu.is_some() && full.cpu.is_some())
    {
        let cpu = |round: &Round| round.cpu.unwrap_or(f64::NAN);
        println!(
            "processor time a call: axum {:.1} us, gateway {:.1} us, ratio {:.2} (target 0.80)",
            median(rounds.iter().map(|(bare, _)| cpu(bare)).collect()),
            median(rounds.iter().map(|(_, full)| cpu(full)).collect()),
            median(
                rounds
                    .iter()
                    .map(|(bare, full)| cpu(bare) / cpu(full))
                    .collect()
            ),
        );
    }
}
