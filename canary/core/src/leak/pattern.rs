//! What can be found, worded once.

use std::fmt;

use serde::Serialize;

/// What was found. Closed, and without the text that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// The header of a PEM, PGP, `PuTTY` or age private key.
    PrivateKey,
    /// An npm access token or `_authToken` setting.
    NpmToken,
    /// A `PyPI` upload token.
    PypiToken,
    /// A crates.io API token.
    CratesIoToken,
    /// A GitHub token of any kind.
    GithubToken,
    /// An AWS access key id, or a secret access key beside its name.
    AwsKey,
    /// A Stripe secret or restricted key.
    StripeKey,
    /// A Google API key, OAuth token or client secret.
    GoogleKey,
    /// A Slack token or webhook address.
    SlackToken,
    /// A JSON web token.
    Jwt,
    /// A webhook signing secret.
    WebhookSecret,
    /// A gateway key of a workspace.
    RuninfraKey,
    /// A gateway key of a pipeline.
    PipelineKey,
    /// An API key of the common `sk-` form.
    ApiKey,
    /// An absolute path of a home or of one machine.
    UnixPath,
    /// A path with a drive letter.
    WindowsPath,
    /// A path to a share on another machine.
    UncPath,
    /// A `file:` address.
    FileUrl,
    /// A line of an env file that sets a sensitive variable.
    EnvFile,
    /// The value of a sensitive variable.
    SensitiveValue(Encoding),
}

/// How the value of a sensitive variable was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// As it is.
    Raw,
    /// With backslash escapes or entities.
    Escaped,
    /// Percent-encoded, or form-encoded.
    Percent,
    /// In base64, of either alphabet, at any alignment.
    Base64,
    /// In hex, of either case.
    Hex,
    /// As a list of bytes, in decimal or in hex.
    List,
    /// Split by white space.
    Wrapped,
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PrivateKey => "private key",
            Self::NpmToken => "npm token",
            Self::PypiToken => "PyPI token",
            Self::CratesIoToken => "crates.io token",
            Self::GithubToken => "GitHub token",
            Self::AwsKey => "AWS key",
            Self::StripeKey => "Stripe key",
            Self::GoogleKey => "Google key",
            Self::SlackToken => "Slack token",
            Self::Jwt => "JSON web token",
            Self::WebhookSecret => "webhook secret",
            Self::RuninfraKey => "workspace key",
            Self::PipelineKey => "pipeline key",
            Self::ApiKey => "API key",
            Self::UnixPath => "private Unix path",
            Self::WindowsPath => "Windows path",
            Self::UncPath => "UNC path",
            Self::FileUrl => "file URL",
            Self::EnvFile => "env file line",
            Self::SensitiveValue(Encoding::Raw) => "value of a sensitive variable",
            Self::SensitiveValue(Encoding::Escaped) => "escaped value of a sensitive variable",
            Self::SensitiveValue(Encoding::Percent) => {
                "percent-encoded value of a sensitive variable"
            }
            Self::SensitiveValue(Encoding::Base64) => "base64 value of a sensitive variable",
            Self::SensitiveValue(Encoding::Hex) => "hex value of a sensitive variable",
            Self::SensitiveValue(Encoding::List) => "listed bytes of a sensitive variable",
            Self::SensitiveValue(Encoding::Wrapped) => "wrapped value of a sensitive variable",
        })
    }
}
