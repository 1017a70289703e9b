//! The commands that workflows, scripts and documents name: what a reader, CI or the night would type.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use clap::Command;

/// A command as it stands somewhere.
#[derive(Debug, Clone)]
pub struct Named {
    /// File and line.
    pub at: String,
    /// The program and its arguments.
    pub words: Vec<String>,
    /// Whether it stands there to be run. A command within a sentence may leave arguments out.
    pub is_whole: bool,
}

impl Named {
    /// A command to be run, with words separated by spaces.
    pub fn whole(words: &str) -> Self {
        Self {
            at: "here".to_owned(),
            words: words.split(' ').map(str::to_owned).collect(),
            is_whole: true,
        }
    }
}

/// Holds every written command of a program against its arguments. Each of `known` is a file and a word
/// of a command that has to be found in it: it would be no proof if nothing were found.
pub fn all_are_understood(program: &Command, known: &[(&str, &str)]) {
    let all = of(program.get_name());
    let refused: Vec<_> = all
        .iter()
        .filter_map(|named| Some((named, refused(program, named)?)))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
    for (file, word) in known {
        let holds = |named: &Named| {
            named.at.starts_with(file) && named.words.iter().any(|found| found == word)
        };
        assert!(all.iter().any(holds), "{file}: {word}: {all:#?}");
    }
}

/// Fails unless every one of these would be refused.
pub fn none_is_understood(program: &Command, all: &[&str]) {
    for words in all {
        assert!(refused(program, &Named::whole(words)).is_some(), "{words}");
    }
}

/// The folder of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Programs of this repository.
pub const PROGRAMS: [&str; 3] = ["canary", "canary-verify", "canary-gateway"];

/// Every command of a program.
pub fn of(program: &str) -> Vec<Named> {
    let mut all: Vec<Named> = everything().flat_map(Text::commands).collect();
    all.retain(|named| named.words[0] == program);
    all
}

/// Every call of a script.
pub fn scripts() -> Vec<Named> {
    let lines = everything().flat_map(|text| text.lines);
    let calls = lines.filter_map(|line| {
        let words = cut(&line.words);
        let is_script = |word: &String| {
            let word = word.trim_start_matches("./");
            word.starts_with("scripts/") || word == ".ci/run"
        };
        let first = words.iter().position(is_script)?;
        // Behind a word that is no assignment it is an argument.
        let is_called = words[..first].iter().all(|word| word.contains('='));
        let words = words[first..].to_vec();
        is_called.then_some(Named { words, ..line })
    });
    calls.collect()
}

/// Why a command would be refused, if it would.
pub fn refused(program: &Command, named: &Named) -> Option<String> {
    let unknown = unknown_words(program, &named.words);
    if unknown.is_some() || !named.is_whole {
        return unknown;
    }
    let words = filled(&named.words);
    program
        .clone()
        .try_get_matches_from(words)
        .err()
        .and_then(|error| {
            // A page of help is an answer.
            error.use_stderr().then(|| error.to_string())
        })
}

/// The first word that names a command or an option which is none.
fn unknown_words(program: &Command, words: &[String]) -> Option<String> {
    let mut command = program.clone();
    command.build();
    let mut at = &command;
    for word in &words[1..] {
        if let Some(option) = word.strip_prefix("--").filter(|option| !option.is_empty()) {
            let name = option.split('=').next().unwrap_or(option);
            let mut all = at.get_arguments();
            if !all.any(|known| known.get_long() == Some(name)) {
                return Some(format!("{} has no --{name}", at.get_name()));
            }
        } else if at.has_subcommands() && !word.starts_with('-') {
            match at.find_subcommand(word) {
                Some(found) => at = found,
                None => return Some(format!("{} has no command {word}", at.get_name())),
            }
        }
    }
    None
}

/// Words with something of the right kind in the place of what the shell would put there.
fn filled(words: &[String]) -> Vec<String> {
    let mut filled: Vec<String> = Vec::new();
    for word in words {
        let open = word.contains('$') || word.chars().all(|c| c.is_ascii_uppercase());
        let before = filled.last().map_or("", String::as_str);
        let value = match before {
            "--version" | "--confirm" | "--confirm-version" => "1.2.3",
            "--repo" => "owner/name",
            "--partition" => "1/2",
            "--fault" => "speech.silent",
            "--sha256" => "0000000000000000000000000000000000000000000000000000000000000000",
            "--api-base" | "--index" => "https://example.com/",
            "--jobs" | "--wait" => "1",
            _ => "value",
        };
        filled.push(if open { value.to_owned() } else { word.clone() });
    }
    filled
}

/// A text with its commands, line by line.
struct Text {
    lines: Vec<Named>,
}

impl Text {
    fn commands(self) -> Vec<Named> {
        self.lines
            .into_iter()
            .flat_map(|line| programs(&line))
            .collect()
    }
}

/// The workflows, the scripts, and every page.
fn everything() -> impl Iterator<Item = Text> {
    let mut files = BTreeMap::new();
    walk(&root(), "", &mut files);
    files.into_iter().map(|(name, text)| {
        let lines = if is(&name, "yml") {
            let scripts = canary_verifier::workflow::scripts(&text).into_iter();
            scripts
                .flat_map(|(job, run)| shell(&format!("{name} {job}"), 0, &run))
                .collect()
        } else if is(&name, "md") {
            page(&name, &text)
        } else {
            shell(&name, 0, &text)
        };
        Text { lines }
    })
}

fn is(name: &str, ending: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|found| found == ending)
}

fn walk(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path: PathBuf = entry.path();
        let kind = entry.file_type().unwrap();
        let is_wanted = ["md", "sh"].iter().any(|end| is(&name, end))
            || name == ".ci/run"
            || (name.starts_with(".github/workflows/") && is(&name, "yml"));
        let made = [
            "target",
            ".git",
            "node_modules",
            "rehearsal",
            "promotion",
            "artifacts",
        ];
        if kind.is_dir() && !made.iter().any(|made| name.ends_with(made)) {
            walk(&path, &format!("{name}/"), files);
        } else if kind.is_file() && is_wanted && name != "CHANGELOG.md" {
            files.insert(name, fs::read_to_string(path).unwrap());
        }
    }
}

/// The blocks of a page that a shell would read, its workflows, and what stands between backticks.
fn page(name: &str, text: &str) -> Vec<Named> {
    let mut all = Vec::new();
    let mut block: Option<(usize, String, String)> = None;
    for (index, line) in text.lines().enumerate() {
        let fence = line.trim_start().strip_prefix("```");
        match (&mut block, fence) {
            (None, Some(kind)) => block = Some((index + 1, kind.to_owned(), String::new())),
            (Some((_, _, text)), None) => {
                text.push_str(line.trim_start_matches("$ "));
                text.push('\n');
            }
            (Some((start, kind, text)), Some(_)) => {
                if kind == "yaml" {
                    let scripts = canary_verifier::workflow::scripts(text).into_iter();
                    all.extend(
                        scripts.flat_map(|(job, run)| shell(&format!("{name} {job}"), 0, &run)),
                    );
                }
                if ["sh", "bash", "console"].contains(&kind.as_str()) {
                    all.extend(shell(name, *start, text));
                }
                block = None;
            }
            (None, None) => all.extend(inline(&format!("{name}:{}", index + 1), line)),
        }
    }
    all
}

fn inline(at: &str, line: &str) -> Vec<Named> {
    let spans = line.split('`').skip(1).step_by(2);
    let commands = spans.filter_map(|span| {
        let words = shlex::split(&span.replace(['[', ']'], " "))?;
        let known = |word: &str| {
            let word = word.trim_start_matches("./");
            PROGRAMS.contains(&word)
                || word.starts_with("scripts/")
                || word == ".ci/run"
                || word == "cargo"
        };
        // `canary` alone is a name, and a wildcard names several.
        let is_command = words
            .first()
            .is_some_and(|word| known(word) && !word.ends_with('/'))
            && !words[0].contains('*');
        let words: Vec<String> = words
            .into_iter()
            .filter(|word| !word.contains('…'))
            .collect();
        is_command.then(|| Named {
            at: at.to_owned(),
            words,
            is_whole: false,
        })
    });
    commands.collect()
}

/// The lines of a script, each as its words. Lines that end in a backslash go on, and so does a list
/// until it is closed.
fn shell(name: &str, start: usize, text: &str) -> Vec<Named> {
    let mut all = Vec::new();
    let mut open = String::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if open.is_empty() && line.starts_with('#') {
            continue;
        }
        open.push_str(line.trim_end_matches('\\'));
        let in_list = open.contains("=(") && !open.trim_end().ends_with(')');
        if line.ends_with('\\') || in_list {
            open.push(' ');
            continue;
        }
        let line = std::mem::take(&mut open);
        // A line that is open within quotes goes on where no command begins.
        let words = shlex::split(&line)
            .unwrap_or_else(|| line.split_whitespace().map(str::to_owned).collect());
        let at = format!("{name}:{}", start + index + 1);
        all.push(Named {
            at,
            words,
            is_whole: true,
        });
    }
    all
}

/// The commands of our programs in a line.
fn programs(line: &Named) -> Vec<Named> {
    let mut all = Vec::new();
    for (index, word) in line.words.iter().enumerate() {
        let before = index
            .checked_sub(1)
            .map_or("", |before| &line.words[before]);
        let (program, rest) = if before == "--bin" && line.words.iter().any(|word| word == "run") {
            let after = line.words[index + 1..].iter().position(|word| word == "--");
            let rest = after.map_or(&[][..], |after| &line.words[index + after + 2..]);
            (word.as_str(), rest)
        } else {
            let begins = index == 0
                || ["&&", "||", "|", ";", "then", "do", "!", "{"].contains(&before)
                || before.ends_with(';')
                || before.ends_with("=$(")
                || (before.contains('=') && !before.starts_with('-'));
            let name = word
                .rsplit('/')
                .next()
                .unwrap_or(word)
                .trim_start_matches('$');
            let name = if name == "verifier" {
                "canary-verify"
            } else {
                name
            };
            let in_list = word.starts_with('$') && line.words[0].contains("=(");
            // What is handed on in a variable is not run here.
            if (!begins && !in_list) || word.contains(['=', ')']) {
                continue;
            }
            (name, &line.words[index + 1..])
        };
        // An empty list of arguments in a sentence is a name.
        let is_ours = PROGRAMS.contains(&program) && (line.is_whole || !rest.is_empty());
        if is_ours {
            let words = std::iter::once(program.to_owned())
                .chain(cut(rest))
                .collect();
            all.push(Named {
                words,
                ..line.clone()
            });
        }
    }
    all
}

/// The words of one command: up to what the shell reads as its end, without lists that it would put in.
fn cut(words: &[String]) -> Vec<String> {
    let is_end = |word: &String| {
        let operator =
            ["&&", "||", "|", ";", "&", ")", "}", ">", ">>", "<", "<<<"].contains(&word.as_str());
        let redirects = word.starts_with("2>") || word.starts_with('>') || word.starts_with('<');
        operator || redirects
    };
    let mut all = Vec::new();
    for word in words.iter().take_while(|word| !is_end(word)) {
        let closed = word.trim_end_matches([';', ')']);
        if !word.contains("[@]") && !closed.is_empty() {
            all.push(closed.to_owned());
        }
        if closed.len() < word.len() && !word.contains("$(") {
            break;
        }
    }
    all
}
