//! Every fault against the conforming gateway, over real sockets: they differ in exactly what the entry says.
//!
//! The same probes are sent to both. What differs is written down in a snapshot per modality; a fault without a difference fails.

mod diff;
mod probes;
mod transcript;

use std::fmt::Write as _;

use futures_util::StreamExt as _;
use probes::Transcripts;
use runinfra_gateway::fault::{Fault, Modality, catalogue};
use runinfra_gateway::{Config, KeySpec, Scope, Secret};

use crate::support::Bench;

/// Faults examined at a time: most of their time is waiting for silence.
const AT_ONCE: usize = 8;
const DIFFERENCES_SHOWN: usize = 4;

fn config(name: &str, fault: Option<&'static Fault>) -> Config {
    Config {
        fault,
        pace: std::time::Duration::from_millis(5),
        max_stored_answer: 100_000,
        balance_cents: name.contains("credits").then_some(1),
        keys: vec![
            KeySpec {
                key: Secret::new(probes::SECOND_KEY),
                scope: Scope::Workspace,
                requests_per_minute: None,
                balance_cents: None,
            },
            KeySpec {
                key: Secret::new(probes::LIMITED_KEY),
                scope: Scope::Workspace,
                requests_per_minute: Some(1),
                balance_cents: None,
            },
        ],
        ..Config::default()
    }
}

/// Which probes show a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Chat,
    Responses,
    Embeddings,
    Images,
    Speech,
    Listening,
    Models,
    Scopes,
    Idempotency,
    Everything,
}

fn group(fault: &Fault) -> Group {
    match fault.modality {
        Modality::Chat => Group::Chat,
        Modality::Responses => Group::Responses,
        Modality::Embeddings => Group::Embeddings,
        Modality::Images => Group::Images,
        Modality::Speech => Group::Speech,
        Modality::Transcription | Modality::Voice => Group::Listening,
        Modality::Models => Group::Models,
        _ if fault.name.starts_with("auth.") || fault.name.starts_with("errors.scope") => {
            Group::Scopes
        }
        _ if fault.name.starts_with("idempotency.") => Group::Idempotency,
        _ => Group::Everything,
    }
}

async fn transcripts(
    name: &str,
    fault: Option<&'static Fault>,
    group: Group,
    baseline: Option<&Transcripts>,
) -> Transcripts {
    let bench = Bench::start(config(name, fault)).await;
    let transcripts = probes::run(&bench, group, baseline).await;
    drop(bench);
    transcripts
}

async fn report(shown: Group) -> String {
    let conforming = transcripts("", None, shown, None).await;
    let without_credits = match shown {
        Group::Everything => transcripts("credits", None, shown, None).await,
        _ => Transcripts::new(),
    };
    let faults: Vec<&'static Fault> = catalogue()
        .iter()
        .filter(|fault| group(fault) == shown)
        .collect();
    let mut differences: Vec<(&str, Vec<String>)> = futures_util::stream::iter(faults)
        .map(|fault| {
            let baseline = if fault.name.contains("credits") {
                &without_credits
            } else {
                &conforming
            };
            async move {
                let broken = transcripts(fault.name, Some(fault), shown, Some(baseline)).await;
                (fault.name, diff::differences(baseline, &broken))
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    differences.sort();
    let unseen: Vec<&str> = differences
        .iter()
        .filter(|(_, differences)| differences.is_empty())
        .map(|(name, _)| *name)
        .collect();
    assert!(
        unseen.is_empty(),
        "these faults change nothing that the probes see: {unseen:?}"
    );
    let mut text = String::new();
    for (name, differences) in differences {
        writeln!(text, "{name}").unwrap();
        for difference in differences.iter().take(DIFFERENCES_SHOWN) {
            writeln!(text, "    {difference}").unwrap();
        }
        if differences.len() > DIFFERENCES_SHOWN {
            writeln!(text, "    … and more").unwrap();
        }
    }
    text
}

macro_rules! shown {
    ($($name:ident: $group:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                insta::assert_snapshot!(stringify!($name), report(Group::$group).await);
            }
        )+

        #[test]
        fn every_group_has_its_snapshot() {
            let covered = [$(Group::$group),+];
            assert!(catalogue().iter().all(|fault| covered.contains(&group(fault))));
        }
    };
}

shown! {
    chat: Chat,
    responses: Responses,
    embeddings: Embeddings,
    images: Images,
    speech: Speech,
    listening: Listening,
    models: Models,
    scopes: Scopes,
    idempotency: Idempotency,
    everything: Everything,
}

#[tokio::test]
async fn the_conforming_gateway_repeats_itself() {
    // Otherwise the differences above would be noise.
    for group in [
        Group::Chat,
        Group::Responses,
        Group::Models,
        Group::Everything,
    ] {
        let (first, second) = (
            transcripts("", None, group, None).await,
            transcripts("", None, group, None).await,
        );
        assert_eq!(diff::differences(&first, &second), Vec::<String>::new());
    }
}

#[test]
fn entries_are_complete_and_named_by_the_rules() {
    let modalities = [
        "auth",
        "cache",
        "chat",
        "embeddings",
        "errors",
        "headers",
        "idempotency",
        "images",
        "latency",
        "leak",
        "limits",
        "models",
        "params",
        "proxy",
        "responses",
        "speech",
        "stream",
        "transcription",
        "voice",
    ];
    let names: Vec<&str> = catalogue().iter().map(|fault| fault.name).collect();
    assert!(names.len() >= 120, "{}", names.len());
    assert!(
        names.windows(2).all(|pair| pair[0] < pair[1]),
        "sorted and unique"
    );
    for fault in catalogue() {
        let (prefix, rest) = fault.name.split_once('.').unwrap();
        assert!(modalities.contains(&prefix), "{}", fault.name);
        assert!(
            rest.chars().all(|character| character.is_ascii_lowercase()
                || character.is_ascii_digit()
                || character == '_'),
            "{}",
            fault.name
        );
        assert!(
            fault.breaks.ends_with('.') && !fault.promise.is_empty(),
            "{}",
            fault.name
        );
        assert_eq!(runinfra_gateway::fault::find(fault.name), Some(fault));
    }
    assert!(runinfra_gateway::fault::find("chat.none_such").is_none());
}

/// The headings of a section of the contract, in small letters.
fn headings(section: &str) -> Vec<String> {
    let contract = include_str!("../../../CONTRACT.md");
    let (_, rest) = contract.split_once(&format!("\n## {section} ")).unwrap();
    let section = rest.split("\n## ").next().unwrap();
    let all = section.lines().filter_map(|line| line.strip_prefix("### "));
    all.map(str::to_lowercase).collect()
}

#[test]
fn every_fault_breaks_a_promise_that_stands_in_the_contract() {
    let known = headings("§1");
    assert!(known.contains(&"idempotency".to_owned()), "{known:?}");
    for fault in catalogue() {
        let named = fault.promise.strip_prefix("CONTRACT §1 ");
        let named = named.and_then(|rest| rest.split([':', ',', '(']).next());
        let named = named.unwrap_or_default().trim().to_lowercase();
        assert!(known.contains(&named), "{}: {}", fault.name, fault.promise);
    }
}
