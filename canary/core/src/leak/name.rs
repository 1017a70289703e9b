//! Which variables are sensitive by their name alone.

use std::collections::BTreeMap;

use crate::input::Secret;

/// Variables that hold credentials without saying so at their end.
const NAMES: &[&str] = &[
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_RUNTIME_URL",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "DATABASE_URL",
    "DOCKER_AUTH_CONFIG",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "KUBECONFIG",
    "MYSQL_PWD",
    "NETRC",
    "NPM_CONFIG__AUTH",
    "NPM_CONFIG__AUTHTOKEN",
    "PGPASSWORD",
    "REDIS_URL",
    "SENTRY_DSN",
    "TWINE_USERNAME",
];

/// Last words of names that hold credentials: `CARGO_REGISTRY_TOKEN`, `AWS_SECRET_ACCESS_KEY`.
const LAST_WORDS: &[&str] = &[
    "APIKEY",
    "COOKIE",
    "CREDENTIAL",
    "CREDENTIALS",
    "KEY",
    "PASS",
    "PASSPHRASE",
    "PASSWD",
    "PASSWORD",
    "PAT",
    "SECRET",
    "SECRETS",
    "TOKEN",
];

/// Last two words that end in `KEY` and are for everyone to see.
const PUBLIC: &[&str] = &["PUBLIC_KEY", "CACHE_KEY"];

/// Whether the value of a variable is to be looked for in everything that is written, judging by
/// its name: a known one, or one whose last word says so. Case does not matter.
///
/// Inputs of our own are declared secret or not in `matrix/inputs.toml`; this is for what else the
/// process was started with.
pub fn is_sensitive_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    if NAMES.contains(&name.as_str()) {
        return true;
    }
    let last = name.rsplit(['_', '-', '.']).next().unwrap_or_default();
    LAST_WORDS.contains(&last) && !PUBLIC.iter().any(|public| name.ends_with(public))
}

/// The values of the variables with a sensitive name, for a [`Scanner`](super::Scanner): blank ones
/// left out, others trimmed.
pub fn sensitive_values(variables: &BTreeMap<String, String>) -> Vec<Secret> {
    variables
        .iter()
        .filter(|(name, value)| is_sensitive_name(name) && !value.trim().is_empty())
        .map(|(_, value)| Secret::new(value.trim()))
        .collect()
}
