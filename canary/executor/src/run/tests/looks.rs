use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use runinfra::transport::{BodyStream, HttpRequest, HttpResponse, Transport, TransportError};
use runinfra_gateway::fault;

use super::*;

const ROW: &str = r#"
[[row]]
name = "chat.stream"
proves = "It streams."
tier = "TIER"
venue = "live"
surfaces = ["chat.completions.stream"]
needs = ["RUNINFRA_API_KEY", "RUNINFRA_LLM_MODEL"]
expect = ["answered", "over_time", EXPECT]
sabotage = ["stream.buffered"]

[[row.call]]
operation = "chat.completions.stream"
model = "${RUNINFRA_LLM_MODEL}"
messages = [{ role = "user", content = "Reply with exactly this line and nothing else: alder birch cedar elder hazel holly larch maple oak pine rowan spruce willow yew" }]
"#;

fn one_row(tier: &str, expect: &str) -> Matrix {
    let text = ROW.replace("TIER", tier).replace("EXPECT", expect);
    let mut files = builtin::matrix();
    files.retain(|file| file.name == INPUTS_FILE);
    files.push(SourceFile::new("rows.toml", text));
    Matrix::load(files, None).unwrap()
}

/// Hands on the bodies of the first so many streams in one piece, as a machine does that gives
/// nobody a turn while they arrive, and those of the rest an event at a time: whether they come
/// apart is then not this machine's doing.
struct Retimed {
    inner: Arc<dyn Transport>,
    merged: AtomicU32,
}

const APART: Duration = Duration::from_millis(20);

async fn retimed(body: BodyStream, merge: bool) -> BodyStream {
    let pieces: Vec<_> = body.collect().await;
    let pieces: Result<Vec<_>, _> = pieces.into_iter().collect();
    let whole = match pieces {
        Ok(pieces) => pieces.concat(),
        Err(error) => return Box::pin(stream::iter([Err(error)])),
    };
    let text = String::from_utf8(whole).unwrap();
    if merge {
        return Box::pin(stream::iter([Ok(text.into())]));
    }
    let events: Vec<String> = text.split_inclusive("\n\n").map(str::to_owned).collect();
    Box::pin(stream::iter(events).then(|event| async {
        tokio::time::sleep(APART).await;
        Ok(event.into())
    }))
}

impl Transport for Retimed {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let is_stream = request.url.path().ends_with("/chat/completions");
            let mut response = self.inner.send(request).await?;
            if is_stream {
                let take = |left: u32| left.checked_sub(1);
                let (set, get) = (Ordering::SeqCst, Ordering::SeqCst);
                let merge = self.merged.fetch_update(set, get, take).is_ok();
                let empty: BodyStream = Box::pin(stream::empty());
                let body = std::mem::replace(&mut response.body, empty);
                response.body = retimed(body, merge).await;
            }
            Ok(response)
        })
    }
}

/// What came of the row, and how many streams were asked for.
async fn looked_at(matrix: &Matrix, fault: Option<&str>, merged: u32) -> (Outcome, usize) {
    let config = Config {
        fault: fault.map(|name| fault::find(name).unwrap()),
        // An answer that is there in an instant may come at once.
        pace: Duration::from_millis(20),
        ..Config::default()
    };
    let gateway = Gateway::start(config).await.unwrap();
    let inputs = load::inputs(matrix.inputs(), &rehearsal::environment(&gateway), None);
    let files = PrivateFiles::decode(matrix.inputs(), &inputs).unwrap();
    let mut world = world::world(&inputs, &files).unwrap();
    if fault.is_none() {
        world.transport = Arc::new(Retimed {
            inner: Arc::clone(&world.transport),
            merged: AtomicU32::new(merged),
        });
    }
    let plan = Plan::resolve(matrix, &inputs);
    let cancel = CancellationToken::new();
    let outcome = run(&plan, &world, 1, &Waits::default(), &cancel).await;
    let arrived = gateway.journal().snapshot().arrivals;
    gateway.shutdown().await;
    // The catalog is read at both ends.
    (outcome, arrived.len() - 2)
}

fn status(outcome: &Outcome) -> RowStatus {
    outcome.results[0].status
}

#[tokio::test]
async fn a_stream_that_came_at_once_is_looked_at_again() {
    let matrix = one_row("ga", "\"request_id\"");
    let (outcome, streams) = looked_at(&matrix, None, 2).await;
    assert_eq!((status(&outcome), streams), (RowStatus::Passed, 3));
    let (outcome, streams) = looked_at(&matrix, None, 0).await;
    assert_eq!((status(&outcome), streams), (RowStatus::Passed, 1));
}

#[tokio::test]
async fn who_buffers_streams_does_it_every_time() {
    let matrix = one_row("ga", "\"request_id\"");
    let (outcome, streams) = looked_at(&matrix, Some("stream.buffered"), 0).await;
    assert_eq!((status(&outcome), streams), (RowStatus::Failed, 3));
}

#[tokio::test]
async fn what_broke_otherwise_is_not_looked_at_again() {
    let matrix = one_row("ga", "{ text_has = \"no such word\" }");
    for merged in [0, 1] {
        let (outcome, streams) = looked_at(&matrix, None, merged).await;
        assert_eq!((status(&outcome), streams), (RowStatus::Failed, 1));
    }
}

#[tokio::test]
async fn a_share_without_a_row_that_decides_says_yes_when_its_rows_had_their_turn() {
    let preview = one_row("preview", "\"request_id\"");
    let (mut outcome, _) = looked_at(&preview, None, 0).await;
    let answer = |outcome: &Outcome, share| answer(&preview, outcome, Gate::Ga, true, share);
    assert_eq!(answer(&outcome, true), Answer::Yes);
    assert_eq!(
        answer(&outcome, false),
        Answer::No,
        "a whole run must decide"
    );
    outcome.results[0].status = RowStatus::Failed;
    assert_eq!(answer(&outcome, true), Answer::Yes, "it does not gate");
    outcome.gateway_at_end = None;
    assert_eq!(answer(&outcome, true), Answer::CouldNotTell);
    outcome.results[0].status = RowStatus::Skipped;
    assert_eq!(answer(&outcome, true), Answer::No, "nothing had its turn");
}
