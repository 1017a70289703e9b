//! Every form of one run that has everything: rows of each status, findings, and texts that each
//! form would read as its own marks.

use std::path::Path;

use canary_core::{
    input::Secret,
    leak::Scanner,
    report::v1::{Diagnostic, RowStatus, RunSummary},
};
use chrono::DateTime;
use uuid::Uuid;

use super::{
    annotations,
    files::{SinkError, Wanted},
    html, junit, markdown,
    told::{Told, ToldFinding, ToldRow, ToldVerdict},
};

const MARKS: &str = "100% of <b>a|b</b> & \"c\" `d` ]]> \u{1b}[31m\r\n::error::x, y: z";

fn row(name: &str, status: RowStatus) -> ToldRow {
    ToldRow {
        name: name.to_owned(),
        proves: "A promise.".to_owned(),
        tier: "ga",
        venue: "live",
        status,
        status_words: super::terminal::status_word(status),
        ms: 12,
        held: 3,
        checks: 3,
        file: "matrix/models.toml".to_owned(),
        in_tree: true,
        line: 7,
        diagnostic: None,
        reasons: Vec::new(),
        request_id: None,
    }
}

fn told() -> Told {
    let failed = ToldRow {
        file: "matrix/chat.toml".to_owned(),
        proves: MARKS.to_owned(),
        held: 2,
        diagnostic: Some(Diagnostic::CheckBroken),
        reasons: vec!["the promise was broken".to_owned(), MARKS.to_owned()],
        request_id: Some(Uuid::from_u128(7).to_string()),
        ..row("chat.completions.create", RowStatus::Failed)
    };
    let limited = ToldRow {
        file: "chat.toml".to_owned(),
        in_tree: false,
        held: 0,
        tier: "preview",
        diagnostic: Some(Diagnostic::RateLimited),
        reasons: vec!["the gateway limited the rate".to_owned()],
        ..row("chat.stop", RowStatus::Inconclusive)
    };
    let skipped = ToldRow {
        file: "matrix/audio.toml".to_owned(),
        held: 0,
        reasons: vec!["not set: RUNINFRA_TTS_VOICE".to_owned()],
        ..row("audio.speech", RowStatus::Skipped)
    };
    let finding = ToldFinding {
        rule: "every_gating_row_passed".to_owned(),
        subject: "live".to_owned(),
        at: "$.reports[0].results[1].status".to_owned(),
        found: MARKS.to_owned(),
        expected: "passed".to_owned(),
        next: "read the row".to_owned(),
    };
    Told {
        title: "canary run".to_owned(),
        answer: "no",
        sdk_version: "0.1.0".to_owned(),
        source_sha256: "a".repeat(64),
        package_source: "source",
        matrix_sha256: "b".repeat(64),
        base_url: "custom_set_redacted".to_owned(),
        run_id: Uuid::from_u128(1),
        started_at: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
        took_ms: 1_234,
        summary: RunSummary {
            passed: 1,
            failed: 1,
            inconclusive: 1,
            skipped: 1,
        },
        rows: vec![
            row("models.list", RowStatus::Passed),
            failed,
            limited,
            skipped,
        ],
        verdict: Some(ToldVerdict {
            holds: false,
            findings: vec![finding],
        }),
    }
}

#[test]
fn the_junit_report() {
    insta::assert_snapshot!(junit::render(&told()).unwrap());
}

#[test]
fn the_page() {
    insta::assert_snapshot!(html::render(&told()).unwrap());
}

#[test]
fn the_summary() {
    insta::assert_snapshot!(markdown::render(&told()));
}

#[test]
fn the_annotations() {
    insta::assert_snapshot!(annotations::render(&told()));
}

#[test]
fn no_text_becomes_a_mark_of_the_form_that_it_is_put_into() {
    let told = told();
    let page = html::render(&told).unwrap();
    assert!(!page.contains("<b>"), "{page}");
    assert!(!page.contains("src=") && !page.contains("url(") && !page.contains("<script"));
    let xml = junit::render(&told).unwrap();
    assert!(!xml.contains("<b>") && !xml.contains('\u{1b}'), "{xml}");
    // The tables have four, five and six columns.
    for line in markdown::render(&told)
        .lines()
        .filter(|line| line.starts_with('|'))
    {
        let bars = line.matches('|').count();
        assert!([5, 6, 7].contains(&bars), "{line}");
        assert!(!line.contains("<b>"), "{line}");
    }
    // One line a note, and every one of them begins with a command of ours.
    let notes = annotations::render(&told);
    assert_eq!(notes.lines().count(), 4, "{notes}");
    assert!(!notes.contains('\u{1b}'), "{notes}");
    for line in notes.lines() {
        assert!(line.starts_with("::"), "{line}");
        let (properties, _) = line[2..].split_once("::").unwrap();
        assert!(!properties.contains(':'), "{line}");
    }
}

#[test]
fn a_verifier_that_found_nothing_is_told_so() {
    let mut told = told();
    told.verdict = Some(ToldVerdict {
        holds: true,
        findings: Vec::new(),
    });
    assert!(told.headline().ends_with("found nothing wrong"));
    assert!(!html::render(&told).unwrap().contains("refuses"));
    assert!(!markdown::render(&told).contains("| rule |"));
    told.verdict = None;
    assert!(!told.headline().contains("verifier"));
}

fn wanted(folder: &Path) -> Wanted {
    Wanted {
        junit: Some(folder.join("junit.xml")),
        html: Some(folder.join("page.html")),
        summary: Some(folder.join("summary.md")),
        annotations: true,
    }
}

#[test]
fn files_are_written_and_notes_given() {
    let folder = tempfile::tempdir().unwrap();
    let scanner = Scanner::new(&[]).unwrap();
    let told = told();
    let notes = wanted(folder.path()).write(&told, &scanner).unwrap();
    assert_eq!(notes, annotations::render(&told));
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("junit.xml"), junit::render(&told).unwrap());
    assert_eq!(read("page.html"), html::render(&told).unwrap());
    assert_eq!(read("summary.md"), markdown::render(&told));
}

/// The secret is put into each text that a file shows, with a mark in it that every form escapes
/// in its own way: no file may be written, not even those that are made before the one that leaks.
#[test]
fn a_secret_in_any_text_keeps_every_file_from_being_written() {
    let secret = "p@ss<&\"w|rd_\\ `1`";
    let scanner = Scanner::new(&[Secret::new(secret)]).unwrap();
    let places: [fn(&mut Told) -> &mut String; 6] = [
        |told| &mut told.rows[1].proves,
        |told| &mut told.rows[1].reasons[1],
        |told| &mut told.rows[1].name,
        |told| &mut told.rows[1].file,
        |told| told.rows[1].request_id.as_mut().unwrap(),
        |told| &mut told.verdict.as_mut().unwrap().findings[0].found,
    ];
    for (index, place) in places.iter().enumerate() {
        let mut told = told();
        *place(&mut told) = format!("before {secret} after");
        for one in 0..4 {
            let folder = tempfile::tempdir().unwrap();
            let all = wanted(folder.path());
            let only = Wanted {
                junit: all.junit.filter(|_| one == 0),
                html: all.html.filter(|_| one == 1),
                summary: all.summary.filter(|_| one == 2),
                annotations: one == 3,
            };
            // JUnit has no findings; the summary has neither promises nor files; ids stand in the
            // page and in JUnit only.
            let shows = !matches!((index, one), (5, 0) | (0 | 3, 2) | (4, 2 | 3));
            let written = only.write(&told, &scanner);
            assert_eq!(written.is_err(), shows, "place {index}, form {one}");
            if let Err(error) = written {
                assert!(matches!(error, SinkError::Leak { .. }));
                assert!(!error.to_string().contains("w|rd"), "{error}");
                let left = std::fs::read_dir(folder.path()).unwrap().count();
                assert_eq!(left, 0, "place {index}, form {one}");
            }
        }
    }
}

#[test]
fn a_selftest_is_told_line_by_line_and_as_a_table() {
    use crate::selftest::{Outcome, Subject, Tried, Verdict};
    let tried = |name: &str, subject, verdict, failed: &[&str], missed: &[&str]| Tried {
        name: name.to_owned(),
        subject,
        verdict,
        failed: failed.iter().map(|&row| row.to_owned()).collect(),
        broken: Vec::new(),
        missed: missed.iter().map(|&row| row.to_owned()).collect(),
        rows: 12,
        millis: 1_260,
    };
    let all = vec![
        tried(
            "usual settings",
            Subject::Conforming,
            Verdict::Quiet,
            &[],
            &[],
        ),
        tried(
            "small budget",
            Subject::Conforming,
            Verdict::FalseAlarm,
            &["a.row"],
            &[],
        ),
        Tried {
            broken: vec!["each_date".to_owned()],
            ..tried(
                "chat.a",
                Subject::Fault,
                Verdict::Killed,
                &["a.row", "b.row"],
                &[],
            )
        },
        tried(
            "chat.b",
            Subject::Fault,
            Verdict::Survived,
            &["b.row"],
            &["a.row"],
        ),
        tried("chat.c", Subject::Fault, Verdict::Unowned, &["b.row"], &[]),
        tried(
            "local.d",
            Subject::CounterScript,
            Verdict::Killed,
            &["l.row"],
            &[],
        ),
    ];
    let lines: Vec<String> = all.iter().map(super::terminal::tried_line).collect();
    insta::assert_snapshot!("selftest_lines", lines.join("\n"));
    let outcome = Outcome {
        tried: all,
        aborted: true,
    };
    insta::assert_snapshot!("selftest_table", super::terminal::kills(&outcome));
    assert!(!outcome.holds());
}
