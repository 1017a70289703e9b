use super::*;

/// Every format with examples of it.
fn positives() -> Vec<(Pattern, String)> {
    let begin = |what: &str| format!("-----{} {what}-----", "BEGIN");
    let jwt = [token("eyJ", 20), token("eyJ", 30), token("", 43)].join(".");
    let unsigned = [token("eyJ", 20), token("eyJ", 30), String::new()].join(".");
    let path = |parts: &[&str]| parts.join("/");
    vec![
        (Pattern::PrivateKey, begin("PRIVATE KEY")),
        (Pattern::PrivateKey, begin("RSA PRIVATE KEY")),
        (Pattern::PrivateKey, begin("OPENSSH PRIVATE KEY")),
        (Pattern::PrivateKey, begin("ENCRYPTED PRIVATE KEY")),
        (Pattern::PrivateKey, begin("PGP PRIVATE KEY BLOCK")),
        (
            Pattern::PrivateKey,
            format!("PuTTY-{}-Key-File-3: ssh-rsa", "User"),
        ),
        (Pattern::PrivateKey, capitals("AGE-SECRET-KEY-1", 58)),
        (Pattern::NpmToken, token("npm_", 36)),
        (
            Pattern::NpmToken,
            format!("//registry/:_auth{}={}", "Token", token("", 20)),
        ),
        (Pattern::PypiToken, token("pypi-Ag", 80)),
        (Pattern::CratesIoToken, token("cio", 32)),
        (Pattern::GithubToken, token("ghp_", 36)),
        (Pattern::GithubToken, token("gho_", 36)),
        (Pattern::GithubToken, token("ghu_", 36)),
        (Pattern::GithubToken, token("ghs_", 36)),
        (Pattern::GithubToken, token("ghr_", 76)),
        (Pattern::GithubToken, token("github_pat_", 82)),
        (Pattern::AwsKey, capitals("AKIA", 16)),
        (Pattern::AwsKey, capitals("ASIA", 16)),
        (
            Pattern::AwsKey,
            format!("aws_secret_access{} = {}", "_key", token("", 40)),
        ),
        (Pattern::StripeKey, token("sk_live_", 24)),
        (Pattern::StripeKey, token("rk_test_", 24)),
        (Pattern::GoogleKey, token("AIza", 35)),
        (Pattern::GoogleKey, token("ya29.", 60)),
        (Pattern::GoogleKey, token("GOCSPX-", 28)),
        (Pattern::SlackToken, token("xoxb-1", 30)),
        (Pattern::SlackToken, token("xoxe-1-", 30)),
        (Pattern::SlackToken, token("xapp-1-", 30)),
        (
            Pattern::SlackToken,
            format!("hooks.slack.com/{}/{}", "services", capitals("T", 10)),
        ),
        (Pattern::Jwt, jwt),
        (Pattern::Jwt, unsigned),
        (Pattern::WebhookSecret, token("whsec_", 24)),
        (Pattern::RuninfraKey, token("sk-ri-", 12)),
        (Pattern::PipelineKey, token("rp_live_", 12)),
        (Pattern::PipelineKey, token("rp_test_", 12)),
        (Pattern::ApiKey, token("sk-", 20)),
        (Pattern::ApiKey, token("sk-proj-", 40)),
        (Pattern::ApiKey, token("sk-ant-api", 40)),
        (Pattern::UnixPath, path(&["", "home", "alice", "x.wav"])),
        (Pattern::UnixPath, path(&["", "Users", "alice"])),
        (Pattern::UnixPath, path(&["", "root", ".cargo"])),
        (Pattern::UnixPath, path(&["", "root"])),
        (Pattern::UnixPath, path(&["", "tmp", "x1"])),
        (Pattern::UnixPath, path(&["", "var", "folders", "ab"])),
        (Pattern::UnixPath, path(&["", "mnt", "c", "Users"])),
        (Pattern::WindowsPath, ["C:", "Users", "alice"].join("\\")),
        (Pattern::WindowsPath, ["d:", "build", "new"].join("\\")),
        (Pattern::WindowsPath, path(&["C:", "Users", "alice"])),
        (Pattern::UncPath, ["", "", "server", "share$"].join("\\")),
        (
            Pattern::FileUrl,
            format!("file:{}", path(&["", "", "", "x"])),
        ),
        (
            Pattern::FileUrl,
            format!("FILE:{}", path(&["", "", "host", "x"])),
        ),
        (
            Pattern::EnvFile,
            format!("RUNINFRA_API_KEY={}", token("", 9)),
        ),
        (
            Pattern::EnvFile,
            format!("export NPM_TOKEN = \"{}\"", token("", 9)),
        ),
        (
            Pattern::EnvFile,
            format!("RUNINFRA_TTS_REF_TEXT={}", token("", 9)),
        ),
    ]
}

/// Text that is near to a format and is not one.
fn negatives() -> Vec<String> {
    let path = |parts: &[&str]| parts.join("/");
    let owned = [
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----",
        "npm_config_registry",
        "npm_package_version_major_minor_patch",
        "pypi-publish-with-trusted-publishing-only",
        "ghp_short",
        "github_pat_",
        "AKIA",
        "aws_secret_access_key is not set",
        "sk_live_",
        "xoxb-",
        "whsec_",
        "whsec_...",
        "sk-ri-",
        "sk-ri-…",
        "rp_live_",
        "rp_live_…",
        "sk-",
        "sk-learn-like-names-of-many-words-joined",
        "task-0123456789abcdef0123456789",
        "risk-0123456789abcdef0123456789",
        "eyJhbGciOiJub25lIn0",
        "v1/chat/completions",
        "/v1/models/{id}",
        "/reports/0/results/3/name",
        "/data/0/embedding",
        "/homepage/x",
        "/rootless",
        "https://example.com/home/alice",
        "https://example.com/Users/alice",
        "assets/home/icon",
        "./tmp/x",
        "../etc/x",
        "{base}/opt/x",
        "#!/usr/bin/env bash",
        "http://127.0.0.1:8080/v1",
        "note: a:b c:d 12:34:56",
        "profile:/x",
        "file: /v1/files is absent",
        "a \\ b \\\\ c",
        "RUNINFRA_API_KEY=",
        "RUNINFRA_API_KEY=\nRUNINFRA_BASE_URL=https://api.runinfra.ai/v1",
        "RUNINFRA_API_KEY=set_redacted",
        "RUNINFRA_API_KEY=missing",
        "RUNINFRA_API_KEY=$OTHER",
        "RUNINFRA_API_KEY=<your key>",
        "RUNINFRA_API_KEY=...",
        "RUNINFRA_API_KEY=\"***\"",
        "RUNINFRA_LLM_MODEL=some-model",
        "MAX_TOKENS=4096",
        "set RUNINFRA_API_KEY",
    ];
    let mut all: Vec<String> = owned.iter().map(|text| (*text).to_owned()).collect();
    all.extend([
        token("npm_", 20),
        token("cio", 31),
        token("cio", 40),
        token("xcio", 32),
        token("ghp_", 12),
        token("xghp_", 40),
        capitals("AKIA", 15),
        capitals("AKIA", 17),
        capitals("XAKIA", 16),
        token("AIza", 20),
        token("eyJ", 40),
        token("xrp_live_", 20),
        token("whsec_", 6),
        path(&["", "home", ""]),
        "0123456789abcdef".repeat(4),
        "00000000-0000-4000-8000-000000000000".to_owned(),
    ]);
    all
}

#[test]
fn every_format_is_found_wherever_it_stands() {
    let scanner = scanner(&[]).with_names(["RUNINFRA_TTS_REF_TEXT"]);
    for (pattern, secret) in positives() {
        let quoted = serde_json::to_string(&secret).unwrap();
        let texts = [
            secret.clone(),
            format!("got ({secret})"),
            format!("x=\"{secret}\","),
            format!("one\n{secret}\r\ntwo"),
            format!("{{\"a\":[{quoted}]}}"),
            serde_json::to_string_pretty(&[format!("first\n{secret}\nlast")]).unwrap(),
            serde_json::to_string(&format!("{{\"a\":{quoted}}}")).unwrap(),
            format!("é{secret}é"),
        ];
        for text in texts {
            let found = patterns(&scanner.scan(&text));
            assert!(
                found.contains(&pattern),
                "{pattern:?} in {text:?}: {found:?}"
            );
        }
    }
}

#[test]
fn every_token_is_found_percent_encoded() {
    let scanner = scanner(&[]).with_names(["RUNINFRA_TTS_REF_TEXT"]);
    for (pattern, secret) in positives() {
        let text =
            percent_encoding::utf8_percent_encode(&secret, percent_encoding::NON_ALPHANUMERIC);
        let found = patterns(&scanner.scan(&format!("q={text}")));
        assert!(found.contains(&pattern), "{pattern:?} in {text}: {found:?}");
    }
}

#[test]
fn near_misses_are_not_flagged() {
    let scanner = scanner(&[]);
    for text in negatives() {
        let quoted = serde_json::to_string(&[&text]).unwrap();
        for text in [text, quoted] {
            let found = patterns(&scanner.scan(&text));
            assert!(found.is_empty(), "{text:?}: {found:?}");
        }
    }
}

#[test]
fn every_pattern_has_an_example() {
    let examples: Vec<Pattern> = positives()
        .into_iter()
        .map(|(pattern, _)| pattern)
        .collect();
    for (pattern, _) in super::super::format::FORMATS {
        assert!(examples.contains(pattern), "{pattern:?}");
    }
}

#[test]
fn an_env_line_counts_by_the_name_of_its_variable() {
    let line = format!("RUNINFRA_TTS_REF_TEXT={}", token("", 12));
    assert!(scanner(&[]).scan(&line).is_empty());
    let named = scanner(&[]).with_names(["RUNINFRA_TTS_REF_TEXT"]);
    assert_eq!(patterns(&named.scan(&line)), [Pattern::EnvFile]);
}

#[test]
fn names_are_sensitive_by_their_last_word() {
    use crate::leak::is_sensitive_name;
    for name in [
        "CARGO_REGISTRY_TOKEN",
        "GITHUB_TOKEN",
        "NPM_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "RUNINFRA_API_KEY",
        "DB_PASSWORD",
        "PGPASSWORD",
        "github_pat",
        "npm_config_//registry/:_authToken.TOKEN",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "TOKEN",
        "DATABASE_URL",
        "CARGO_REGISTRIES_MINE_TOKEN",
        "SSH_PRIVATE_KEY",
    ] {
        assert!(is_sensitive_name(name), "{name}");
    }
    for name in [
        "PATH",
        "HOME",
        "RUNINFRA_LLM_MODEL",
        "TOKENIZER",
        "MONKEY",
        "SSH_PUBLIC_KEY",
        "CI_CACHE_KEY",
        "KEYBOARD",
        "MAX_TOKENS",
        "",
    ] {
        assert!(!is_sensitive_name(name), "{name}");
    }
}

#[test]
fn values_are_taken_from_sensitive_variables_only() {
    let variables = [
        ("NPM_TOKEN", " t0ken-value\n"),
        ("GITHUB_TOKEN", "  "),
        ("PATH", "p4th-value"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(
        crate::leak::sensitive_values(&variables.into()),
        [Secret::new("t0ken-value")]
    );
}
