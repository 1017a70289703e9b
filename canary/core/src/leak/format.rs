//! Shapes of known secrets and private paths, as data.

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::Pattern;

/// The expressions, compiled.
#[derive(Debug)]
pub(super) struct Formats {
    /// All of them in one automaton: [`FORMATS`] in order, then [`ENV_LINE`].
    pub(super) any: RegexSet,
    /// Each of [`FORMATS`], in order, for the place of a find.
    pub(super) each: Vec<(Pattern, Regex)>,
    /// [`ENV_LINE`].
    pub(super) env_line: Regex,
}

impl Formats {
    pub(super) fn compile() -> Result<Self, regex::Error> {
        let expressions = FORMATS.iter().map(|(_, expression)| *expression);
        let regex = |expression| RegexBuilder::new(expression).unicode(false).build();
        Ok(Self {
            any: RegexSetBuilder::new(expressions.chain([ENV_LINE]))
                .unicode(false)
                .build()?,
            each: FORMATS
                .iter()
                .map(|(pattern, expression)| Ok((*pattern, regex(expression)?)))
                .collect::<Result<_, regex::Error>>()?,
            env_line: regex(ENV_LINE)?,
        })
    }
}

/// Patterns and the expressions that find them, over bytes, without Unicode. Rules for a line:
/// no more than the shortest form of the secret is matched, so that a search costs little; what is
/// before a token may be anything but a letter or digit (an underscore may: `X_ghp_…`); and what
/// documents write in place of a secret (`sk-…`, `whsec_...`) is too short to match.
pub(super) const FORMATS: &[(Pattern, &str)] = &[
    (
        Pattern::PrivateKey,
        "-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----",
    ),
    (Pattern::PrivateKey, "PuTTY-User-Key-File-[0-9]"),
    (Pattern::PrivateKey, "AGE-SECRET-KEY-1[A-Z0-9]{20}"),
    (Pattern::NpmToken, "(?:^|[^A-Za-z0-9])npm_[A-Za-z0-9]{30}"),
    (
        Pattern::NpmToken,
        "_authToken[ \\t]{0,4}[=:][ \\t]{0,4}[\"']?[A-Za-z0-9_-]{8}",
    ),
    (
        Pattern::PypiToken,
        "(?:^|[^A-Za-z0-9])pypi-Ag[A-Za-z0-9_-]{30}",
    ),
    (
        Pattern::CratesIoToken,
        "(?:^|[^A-Za-z0-9])cio[A-Za-z0-9]{32}(?:$|[^A-Za-z0-9])",
    ),
    (
        Pattern::GithubToken,
        "(?:^|[^A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{30}",
    ),
    (
        Pattern::GithubToken,
        "(?:^|[^A-Za-z0-9])github_pat_[A-Za-z0-9_]{22}",
    ),
    (
        Pattern::AwsKey,
        "(?:^|[^A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?:$|[^A-Za-z0-9])",
    ),
    (
        Pattern::AwsKey,
        "(?i:aws_?secret_?(?:access_?)?key)[\"']?[ \\t]{0,4}[=:][ \\t]{0,4}[\"']?[A-Za-z0-9/+]{40}",
    ),
    (
        Pattern::StripeKey,
        "(?:^|[^A-Za-z0-9])[sr]k_(?:live|test)_[A-Za-z0-9]{16}",
    ),
    (
        Pattern::GoogleKey,
        "(?:^|[^A-Za-z0-9])AIza[A-Za-z0-9_-]{35}",
    ),
    (
        Pattern::GoogleKey,
        "(?:^|[^A-Za-z0-9])ya29\\.[A-Za-z0-9_-]{20}",
    ),
    (
        Pattern::GoogleKey,
        "(?:^|[^A-Za-z0-9])GOCSPX-[A-Za-z0-9_-]{20}",
    ),
    (
        Pattern::SlackToken,
        "(?:^|[^A-Za-z0-9])xox[abeoprs]-(?:[0-9]-)?[A-Za-z0-9]{8}",
    ),
    (
        Pattern::SlackToken,
        "(?:^|[^A-Za-z0-9])xapp-[0-9]-[A-Za-z0-9]{8}",
    ),
    (
        Pattern::SlackToken,
        "hooks\\.slack\\.com/(?:services|workflows)/[A-Z0-9]{8}",
    ),
    (
        Pattern::Jwt,
        "(?:^|[^A-Za-z0-9])eyJ[A-Za-z0-9_-]{8}[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]{8}[A-Za-z0-9_-]*\\.",
    ),
    (
        Pattern::WebhookSecret,
        "(?:^|[^A-Za-z0-9])whsec_[A-Za-z0-9+/_-]{12}",
    ),
    (
        Pattern::RuninfraKey,
        "(?:^|[^A-Za-z0-9])sk-ri-[A-Za-z0-9_-]{8}",
    ),
    (
        Pattern::PipelineKey,
        "(?:^|[^A-Za-z0-9])rp_(?:live|test)_[A-Za-z0-9_-]{8}",
    ),
    // Words joined by hyphens are no key: there must be a digit or a capital before the last 12.
    (
        Pattern::ApiKey,
        "(?:^|[^A-Za-z0-9])sk-[a-z_-]{0,24}[A-Z0-9][A-Za-z0-9_-]{11}",
    ),
    // A slash after a letter is in the middle of a route or a relative path; one after `}` follows
    // a placeholder, one after `#!` names an interpreter. Roots that our routes or JSON pointers begin with are not in the list.
    (
        Pattern::UnixPath,
        "(?:^|[^A-Za-z0-9_.~/%}!\\\\-])/(?:home|Users|Volumes|builds|etc|github|media|mnt|nix|opt|private|proc|snap|srv|tmp|usr|var|work|workspace|workspaces)/[A-Za-z0-9_.@~-]",
    ),
    (
        Pattern::UnixPath,
        "(?:^|[^A-Za-z0-9_.~/%}!\\\\-])/(?:root|run/user)(?:$|[^A-Za-z0-9_.-])",
    ),
    (
        Pattern::WindowsPath,
        "(?:^|[^A-Za-z0-9])[A-Za-z]:\\\\{1,2}[A-Za-z0-9_.$]",
    ),
    (
        Pattern::WindowsPath,
        "(?:^|[^A-Za-z0-9])[A-Za-z]:/(?:Users|Documents and Settings|Program Files|ProgramData|Windows|actions-runner|a)/",
    ),
    (
        Pattern::UncPath,
        "(?:^|[^A-Za-z0-9\\\\])\\\\\\\\[A-Za-z0-9][A-Za-z0-9._-]{0,62}\\\\[A-Za-z0-9_.$-]",
    ),
    (
        Pattern::FileUrl,
        "(?:^|[^A-Za-z0-9])(?i:file):/{1,3}[A-Za-z0-9_.~%\\[]",
    ),
];

/// A line of an env file: the first group is the variable, the second the start of its value. The
/// value does not look like a placeholder (`$X`, `<key>`, `***`, `...`).
const ENV_LINE: &str = "(?:^|[^A-Za-z0-9_])([A-Z][A-Z0-9_]{2,80})[ \\t]{0,4}=[ \\t]{0,4}[\"']?([^\\s\"'$<>*{(.,;\\\\][^\\s\"',;<>]{3,15})";

/// What a report writes in place of a value.
pub(super) const REDACTED: &[&[u8]] = &[b"set_redacted", b"missing", b"redacted"];
