//! Counts the work that a gateway did for each key, and tells which answers came although no
//! reading of the stated limit allows them.
//!
//! The contract states a limit in requests a minute, and leaves open how a minute is counted. A
//! window that turns in between allows twice the limit within any sixty seconds, and so does a
//! bucket that fills up meanwhile; nothing allows more. What is certain to count is counted, and
//! nothing else: successful charge-bearing requests that cannot be replays.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use http::{HeaderMap, Method, header::AUTHORIZATION};
use runinfra::transport::{HttpRequest, HttpResponse, Transport, TransportError};

/// A little less than the minute that limits count in: the gateway's clock may run otherwise.
const MINUTE: Duration = Duration::from_secs(59);

/// The work of a run, by key. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub struct Budgets(Arc<Mutex<Done>>);

#[derive(Debug, Default)]
struct Done {
    /// When the requests of each caller that were answered were sent, oldest first.
    sent: HashMap<u64, VecDeque<Instant>>,
    over: HashSet<String>,
}

impl Budgets {
    /// Which of these request ids belong to answers that came beyond the budget.
    pub fn over(&self, ids: impl Iterator<Item = String>) -> Vec<String> {
        let done = self.lock();
        ids.filter(|id| done.over.contains(id)).collect()
    }

    /// Counts one request of a caller, that was sent and answered then, within so many a minute.
    fn count(&self, caller: u64, limit: usize, (sent, answered): (Instant, Instant), id: &str) {
        let mut done = self.lock();
        let requests = done.sent.entry(caller).or_default();
        requests.push_back(sent);
        // All that were sent within the minute before this answer were let in within it, too.
        requests.retain(|sent| answered.saturating_duration_since(*sent) < MINUTE);
        if requests.len() > limit.saturating_mul(2) {
            done.over.insert(id.to_ascii_lowercase());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Done> {
        // A poisoned count is still a count.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts what passes through another transport.
pub struct Metered {
    inner: Arc<dyn Transport>,
    budgets: Budgets,
}

impl Metered {
    /// Counts into `budgets` what passes through `inner`.
    pub fn new(inner: Arc<dyn Transport>, budgets: Budgets) -> Self {
        Self { inner, budgets }
    }
}

impl Transport for Metered {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let caller = charged_caller(&request);
            let sent = Instant::now();
            let response = self.inner.send(request).await?;
            let done = response.status.is_success() && !says_replayed(&response.headers);
            if let Some(caller) = caller.filter(|_| done)
                && let Some(limit) = stated_limit(&response.headers)
                && let Some(id) = text(&response.headers, "x-request-id")
            {
                self.budgets
                    .count(caller, limit, (sent, Instant::now()), id);
            }
            Ok(response)
        })
    }
}

/// Who sends a request that costs something when it succeeds; [`None`] for every other request. A
/// request under an idempotency key may be answered without any work.
fn charged_caller(request: &HttpRequest) -> Option<u64> {
    let key = request.headers.get(AUTHORIZATION)?;
    if request.method != Method::POST || request.headers.contains_key("idempotency-key") {
        return None;
    }
    // Callers are told apart by a hash, so that no key is kept.
    let mut hasher = DefaultHasher::new();
    (request.url.authority(), key.as_bytes()).hash(&mut hasher);
    Some(hasher.finish())
}

fn says_replayed(headers: &HeaderMap) -> bool {
    headers.contains_key("x-runinfra-idempotent-replay")
}

fn stated_limit(headers: &HeaderMap) -> Option<usize> {
    let limit = text(headers, "x-ratelimit-limit")?.trim().parse().ok()?;
    (limit > 0).then_some(limit)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, StatusCode};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Which of the requests, sent and answered so many seconds after the first, were over a limit.
    fn over(limit: usize, requests: &[(u64, u32, u32)]) -> Vec<usize> {
        let budgets = Budgets::default();
        let began = Instant::now();
        for (at, (caller, sent, answered)) in requests.iter().enumerate() {
            let times = (began + SECOND * *sent, began + SECOND * *answered);
            budgets.count(*caller, limit, times, &format!("ID-{at}"));
        }
        let ids = (0..requests.len()).map(|at| format!("id-{at}"));
        let over = budgets.over(ids);
        (0..requests.len())
            .filter(|at| over.contains(&format!("id-{at}")))
            .collect()
    }

    #[test]
    fn only_more_than_twice_the_limit_within_a_minute_is_too_much() {
        let twice = [(1, 0, 0), (1, 0, 0), (1, 1, 1), (1, 1, 1)];
        assert!(over(2, &twice).is_empty(), "as when the window turns");
        let and = |one| [&twice[..], &[one]].concat();
        assert_eq!(over(2, &and((1, 2, 2))), [4], "one more");
        assert_eq!(over(2, &and((1, 58, 58))), [4], "in the last second");
        assert!(over(2, &and((2, 2, 2))).is_empty(), "another caller");
        assert!(over(2, &and((1, 59, 59))).is_empty(), "after the minute");
        let late = over(2, &and((1, 58, 60)));
        assert!(late.is_empty(), "nobody knows when it was let in");
    }

    struct Answers(HeaderMap, StatusCode);

    impl Transport for Answers {
        fn send(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
            let body = Box::pin(futures_util::stream::empty());
            let response = HttpResponse::new(self.1, self.0.clone(), body);
            Box::pin(async move { Ok(response) })
        }
    }

    #[tokio::test]
    async fn only_work_that_was_done_is_counted() {
        type Pairs<'a> = &'a [(&'static str, &'static str)];
        let known: Pairs<'_> = &[("authorization", "Bearer k")];
        let keyed: Pairs<'_> = &[("authorization", "Bearer k"), ("idempotency-key", "i")];
        let limited: Pairs<'_> = &[("x-ratelimit-limit", "1"), ("x-request-id", "A")];
        let replayed: Pairs<'_> = &[
            ("x-ratelimit-limit", "1"),
            ("x-request-id", "A"),
            ("x-runinfra-idempotent-replay", "true"),
        ];
        let unlimited: Pairs<'_> = &[("x-request-id", "A")];
        let table = [
            ("work", "POST", known, limited, 200, true),
            ("discovery is free", "GET", known, limited, 200, false),
            ("nobody asked", "POST", &[], limited, 200, false),
            ("perhaps a replay", "POST", keyed, limited, 200, false),
            ("a replay", "POST", known, replayed, 200, false),
            ("no limit stated", "POST", known, unlimited, 200, false),
            ("refused", "POST", known, limited, 429, false),
        ];
        for (case, method, sent, answered, status, counts) in table {
            let headers = |pairs: Pairs<'_>| -> HeaderMap {
                let pairs = pairs.iter();
                pairs
                    .map(|&(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
                    .collect()
            };
            let budgets = Budgets::default();
            let status = StatusCode::from_u16(status).unwrap();
            let inner = Arc::new(Answers(headers(answered), status));
            let metered = Metered::new(inner, budgets.clone());
            for _ in 0..3 {
                let request = HttpRequest::new(
                    method.parse().unwrap(),
                    "http://127.0.0.1/v1/responses".parse().unwrap(),
                    headers(sent),
                    bytes::Bytes::new(),
                );
                metered.send(request).await.unwrap();
            }
            let over = budgets.over(["a".to_owned()].into_iter());
            assert_eq!(!over.is_empty(), counts, "{case}");
        }
    }
}
