#!/usr/bin/env bash
# Publishes the SDK, if and only if what cargo packs here is the promoted artifact to the byte.
#
#   scripts/publish.sh SHA256
#
# The registry takes no file from us: cargo packs what it uploads. So it packs first without
# uploading, and the digest decides; --no-verify keeps any code from running beside the token.
set -euo pipefail
promoted=${1:?usage: scripts/publish.sh SHA256}
[[ $promoted =~ ^[0-9a-f]{64}$ ]] || { echo "not a SHA-256 digest: $promoted" >&2; exit 2; }
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
same() {
  local packed
  packed=$(sha256sum "$target"/package/runinfra-*.crate | cut -d' ' -f1)
  if [[ $packed != "$promoted" ]]; then
    echo "promoted $promoted, but cargo packs $packed here; nothing may be published from this tree" >&2
    exit 1
  fi
}
CARGO_REGISTRY_TOKEN='' cargo package --locked --package runinfra --no-verify --target-dir "$target"
same
cargo publish --locked --package runinfra --no-verify --target-dir "$target"
same
