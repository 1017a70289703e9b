use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::probe::sample;

/// Answers that say what is left of a limit, and how long to wait.
fn answers(status: u16, limit: &str, left: &str, retry_after: Option<&str>) -> Vec<Exchange> {
    let mut headers = vec![
        ("x-ratelimit-limit", limit),
        ("x-ratelimit-remaining", left),
    ];
    headers.extend(retry_after.map(|seconds| ("retry-after", seconds)));
    let mut exchange = sample::exchange("GET", "/v1/models", 0, &headers);
    if let Some(answer) = &mut exchange.answer {
        answer.status = status;
    }
    vec![exchange]
}

/// Whether a row that began at this moment, and was limited at once, has another turn.
fn another_turn(pace: &Pace, turn: u32) -> bool {
    pace.another_turn(turn, Instant::now())
}

fn learn(pace: &Pace, exchanges: &[Exchange]) {
    pace.learn(exchanges.iter(), 0);
}

/// How long a row of so many requests waits, on the paused clock, and how often it was announced.
async fn waited(pace: &Pace, requests: usize) -> (u64, usize) {
    let announced = AtomicUsize::new(0);
    let began = Instant::now();
    let count = |_| {
        announced.fetch_add(1, Ordering::Relaxed);
    };
    pace.admit(requests, &count).await;
    (began.elapsed().as_secs(), announced.into_inner())
}

#[tokio::test(start_paused = true)]
async fn requests_wait_until_the_window_has_room() {
    let pace = Pace::default();
    assert_eq!(waited(&pace, 90).await, (0, 0), "no budget is known");
    learn(&pace, &answers(200, "100", "10", None));
    assert_eq!(waited(&pace, 0).await, (0, 0));
    tokio::time::advance(Duration::from_secs(20)).await;
    assert_eq!(waited(&pace, 5).await, (41, 1));
    assert_eq!(waited(&pace, 85).await, (0, 0));
    assert_eq!(waited(&pace, 500).await, (61, 1), "more than ever fit");
}

#[tokio::test(start_paused = true)]
async fn who_else_uses_the_key_up_is_waited_for() {
    let pace = Pace::default();
    learn(&pace, &answers(200, "500", "50", None));
    assert_eq!(waited(&pace, 1).await, (0, 0));
    learn(&pace, &answers(200, "500", "49", None));
    assert_eq!(waited(&pace, 1).await, (61, 1));
}

#[tokio::test(start_paused = true)]
async fn a_shared_wait_is_announced_once() {
    let pace = Pace::default();
    learn(&pace, &answers(200, "60", "0", None));
    let announced = AtomicUsize::new(0);
    let count = |_| {
        announced.fetch_add(1, Ordering::Relaxed);
    };
    tokio::join!(pace.admit(1, &count), pace.admit(2, &count));
    assert_eq!(announced.into_inner(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_limited_row_has_another_turn_after_the_wait_that_was_asked_for() {
    let pace = Pace::default();
    learn(&pace, &answers(200, "500", "80", None));
    learn(&pace, &answers(429, "500", "0", Some("17")));
    assert!(another_turn(&pace, 1));
    assert_eq!(waited(&pace, 1).await, (18, 1));
    assert!(!another_turn(&pace, 2), "nobody asked for a wait this time");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_over_before_the_row_was_judged_was_asked_for_all_the_same() {
    let pace = Pace::default();
    let began = pace.now();
    learn(&pace, &answers(200, "500", "80", None));
    learn(&pace, &answers(429, "500", "0", Some("1")));
    tokio::time::advance(Duration::from_secs(5)).await;
    assert!(pace.another_turn(1, began));
    assert!(!another_turn(&pace, 1), "not in a later turn");
}

#[tokio::test(start_paused = true)]
async fn a_wait_may_be_asked_for_by_date() {
    let dated = |date: Option<&str>, until: &str| {
        let mut limited = answers(429, "500", "0", Some(until));
        if let (Some(answer), Some(date)) = (&mut limited[0].answer, date) {
            answer.headers.push(("date".to_owned(), date.to_owned()));
        }
        limited
    };
    let (at, soon, late) = (
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:54 GMT",
        "Sun, 06 Nov 1994 08:51:37 GMT",
    );
    let table = [
        (dated(Some(at), soon), Some(18)),
        (dated(Some(at), late), None),
        // Long past by our clock; a date before the answer's own asks for no time that there is.
        (dated(None, soon), None),
        (dated(Some(late), soon), None),
    ];
    for (limited, seconds) in table {
        let pace = Pace::default();
        learn(&pace, &answers(200, "500", "80", None));
        learn(&pace, &limited);
        assert_eq!(another_turn(&pace, 1), seconds.is_some(), "{limited:?}");
        assert_eq!(waited(&pace, 1).await.0, seconds.unwrap_or(0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_small_budget_is_kept_once_it_counts() {
    let pace = Pace::default();
    learn(&pace, &answers(200, "30", "29", None));
    assert_eq!(waited(&pace, 28).await, (0, 0), "it may be there for show");
    learn(&pace, &answers(200, "30", "14", None));
    assert_eq!(waited(&pace, 5).await, (61, 1));
    learn(&pace, &answers(429, "30", "0", Some("17")));
    assert!(another_turn(&pace, 1));
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_nothing_announced_is_not_excused() {
    let out_of_the_blue = Pace::default();
    learn(&out_of_the_blue, &answers(200, "500", "480", None));
    learn(&out_of_the_blue, &answers(429, "500", "0", Some("1")));
    assert!(!another_turn(&out_of_the_blue, 1));

    let small = Pace::default();
    learn(&small, &answers(200, "30", "28", None));
    learn(&small, &answers(429, "30", "0", Some("1")));
    assert!(!another_turn(&small, 1));

    let table = [
        ("with requests left", answers(429, "500", "3", Some("1"))),
        (
            "for longer than a minute",
            answers(429, "500", "0", Some("61")),
        ),
        ("for no time", answers(429, "500", "0", None)),
        (
            "for a time that is none",
            answers(429, "500", "0", Some("-1")),
        ),
        (
            "although nobody was let in",
            answers(401, "500", "0", Some("1")),
        ),
    ];
    for (case, limited) in table {
        let pace = Pace::default();
        learn(&pace, &limited);
        assert!(!another_turn(&pace, 1), "{case}");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_ever() {
    let pace = Pace::default();
    let mut turns = 0;
    for row in 0..20 {
        for turn in 1.. {
            learn(&pace, &answers(429, "60", "0", Some("1")));
            turns += 1;
            if !another_turn(&pace, turn) {
                assert!(turn <= MOST_TURNS, "row {row}");
                break;
            }
        }
    }
    assert!(turns <= 20 + MOST_FRUITLESS, "{turns} turns for 20 rows");
    pace.came_through();
    learn(&pace, &answers(429, "60", "0", Some("1")));
    assert!(another_turn(&pace, 1), "it answers again");
}

#[tokio::test(start_paused = true)]
async fn a_budget_that_is_no_plans_is_not_kept() {
    let pace = Pace::default();
    learn(&pace, &answers(200, "5", "4", None));
    assert_eq!(waited(&pace, 100).await, (0, 0));
}
