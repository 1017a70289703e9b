#!/usr/bin/env bash
# Packs the SDK once: scripts/package.sh DIR
# Leaves the .crate, its SHA256SUMS and the list of what is in it in DIR, which has to be empty.
set -euo pipefail
out=${1:?usage: scripts/package.sh DIR}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [[ -n $(ls -A "$out") ]]; then
  echo "tried to pack into $out, which is not empty; name a new folder, so that nothing old is taken for new" >&2
  exit 2
fi

target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
# Only git's own bytes are packed, unless somebody rehearses with changes at hand.
cargo package --locked --package runinfra ${ALLOW_DIRTY:+--allow-dirty} --no-verify --target-dir "$target"
mv "$target"/package/runinfra-*.crate "$out/"
cd "$out"
sha256sum -- *.crate >SHA256SUMS
tar -tzf ./*.crate | LC_ALL=C sort >CONTENTS
cat SHA256SUMS
