#!/usr/bin/env bash
# A stranger's first program: a new project that depends on the SDK and talks to the embedded
# gateway.
#
#   scripts/clean-install.sh --artifact FILE.crate
#   scripts/clean-install.sh --registry VERSION
set -euo pipefail
from=${1:-} what=${2:-}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
project=$(mktemp -d)
served=''
finish() {
  [[ -z $served ]] || { kill -INT "$served" 2>/dev/null && wait "$served"; } || true
  rm -rf "$project"
}
trap finish EXIT

case $from in
  --artifact)
    mkdir "$project/sdk"
    tar -xzf "$what" -C "$project/sdk" --strip-components 1
    dependency='{ path = "sdk" }'
    ;;
  --registry)
    dependency="\"=$what\""
    ;;
  *)
    echo "usage: scripts/clean-install.sh --artifact FILE.crate | --registry VERSION" >&2
    exit 2
    ;;
esac

mkdir "$project/src"
cat >"$project/Cargo.toml" <<TOML
[package]
name = "stranger"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
runinfra = $dependency
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
TOML
cat >"$project/src/main.rs" <<'RUST'
use runinfra::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .api_key(std::env::var("RUNINFRA_API_KEY")?)
        .base_url(std::env::var("RUNINFRA_BASE_URL")?)
        .build()?;
    let models = client.models().list().await?;
    println!("{} models, request {:?}", models.data.len(), models.request_id());
    if models.data.is_empty() {
        return Err("the catalog is empty".into());
    }
    Ok(())
}
RUST
cargo build --manifest-path "$project/Cargo.toml" --target-dir "$project/target"

cd "$root"
profile=${PROFILE:-release}
cargo build --locked --profile "$profile" --bin canary
tools=${CARGO_TARGET_DIR:-target}/${profile/dev/debug}
"$tools/canary" serve --write-env "$project/env" &
served=$!
while [[ ! -e $project/env ]]; do
  kill -0 "$served" || { echo 'the embedded gateway did not start' >&2; exit 3; }
  sleep 0.1
done
set -a
# shellcheck source=/dev/null
source "$project/env"
set +a
"$project/target/debug/stranger"
