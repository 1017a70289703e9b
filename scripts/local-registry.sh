#!/usr/bin/env bash
# What a release asks of the registry last, with the real cargo: the SDK is packed and served by a registry
# on loopback, well and badly, and `canary clean-install --registry` has to tell one from the other. What the
# SDK depends on comes from crates.io. Minutes, so the nightly job runs it, and no change does.
#
#   scripts/local-registry.sh
#
# CANARY names an executor that is built already; without it one is built. It needs python3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
canary=${CANARY:-}
if [[ -z $canary ]]; then
  cargo build --locked --release --bin canary
  canary=${CARGO_TARGET_DIR:-target}/release/canary
fi
work=$(mktemp -d)
served=''
finish() {
  [[ -z $served ]] || { kill "$served" && wait "$served"; } 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

ALLOW_DIRTY=1 scripts/package.sh "$work/artifacts"
cargo metadata --locked --no-deps --format-version 1 >"$work/metadata.json"
python3 scripts/local-registry.py "$work"/artifacts/*.crate "$work/metadata.json" >"$work/address" &
served=$!
until [[ -s $work/address ]]; do
  kill -0 "$served" || { echo 'the registry did not start' >&2; exit 3; }
  sleep 0.1
done
address=$(cat "$work/address")
version=$(scripts/version.sh)
digest=$(cut -d' ' -f1 "$work/artifacts/SHA256SUMS")
other=$(printf '0%.0s' {1..64})
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}/clean-install" && cd "${CARGO_TARGET_DIR:-target}/clean-install" && pwd)

# ask KIND DIGEST WAIT CODE: the registry of that kind comes to that exit code.
ask() {
  printf '\n=== %s: expecting exit code %s\n' "$1" "$4"
  local code=0
  "$canary" clean-install --registry --version "$version" --index "$address/$1/" --sha256 "$2" --wait "$3" \
    --target-dir "$target" || code=$?
  [[ $code -eq $4 ]] || { echo "$1: expected exit code $4, found $code" >&2; exit 1; }
}
ask good "$digest" 0 0
ask good "$other" 0 1
ask early "$digest" 30 0
ask never "$digest" 3 3
ask yanked "$digest" 0 3
ask lying "$digest" 0 3
printf '\nall as it has to be\n'
