//! Problems in text that a person wrote, each with its place, and how they are shown.
//!
//! A [`Problem`] is collected, never thrown: readers go on after the first one, so that a person
//! mends a file once and not once per mistake.

use std::{fmt, ops::Range};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A file that a person wrote, held in memory with the name to show for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// What to call the file in messages; a path relative to where the reader looks.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl SourceFile {
    /// Names a text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }

    /// The 1-based line and column (in characters) of a byte offset.
    /// An offset past the end is the end.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let mut at = offset.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &self.text[..at];
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        (line, column)
    }
}

/// One thing that is wrong at one place of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Name of the file, as in [`SourceFile::name`].
    pub file: String,
    /// Byte range of the offending text.
    pub span: Range<usize>,
    /// What was found wrong, as one sentence without a full stop.
    pub message: String,
    /// What to do about it, where that is known.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at a place, without advice.
    pub fn new(file: impl Into<String>, span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            span,
            message: message.into(),
            help: None,
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// `file:line:column: message (help)`, for places where a picture does not fit.
    pub fn one_line(&self, files: &[SourceFile]) -> String {
        let (line, column) = files
            .iter()
            .find(|file| file.name == self.file)
            .map_or((1, 1), |file| file.line_column(self.span.start));
        let help = self
            .help
            .as_ref()
            .map(|help| format!(" ({help})"))
            .unwrap_or_default();
        format!("{}:{line}:{column}: {}{help}", self.file, self.message)
    }
}

/// Every problem that was found, in the order of files and places. Never empty when used as an
/// error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// The texts that the problems point into.
    pub files: Vec<SourceFile>,
    /// The problems.
    pub list: Vec<Problem>,
}

impl Problems {
    /// Puts problems in reading order beside the texts they point into.
    pub fn new(files: Vec<SourceFile>, mut list: Vec<Problem>) -> Self {
        let rank = |name: &str| files.iter().position(|file| file.name == name);
        list.sort_by(|a, b| {
            (rank(&a.file), a.span.start, &a.message).cmp(&(
                rank(&b.file),
                b.span.start,
                &b.message,
            ))
        });
        list.dedup();
        Self { files, list }
    }

    /// Draws every problem with the line it is on and the offending text marked.
    /// `color` asks for terminal escapes.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let mut out = String::new();
        for problem in &self.list {
            out.push_str(&self.render_one(problem, &renderer));
            out.push_str("\n\n");
        }
        out
    }

    fn render_one(&self, problem: &Problem, renderer: &Renderer) -> String {
        let Some(file) = self.files.iter().find(|file| file.name == problem.file) else {
            return format!("error: {}", problem.one_line(&self.files));
        };
        let end = problem.span.end.min(file.text.len());
        let start = problem.span.start.min(end);
        let snippet = Snippet::source(file.text.as_str())
            .path(file.name.as_str())
            .annotation(AnnotationKind::Primary.span(start..end));
        let mut group: Group<'_> = Level::ERROR
            .primary_title(problem.message.as_str())
            .element(snippet);
        if let Some(help) = &problem.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer.render(&[group])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.list.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{}", problem.one_line(&self.files))?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The known word nearest to what was typed, when it is near enough to be what was meant.
pub fn suggest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = typed.to_lowercase();
    known
        .into_iter()
        .map(|word| (strsim::jaro_winkler(&lower, &word.to_lowercase()), word))
        .filter(|(score, _)| *score >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}

/// Advice for an unknown word: the nearest known one, or the whole list when it is short.
pub fn did_you_mean(typed: &str, known: &[&str]) -> Option<String> {
    if let Some(word) = suggest(typed, known.iter().copied()) {
        return Some(format!("did you mean `{word}`?"));
    }
    match known.len() {
        0 => None,
        1..=16 => Some(format!("known: {}", known.join(", "))),
        many => Some(format!("{many} are known; none is near to this one")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_told_one_a_line() {
        let files = vec![SourceFile::new("a.toml", "é = 1\nb = 2\n")];
        let list = vec![
            Problem::new("a.toml", 1..2, "within a character"),
            Problem::new("a.toml", 7..8, "two").help("do"),
        ];
        let told = Problems::new(files, list).to_string();
        assert_eq!(told, "a.toml:1:1: within a character\na.toml:2:1: two (do)");
    }

    #[test]
    fn a_place_is_counted_in_lines_and_characters() {
        let file = SourceFile::new("a.toml", "x = 1\nнет = 2\n");
        for (offset, place) in [
            (0, (1, 1)),
            (6, (2, 1)),
            (13, (2, 5)),
            (14, (2, 6)),
            (999, (3, 1)),
        ] {
            assert_eq!(file.line_column(offset), place, "offset {offset}");
        }
    }

    #[test]
    fn a_problem_is_drawn_with_its_line_marked() {
        let file = SourceFile::new("rows.toml", "name = \"a\"\nteir = \"ga\"\n");
        let problem =
            Problem::new("rows.toml", 11..15, "unknown key `teir`").help("did you mean `tier`?");
        let drawn = Problems::new(vec![file], vec![problem]).render(false);
        assert!(drawn.contains("rows.toml:2:1"), "{drawn}");
        assert!(drawn.contains("^^^^"), "{drawn}");
        assert!(drawn.contains("did you mean `tier`?"), "{drawn}");
    }

    #[test]
    fn a_span_outside_the_text_does_not_panic() {
        let file = SourceFile::new("rows.toml", "a");
        let problem = Problem::new("rows.toml", 90..99, "cut short");
        assert!(
            Problems::new(vec![file], vec![problem])
                .render(false)
                .contains("cut short")
        );
    }

    #[test]
    fn a_near_word_is_suggested_and_a_far_one_is_not() {
        assert_eq!(
            suggest("finish_reson", ["status", "finish_reason"]),
            Some("finish_reason")
        );
        assert_eq!(suggest("zebra", ["status", "finish_reason"]), None);
    }
}
