//! `canary security-status` against a local server that answers as GitHub does, and as it does not.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    thread::JoinHandle,
};

use crate::support::{Ended, Place};

const TOKEN: &str = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";

/// Answers one request after another, then listens no more.
struct Api {
    base: String,
    thread: JoinHandle<Vec<String>>,
}

/// Status line's end, further headers, and the body.
type Answer = (&'static str, &'static str, String);

impl Api {
    fn answering(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let thread = std::thread::spawn(move || {
            let one = |(status, headers, body): Answer| {
                let (mut stream, _) = listener.accept().unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let head: Vec<String> = lines
                    .by_ref()
                    .map(|line| line.unwrap())
                    .take_while(|line| !line.is_empty())
                    .collect();
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status}\r\n{headers}connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
                );
                stream.write_all(answer.as_bytes()).unwrap();
                head.join("\n")
            };
            answers.into_iter().map(one).collect()
        });
        Self { base, thread }
    }

    /// Every request's head.
    fn asked(self) -> Vec<String> {
        self.thread.join().unwrap()
    }
}

fn alert(number: u64, state: &str) -> String {
    format!(
        "{{\"number\":{number},\"state\":\"{state}\",\"html_url\":\"x\",\
         \"rule\":{{\"id\":\"rust/path\\u001b[31m\",\"severity\":\"error\",\"security_severity_level\":\"high\"}}}}"
    )
}

fn ask(base: &str) -> Ended {
    let place = Place::without_matrix();
    let mut command = place.command(["security-status", "--repo", "o/n", "--api-base", base]);
    let ended = Ended::of(command.env("GITHUB_TOKEN", TOKEN).output().unwrap());
    assert!(!ended.both().contains(TOKEN), "{}", ended.both());
    assert!(place.files().is_empty());
    ended
}

const NEXT: &str =
    "link: <https://elsewhere.example/steal?page=2>; rel=\"next\", <x>; rel=\"last\"\r\n";
const LAST: &str = "link: <https://elsewhere.example/steal?page=1>; rel=\"prev\"\r\n";

#[test]
fn every_page_is_read_and_none_is_somebody_else_s() {
    let first = format!("[{},{}]", alert(1, "open"), alert(2, "open"));
    let api = Api::answering(vec![
        ("200 OK", NEXT, first),
        ("200 OK", NEXT, "[]".to_owned()),
        ("200 OK", LAST, format!("[{}]", alert(7, "open"))),
    ]);
    let ended = ask(&api.base).expect(1);
    insta::assert_snapshot!(ended.out, @r"
    #1 rust/path?[31m (high)
    #2 rust/path?[31m (high)
    #7 rust/path?[31m (high)
    3 code-scanning alerts are open on main; mend or dismiss each, then try again
    ");
    let asked = api.asked();
    for (page, head) in asked.iter().enumerate() {
        let line = format!(
            "GET /repos/o/n/code-scanning/alerts?state=open&ref=refs%2Fheads%2Fmain&per_page=100&page={} HTTP/1.1",
            page + 1
        );
        assert_eq!(head.lines().next().unwrap(), line);
        assert!(
            head.contains(&format!("authorization: Bearer {TOKEN}")),
            "{head}"
        );
    }
    assert_eq!(asked.len(), 3);
}

#[test]
fn no_open_alert_is_a_yes() {
    let api = Api::answering(vec![("200 OK", "", "[]".to_owned())]);
    let ended = ask(&api.base).expect(0);
    assert_eq!(ended.out, "no code-scanning alert is open on main\n");
    assert_eq!(api.asked().len(), 1);
}

#[test]
fn what_is_no_answer_is_never_a_yes() {
    let text = str::to_owned;
    let table: Vec<(Answer, &str)> = vec![
        (
            ("401 Unauthorized", "", text("{}")),
            "401: the token is not accepted",
        ),
        (
            ("403 Forbidden", "", text("{}")),
            "403: code scanning is switched off",
        ),
        (
            ("404 Not Found", "", text("{}")),
            "404: there is no such repository",
        ),
        (("429 Too Many Requests", "", text("{}")), "429: too many"),
        (
            ("503 Service Unavailable", "", text("[]")),
            "503: the API is out of order",
        ),
        (
            ("302 Found", "location: http://127.0.0.1:1/\r\n", text("[]")),
            "302: this is no answer",
        ),
        (("204 No Content", "", text("")), "204"),
        (("200 OK", "", text("")), "no list of alerts"),
        (
            ("200 OK", "", text("{\"message\":\"ok\"}")),
            "no list of alerts",
        ),
        (("200 OK", "", text("[{}]")), "no list of alerts"),
        (
            ("200 OK", "", format!("[{}]", alert(1, "fixed"))),
            "no list of alerts",
        ),
    ];
    for (answer, said) in table {
        let api = Api::answering(vec![answer]);
        let ended = ask(&api.base).expect(3);
        assert!(ended.err.contains(said), "{}", ended.err);
        assert!(ended.out.is_empty(), "{}", ended.out);
        assert_eq!(api.asked().len(), 1);
    }
    // A page that fails after one that did not.
    let api = Api::answering(vec![
        ("200 OK", NEXT, text("[]")),
        ("500 Internal Server Error", "", text("")),
    ]);
    let ended = ask(&api.base).expect(3);
    assert!(ended.err.contains("page 2"), "{}", ended.err);
    let nobody = crate::support::nobody();
    assert!(ask(&nobody).expect(3).err.contains("connection failed"));
}

#[test]
fn pages_without_end_are_given_up() {
    let pages = vec![("200 OK", NEXT, "[]".to_owned()); 100];
    let api = Api::answering(pages);
    let ended = ask(&api.base).expect(3);
    assert!(ended.err.contains("100 pages"), "{}", ended.err);
    assert_eq!(api.asked().len(), 100);
}

#[test]
fn what_cannot_be_asked_is_said_without_asking() {
    let place = Place::without_matrix();
    let run = |words: &[&str], token: Option<&str>| {
        let mut command = place.command(["security-status"].iter().chain(words));
        if let Some(token) = token {
            command.env("GITHUB_TOKEN", token);
        }
        Ended::of(command.output().unwrap()).expect(2).err
    };
    assert!(run(&["--repo", "o/n"], None).contains("set GITHUB_TOKEN"));
    assert!(run(&["--repo", "o/n"], Some(" ")).contains("set GITHUB_TOKEN"));
    assert!(run(&["--repo", "o/n"], Some("a\nb")).contains("set GITHUB_TOKEN again"));
    for repository in ["o", "o/n/x", "/n", "o/", "o/..", "o/n?x", "o n/x"] {
        let said = run(&["--repo", repository], Some(TOKEN));
        assert!(said.contains("owner/name"), "{said}");
    }
    for base in ["http://api.github.com", "ftp://127.0.0.1"] {
        let said = run(&["--repo", "o/n", "--api-base", base], Some(TOKEN));
        assert!(said.contains("has to be https"), "{said}");
        assert!(!said.contains(TOKEN));
    }
}
