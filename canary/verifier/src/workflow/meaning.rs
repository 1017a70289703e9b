//! What means the same, and what means nothing: spellings that neither a shell nor a runner tells apart,
//! steps that only say something, and settings that only show something. A release may be written in any
//! of these ways.

use super::model::{Pair, Step, Work};

/// The commands of a script, one an item: without remarks, with lines that a backslash joins put
/// together, and with one blank between words.
///
/// What stands between quotes stays as it is. A script that is a plan's here is the plan's to the shell:
/// only blanks, remarks and joints can differ, and those stand outside of quotes in both.
pub(super) fn script(run: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut quote = None;
    let mut blank = false;
    let mut chars = run.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None | Some('"'), '\\') => match chars.next() {
                Some('\n') => {}
                next => put(&mut line, &mut blank, [Some(c), next]),
            },
            (None, '#') if blank || line.is_empty() => {
                while chars.next_if(|next| *next != '\n').is_some() {}
            }
            (None, '\n') => {
                lines.push(std::mem::take(&mut line));
                blank = false;
            }
            (None, ' ' | '\t') => blank = true,
            (None, '\'' | '"') => {
                quote = Some(c);
                put(&mut line, &mut blank, [Some(c), None]);
            }
            _ => {
                if quote == Some(c) {
                    quote = None;
                }
                put(&mut line, &mut blank, [Some(c), None]);
            }
        }
    }
    lines.push(line);
    lines.retain(|line| !line.is_empty());
    lines
}

fn put(line: &mut String, blank: &mut bool, chars: [Option<char>; 2]) {
    if std::mem::take(blank) && !line.is_empty() {
        line.push(' ');
    }
    line.extend(chars.into_iter().flatten());
}

/// A condition without what makes no difference: blanks outside of texts, brackets around all of it,
/// `success()` that holds unless another function is named, and comparing a truth with a truth.
pub(super) fn condition(text: &str) -> String {
    let mut quoted = false;
    let dense = |c: &char| {
        quoted ^= *c == '\'';
        quoted || !c.is_ascii_whitespace()
    };
    let dense: String = text.chars().filter(dense).collect();
    let mut rest = dense.as_str();
    while let Some(inner) = inner(rest) {
        rest = inner;
    }
    let is_path = |text: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        !text.is_empty() && text.chars().all(known)
    };
    let denied = rest.strip_prefix("!(").and_then(|t| t.strip_suffix(')'));
    if let Some(path) = denied.filter(|path| is_path(path)) {
        return format!("!{path}");
    }
    for (compared, sign) in [("==false", "!"), ("!=true", "!"), ("==true", "")] {
        if let Some(path) = rest.strip_suffix(compared).filter(|path| is_path(path)) {
            return format!("{sign}{path}");
        }
    }
    rest.to_owned()
}

/// What stands within brackets that stand around all of it, or beside `success()`.
fn inner(text: &str) -> Option<&str> {
    let alone = |rest: &str| !rest.contains("||");
    if let Some(rest) = text.strip_prefix("success()&&").filter(|rest| alone(rest)) {
        return Some(rest);
    }
    if let Some(rest) = text.strip_suffix("&&success()").filter(|rest| alone(rest)) {
        return Some(rest);
    }
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    (!inner.contains(['(', ')'])).then_some(inner)
}

/// Whether a step can do nothing but say something: it shows a text that stands there, or the version of
/// a tool. No variable, no redirection, and no command to the runner is in it.
pub(super) fn is_note(step: &Step) -> bool {
    let Work::Run(run) = &step.work else {
        return false;
    };
    let when = step.condition.as_ref().map(|at| condition(&at.text));
    let when = when.as_deref().unwrap_or("success()");
    let lines = script(&run.text);
    ["success()", "failure()", "always()", "!cancelled()"].contains(&when)
        && step.id.is_none()
        && step.env.iter().all(only_shows)
        && !lines.is_empty()
        && lines.iter().all(|line| says(line))
}

/// What a shell gives a meaning of its own, and what begins a command to the runner.
const SPECIAL: [&str; 14] = [
    "$", "`", "<", ">", "|", "&", ";", "(", ")", "{", "}", "\\", "::", "##[",
];

fn says(line: &str) -> bool {
    // Quotes may stand in the middle of a word, which is put together without them.
    let bare = line.replace(['\'', '"'], "");
    let is_special = |text: &str| SPECIAL.iter().any(|special| text.contains(special));
    if is_special(&bare) || line.contains('\n') {
        return false;
    }
    let words: Vec<&str> = line.split(' ').collect();
    let is_word = |word: &&str| word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    match words.as_slice() {
        // With other options `date` sets the time, and `bash` runs what is named.
        ["echo", ..]
        | ["rustup", "show"]
        | ["date"]
        | ["date", "-u" | "-R"]
        | ["bash" | "git" | "jq", "--version"] => true,
        ["df" | "free" | "nproc" | "pwd" | "uname", rest @ ..] => rest
            .iter()
            .all(|word| word.starts_with('-') && is_word(word)),
        // A word between is a tool of theirs.
        [
            "cargo" | "rustc" | "rustup",
            rest @ ..,
            "--version" | "-V" | "-vV",
        ] => rest.len() < 2 && rest.iter().all(is_word),
        _ => false,
    }
}

/// Whether a variable changes nothing but how something is shown.
pub(super) fn only_shows((key, value): &Pair) -> bool {
    const SHOWN: [&str; 5] = [
        "CARGO_TERM_COLOR",
        "CLICOLOR",
        "FORCE_COLOR",
        "NO_COLOR",
        "RUST_BACKTRACE",
    ];
    SHOWN.contains(&key.text.as_str()) && !value.text.contains("${{")
}

/// Whether what an action is told changes neither what it does nor with which bytes.
pub(super) fn is_neutral(action: &str, (key, value): &Pair) -> bool {
    let number = value.text.parse::<u32>();
    match (action, key.text.as_str()) {
        ("actions/checkout", "fetch-depth") => number.is_ok(),
        ("actions/upload-artifact", "compression-level") => number.is_ok_and(|n| n < 10),
        ("actions/upload-artifact", "retention-days") => {
            number.is_ok_and(|n| (1..=90).contains(&n))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_its_commands() {
        for (run, expected) in [
            ("a  b\t c \n\n # no\nd # e\n", &["a b c", "d"][..]),
            ("a \\\n    --b", &["a --b"]),
            ("a\\\nb", &["ab"]),
            ("a '  b  ' \"  c #  \"", &["a '  b  ' \"  c #  \""]),
            ("a#b", &["a#b"]),
            ("a \\ ", &["a \\ "]),
            ("# a \\\nb", &["b"]),
            // A remark that is joined to a line ends it.
            ("a \\\n# b\n--c", &["a", "--c"]),
            ("a ' \\\n' b", &["a ' \\\n' b"]),
            ("a \" \\\n \" b", &["a \"  \" b"]),
            ("", &[]),
        ] {
            assert_eq!(script(run), expected, "{run:?}");
        }
    }

    #[test]
    fn a_condition_is_what_it_asks() {
        for (text, expected) in [
            ("!inputs.dry_run", "!inputs.dry_run"),
            (" ! inputs.dry_run ", "!inputs.dry_run"),
            ("inputs.dry_run == false", "!inputs.dry_run"),
            ("inputs.dry_run != true", "!inputs.dry_run"),
            ("(inputs.dry_run == true)", "inputs.dry_run"),
            ("!(inputs.dry_run)", "!inputs.dry_run"),
            ("success() && !inputs.dry_run", "!inputs.dry_run"),
            ("a == 'b  c'", "a=='b  c'"),
            ("a == 'b' || c == 'd'", "a=='b'||c=='d'"),
            ("always() && !inputs.dry_run", "always()&&!inputs.dry_run"),
            ("success() && a || b", "success()&&a||b"),
            ("(a) || (b)", "(a)||(b)"),
            ("!(a || b)", "!(a||b)"),
            ("a || b == false", "a||b==false"),
        ] {
            assert_eq!(condition(text), expected, "{text:?}");
        }
    }

    #[test]
    fn only_what_says_something_is_a_note() {
        for line in [
            "echo \"It begins # now.\"",
            "cargo --version",
            "cargo deny --version",
            "rustc -vV",
            "rustup show",
            "df -h",
            "date -u",
            "bash --version",
        ] {
            assert!(says(line), "{line}");
        }
        for line in [
            "true",
            "echo a >b",
            "echo $A",
            "echo `a`",
            "echo a; b",
            "echo ::add-path::x",
            "echo '##[add-path]x'",
            "echo a & b",
            "echo ':'':add-path::x",
            "echo \":\"\":error:\"\":x\"",
            "echo '#''#'[add-path]x",
            "bash evil --version",
            "git evil --version",
            "cargo run x --version",
            "df x",
            "uname ../x",
            "echo 'a\nb'",
            "date -s20200101",
            "date -us20200101",
            "cargo run --bin x --version",
            "cargo ./x --version",
            "date ../x",
            "sudo date",
            "rustup default nightly",
            "git checkout x",
        ] {
            assert!(!says(line), "{line}");
        }
    }
}
