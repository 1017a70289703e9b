//! What a script is known by: all that a shell makes something of.

use canary_core::digest::Digest;

/// The digest of every line, in a shell script but for remarks and empty lines. A line that is joined to
/// another by a backslash, that stands between quotes, or in a text of several lines (`<<END`), is no
/// remark, whatever it begins with.
pub(super) fn digest(text: &str) -> Digest {
    let Some(body) = text.strip_prefix(SHELL) else {
        return Digest::of(text);
    };
    let mut kept = SHELL.to_owned();
    let mut state = State::default();
    for line in body.lines() {
        let said = line.trim();
        let remark = (said.is_empty() || said.starts_with('#')) && state.is_between();
        if !remark {
            kept.push_str(line);
            kept.push('\n');
            state.read(line);
        }
    }
    // A quote that nobody closes was misread, and with it what is a remark.
    if state.is_between() {
        Digest::of(kept)
    } else {
        Digest::of(text)
    }
}

/// How a shell script begins.
const SHELL: &str = "#!/usr/bin/env bash\n";

/// What is open at the end of a line.
#[derive(Debug, Default)]
struct State {
    /// Quotes, and commands within them, from the outermost.
    open: Vec<Open>,
    /// The line goes on after a backslash.
    joined: bool,
    here: Option<HereDocument>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    /// `"`
    Double,
    /// `'`
    Single,
    /// `$'`
    Ansi,
    /// `$(`, and a bracket within
    Command,
}

/// A text that begins after this line, and the line that ends it.
#[derive(Debug, PartialEq, Eq)]
struct HereDocument {
    /// [`None`] where it cannot be told.
    end: Option<String>,
    /// Tabs before the end do not count.
    dash: bool,
}

impl State {
    /// Whether the next line begins a command, as far as anybody can tell.
    fn is_between(&self) -> bool {
        self.open.is_empty() && !self.joined && self.here.is_none()
    }

    fn read(&mut self, line: &str) {
        if let Some(here) = &self.here {
            let line = if here.dash {
                line.trim_start_matches('\t')
            } else {
                line
            };
            if here.end.as_deref() == Some(line) {
                self.here = None;
            }
            return;
        }
        self.joined = line.ends_with('\\');
        self.quotes(line);
        self.here = here_document(line);
    }

    fn quotes(&mut self, line: &str) {
        let mut last = ' ';
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match (self.open.last(), c) {
                (Some(Open::Single | Open::Ansi), '\'')
                | (Some(Open::Double), '"')
                | (Some(Open::Command), ')') => {
                    self.open.pop();
                }
                (Some(Open::Single), _) => {}
                (_, '\\') => {
                    chars.next();
                }
                (Some(Open::Double | Open::Command) | None, '(') if last == '$' => {
                    self.open.push(Open::Command);
                }
                (Some(Open::Ansi | Open::Double), _) => {}
                (Some(Open::Command), '(') => self.open.push(Open::Command),
                (_, '#') if last.is_whitespace() => return,
                (_, '\'') if last == '$' => self.open.push(Open::Ansi),
                (_, '\'') => self.open.push(Open::Single),
                (_, '"') => self.open.push(Open::Double),
                _ => {}
            }
            last = c;
        }
    }
}

/// The text that begins after this line: that of `cat <<'END'`, but not of `<<<`.
fn here_document(line: &str) -> Option<HereDocument> {
    let (before, after) = line.split_once("<<")?;
    if before.ends_with('<') || after.starts_with('<') {
        return None;
    }
    let word = after.strip_prefix('-').unwrap_or(after).trim_start();
    let word = word.trim_start_matches(['\'', '"', '\\']);
    let end = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let (word, rest) = word.split_at(end.unwrap_or(word.len()));
    // Two that begin on one line are read as one without an end.
    let told = !word.is_empty() && !rest.contains("<<");
    Some(HereDocument {
        end: told.then(|| word.to_owned()),
        dash: after.starts_with('-'),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "#!/usr/bin/env bash\nset -euo pipefail\n";

    /// Whether a line more, put after the first part, is told from a remark.
    fn counts(before: &str, line: &str, after: &str) -> bool {
        let without = digest(&format!("{HEAD}{before}{after}"));
        without != digest(&format!("{HEAD}{before}{line}\n{after}"))
    }

    #[test]
    fn a_remark_does_not_count() {
        for (before, after) in [
            ("", "a\n"),
            ("a 'b' \"c\"\n", "d\n"),
            ("a \"$(b 'c \"d' \"e\")\" # it's\n", "f\n"),
            ("a <<'END'\n# text\nEND\n", "b\n"),
            ("a <<-END\n\ttext\n\tEND\n", "b\n"),
            ("a <<<\"$b\"\n", "c\n"),
            ("a $'it\\'s \"b'\n", "b\n"),
            ("a \"it's (\"\n", "b\n"),
            ("a 'b\\'\n", "c\n"),
            ("a \"$(b 'c \"d' \"e\")\"\n", "f\n"),
            ("a \"$( (b) 'c\"' )\"\n", "d\n"),
            ("a \\'\n", "b\n"),
            ("a 'b\n# c\n'\n", "d\n"),
            ("echo \"$(a)\" $((1 + (2)))\n", "c\n"),
        ] {
            assert!(!counts(before, "  # It's a remark.", after), "{before:?}");
            assert!(!counts(before, "", after), "{before:?}");
            assert!(counts(before, "b", after), "{before:?}");
        }
    }

    #[test]
    fn what_only_looks_like_a_remark_counts() {
        for (before, after) in [
            ("awk '\n", "' file\n"),
            ("awk '\n# a\n", "' file\n"),
            ("a \"b\n", "\"\n"),
            ("a $'b\\'\n", "'\n"),
            ("a b#'c\n", "' # 'd\n"),
            ("a \"$(b 'c \"d' \"e\") f\n", "\"\n"),
            ("a \\\n", "b\n"),
            ("a <<END\n", "END\n"),
            // These do not end the text, whatever they look like.
            ("a <<END\n  END\n", "END\n"),
            ("a <<END\n\tEND\n", "END\n"),
            ("a <<-END\n END\n", "END\n"),
            ("a <<A <<B\na\nA\n", "B\n"),
            ("a <<$b\n", "c\n"),
            // Nobody closes it.
            ("a 'b\n'\n", "a '\n"),
        ] {
            assert!(counts(before, "#' x; exit 0; '", after), "{before:?}");
        }
    }

    #[test]
    fn of_what_is_no_shell_script_everything_counts() {
        let of = |text: &str| digest(&format!("#!/usr/bin/env python3\n{text}a = 1\n"));
        assert_ne!(of(""), of("# b\n"));
        assert_ne!(
            digest(HEAD),
            digest("#!/usr/bin/env bash -x\nset -euo pipefail\n")
        );
    }
}
