use super::*;
use crate::leak::place::pointer;

#[test]
fn a_leak_is_placed_by_pointer_line_and_range() {
    let secret = "q9w8-e7r6-t5";
    let scanner = scanner(&[secret]);
    let text =
        format!("{{\n  \"rows\": [\n    {{}},\n    {{\"a\": 1, \"b.c\": \"x {secret}\"}}\n  ]\n}}");
    let leaks = scanner.scan(&text);
    assert_eq!(leaks.len(), 1);
    assert_eq!(&text[leaks[0].at.bytes.clone()], secret);
    assert_eq!(
        leaks[0].to_string(),
        "value of a sensitive variable on line 4, at /rows/1/b.c"
    );
    let plain = format!("a\nb\nc {secret}");
    assert_eq!(
        scanner.scan(&plain)[0].to_string(),
        "value of a sensitive variable on line 3, byte 6"
    );
}

#[test]
fn an_encoded_leak_is_placed_where_it_was_written() {
    let secret = "q9w8/e7r6";
    let scanner = scanner(&[secret]);
    for written in [
        "q9w8\\/e7r6",
        "q9w8\\u002fe7r6",
        "q9w8%2Fe7r6",
        "q9w8&#47;e7r6",
        "q9w8/\\n e7r6",
    ] {
        let text = format!("{{\"a\\n\\t\": \"\\n%20&amp; z{written}\"}}");
        let leaks = scanner.scan(&text);
        assert_eq!(leaks.len(), 1, "{text}");
        let range = leaks[0].at.bytes.clone();
        let start = text.find("q9w8").unwrap();
        assert_eq!(range.start, start, "{text}");
        assert!(
            range.end > start + 8 && range.end <= start + written.len(),
            "{text}"
        );
    }
}

#[test]
fn a_pointer_never_shows_a_leak() {
    let secret = "q9w8-e7r6";
    let scanner = scanner(&[secret, "key7"]);
    let text = format!("{{\"{secret}\": {{\"key7\": [\"{secret}\"]}}}}");
    let pointers: Vec<String> = scanner
        .scan(&text)
        .into_iter()
        .filter_map(|leak| leak.at.pointer)
        .collect();
    assert_eq!(pointers, ["/?", "/?/?", "/?/?/0"]);
}

#[test]
fn a_key_with_the_shape_of_a_secret_is_part_of_its_pointer() {
    // The shape takes in the quote before it.
    let key = ["gh", "p_0123456789abcdefghijABCDEFGHIJ"].concat();
    let leaks = scanner(&[]).scan(&format!("{{\"a\": {{\"{key}\": 1}}}}"));
    let pointers: Vec<_> = leaks
        .iter()
        .map(|leak| leak.at.pointer.as_deref())
        .collect();
    assert_eq!(pointers, [Some("/a/?")]);
}

#[test]
fn what_begins_like_json_and_is_none_is_read_as_it_stands() {
    // In JSON, a backslash and a `t` are no part of a path.
    let text = |parts: [&str; 2]| parts.join("\\");
    let leaks = scanner(&[]).scan(&text(["{ see C:", "temp"]));
    assert_eq!(leaks.len(), 1);
    assert_eq!(leaks[0].to_string(), "Windows path on line 1, byte 5");
    assert_eq!(scanner(&[]).scan(&text(["{\"see\": \"a:", "temp\"}"])), []);
}

#[test]
fn pointers_follow_the_structure() {
    let json = r#"{"a": {"x": [10, {"y": "s,]}"}, 30]}, "b c": 1, "d": [[], [5]]}"#;
    for (value, expected) in [
        ("10", "/a/x/0"),
        ("s,", "/a/x/1/y"),
        ("30", "/a/x/2"),
        ("1,", "/?"),
        ("5]", "/d/1/0"),
    ] {
        let offset = json.find(value).unwrap();
        assert_eq!(pointer(json, offset + 1, |_| true), expected, "{value}");
    }
    assert_eq!(pointer("\"abc\"", 2, |_| true), "");
}

#[test]
fn a_string_ends_at_its_own_quote() {
    let secret = "q9w8-e7r6-t5";
    for before in [r#"a\"b"#, r"a\\", r#"\\\""#, r#"{\"n\": 1}"#] {
        let text = format!("{{\"x\": \"{before}\", \"y\": {{\"c\": \"{secret}\"}}}}");
        let leaks = scanner(&[secret]).scan(&text);
        assert_eq!(leaks[0].at.pointer.as_deref(), Some("/y/c"), "{text}");
    }
}

/// Where a leak is has to be looked for in what was decoded. A long text of nothing but escapes, with
/// many leaks at its end, is refused for the first of them.
#[test]
fn no_more_is_read_again_than_it_takes() {
    let tokens: Vec<String> = (10..20).map(|at| token(&format!("ghp_{at}"), 36)).collect();
    let plain = tokens.join("\n");
    // Nothing was decoded, so nothing is read again.
    let found = scanner(&[]).scan_within(&plain, 1);
    assert_eq!(found.len(), 10);
    let json = serde_json::to_string(&plain).unwrap();
    let view = plain.len() + 2;
    for (again, leaks) in [
        (1, 1),
        (view, 1),
        (view + 1, 2),
        (2 * view, 2),
        (2 * view + 1, 3),
        (100 * view, 10),
    ] {
        let found = scanner(&[]).scan_within(&json, again);
        assert_eq!(found.len(), leaks, "{again}");
    }
    // A value that was found is not looked for in further dress either, and one always is found.
    let value = "q9w8-e7r6-t5";
    let twice = format!("\"{value} q9w8\\u002de7r6-t5\"");
    let found = |again| scanner(&[value]).scan_within(&twice, again).len();
    assert_eq!((found(usize::MAX), found(1)), (2, 1));
}

#[test]
fn the_keys_to_a_leak_are_named_as_long_as_it_takes_little() {
    let value = "q9w8-e7r6-t5";
    let json = serde_json::to_string(&vec![value; 4]).unwrap();
    let starts: Vec<usize> = json.match_indices(value).map(|(at, _)| at).collect();
    let named = |again: usize| {
        let found = scanner(&[value]).scan_within(&json, again);
        assert_eq!(found.len(), 4);
        found
            .iter()
            .filter(|leak| leak.at.pointer.is_some())
            .count()
    };
    assert_eq!(named(1), 1);
    assert_eq!(named(starts[0]), 1);
    assert_eq!(named(starts[0] + 1), 2);
    assert_eq!(named(starts[0] + starts[1]), 2);
    assert_eq!(named(starts[0] + starts[1] + 1), 3);
    assert_eq!(named(usize::MAX), 4);
}
