use crate::input::{LineProblem, parse_env_file};
use proptest::prelude::*;

fn value(text: &str) -> String {
    parse_env_file(text.as_bytes()).unwrap()["A"].clone()
}

#[test]
fn dotenv_syntax_is_read() {
    let table = [
        ("A=b", "b"),
        ("A=b \n", "b"),
        ("A=b ", "b"),
        ("export A=b\n", "b"),
        ("\u{feff}A=b\n", "b"),
        ("A=b\r\n", "b"),
        ("# c\n\n  # d\nA = b # e\n", "b"),
        ("A=b#c", "b#c"),
        ("A='b c'", "b c"),
        ("A=\"b c\"", "b c"),
        ("A=\"b\\\"c\\nd\"", "b\"c\nd"),
        ("A='b\\nc'", "b\\nc"),
        ("A=\"b\nc\"", "b\nc"),
        ("A=", ""),
        ("A= # nothing", ""),
        ("A=b=c==", "b=c=="),
        ("A=b\nA=b", "b"),
        ("A=\nA=b", "b"),
        ("A=b\nA=\n", "b"),
    ];
    for (text, expected) in table {
        assert_eq!(value(text), expected, "{text:?}");
    }
}

#[test]
fn nothing_is_substituted() {
    // Every process that runs tests has a PATH; dotenvy by itself would put it in.
    let raw = dotenvy::from_read_iter("A=$PATH".as_bytes()).next();
    assert_ne!(
        raw.unwrap().unwrap().1,
        "$PATH",
        "the guard has become needless"
    );
    let table = [
        ("A=$PATH", "$PATH"),
        ("A=${PATH}", "${PATH}"),
        ("A=\"x${PATH}y\"", "x${PATH}y"),
        ("A='$PATH'", "$PATH"),
        ("B=c\nA=$B", "$B"),
        ("A=a$", "a$"),
        ("A=$$", "$$"),
        ("A=\\$PATH", "$PATH"),
        ("A=\"\\$PATH\"", "$PATH"),
        ("A='\\$PATH'", "\\$PATH"),
        ("A=\"\\\\$PATH\"", "\\$PATH"),
        ("A=\"\\\\\\$PATH\"", "\\$PATH"),
        ("A=\u{e000}$\u{e001}", "\u{e000}$\u{e001}"),
    ];
    for (text, expected) in table {
        assert_eq!(value(text), expected, "{text:?}");
    }
}

#[test]
fn a_bad_line_is_named_by_number_and_not_shown() {
    let table = [
        ("A=b\nB c\n", 2),
        ("\n# x\n\n=hunter2\n", 4),
        ("A=hunter2 hunter2\n", 1),
        ("A=b\nB='hunter2\nC=d\nE=f\n", 2),
        ("A=\"x\ny\"\nB=\"hunter2\n", 3),
        ("1A=hunter2", 1),
        ("$A=hunter2", 1),
        ("A=\"hunter2\\q\"", 1),
    ];
    for (text, line) in table {
        let problem = parse_env_file(text.as_bytes()).unwrap_err();
        assert_eq!(
            (problem.line, &problem.problem),
            (line, &LineProblem::Syntax),
            "{text:?}"
        );
        assert!(!problem.to_string().contains("hunter2"));
        assert!(!format!("{problem:?}").contains("hunter2"));
    }
}

#[test]
fn a_name_with_two_values_is_refused() {
    let problem = parse_env_file(b"A=x\n\nA=\nA=y\n").unwrap_err();
    assert_eq!(
        problem.to_string(),
        "line 4: `A` is set to another value on line 1; keep one of the two"
    );
}

#[test]
fn a_mistake_behind_a_long_line_is_told_on_its_own() {
    let long = "x".repeat(20_000);
    let problem = parse_env_file(format!("A={long}\nB c\n").as_bytes()).unwrap_err();
    assert_eq!(problem.line, 2);
    let widest = format!("A={}\n", "x".repeat(16 * 1024 * 1024 - 3));
    let found = parse_env_file(widest.as_bytes());
    assert!(found.is_ok(), "the widest that is allowed");
}

#[test]
fn foreign_bytes_are_refused() {
    let problem = parse_env_file(b"A=b\nB=\xff\n").unwrap_err();
    assert_eq!((problem.line, problem.problem), (2, LineProblem::NotUtf8));
    let problem = parse_env_file(&vec![b'#'; 17 * 1024 * 1024]).unwrap_err();
    assert_eq!(problem.problem, LineProblem::TooLarge);
    let every: String = ('\u{e000}'..='\u{f8ff}').collect();
    let problem = parse_env_file(every.as_bytes()).unwrap_err();
    assert_eq!(problem.problem, LineProblem::NoMarker);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_value_survives_single_quotes(text in "[^'\\\\\r\u{feff}]{0,40}") {
        let file = format!("X=1\nA='{text}'\nB=2\n");
        let parsed = parse_env_file(file.as_bytes()).unwrap();
        prop_assert_eq!(&parsed["A"], &text);
        prop_assert_eq!(&parsed["B"], "2");
    }

    #[test]
    fn any_bytes_are_parsed_or_refused(
        bytes in prop::collection::vec(
            prop_oneof![any::<u8>(), prop::sample::select(b"A=$\\'\"#\n {}".to_vec())], 0..80),
    ) {
        if let Err(problem) = parse_env_file(&bytes) {
            let lines = memchr::memchr_iter(b'\n', &bytes).count() + 1;
            prop_assert!((1..=lines + 1).contains(&problem.line));
        }
    }
}
