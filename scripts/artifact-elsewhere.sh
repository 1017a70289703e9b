#!/usr/bin/env bash
# Artifact mode when the packed SDK is not the one in the running executor: a changed SDK is packed,
# an executor has to be built against it, and the reports have to be about the changed one.
#
#   scripts/artifact-elsewhere.sh [OUT]
#
# CANARY names an executor that is built already; without it one is built. What is built against the
# artifact takes minutes, so the nightly job runs this, and no change does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=${1:-$(mktemp -d)}
mkdir -p "$out"
out=$(cd "$out" && pwd)

step() { printf '\n=== %s\n' "$1"; }
fail() {
  echo "$1" >&2
  exit 1
}

canary=${CANARY:-}
if [[ -z $canary ]]; then
  step 'build an executor from the tree'
  cargo build --locked --release --bin canary
  canary=${CARGO_TARGET_DIR:-target}/release/canary
fi

step 'pack a changed SDK'
ALLOW_DIRTY=1 scripts/package.sh "$out/tree"
packed=$(echo "$out"/tree/*.crate)
name=$(basename "$packed" .crate)
mkdir -p "$out/unpacked" "$out/changed"
tar -xzf "$packed" -C "$out/unpacked"
echo '// A line that the tree does not have.' >>"$out/unpacked/$name/src/lib.rs"
# Entries as cargo writes them: plain files, no folders.
(cd "$out/unpacked" && find "$name" -type f | LC_ALL=C sort |
  tar --format=ustar --numeric-owner --owner=0 --group=0 --mtime=@1 --no-recursion -cf - -T -) | gzip -n >"$out/changed/$name.crate"

step 'embedded gateway'
"$canary" serve --write-env "$out/env" &
served=$!
trap 'kill -INT "$served" 2>/dev/null && wait "$served" || true' EXIT
while [[ ! -e $out/env ]]; do
  kill -0 "$served" || fail 'the embedded gateway did not start'
  sleep 0.1
done

from_artifact=(--strict --package-source artifact --artifacts-root "$out/changed" --env-file "$out/env")
step 'preflight, which builds the other executor'
"$canary" preflight "${from_artifact[@]}" --report "$out/readiness.json"

step 'run, which finds it built'
"$canary" run "${from_artifact[@]}" --gate all --readiness "$out/readiness.json" --report "$out/live.json" 2>&1 |
  tee "$out/log"
if grep -qE '^ +Compiling ' "$out/log"; then
  fail 'the run built the executor once more'
fi

step 'the reports are about the changed SDK'
of() { grep -om1 "\"$1\": \"\\?[a-z0-9]*" "$2" | grep -o '[a-z0-9]*$'; }
"$canary" preflight --env-file "$out/env" --package-source source --report "$out/source.json" >/dev/null
for report in readiness live; do
  [[ $(of sourceDigestSha256 "$out/$report.json") != $(of sourceDigestSha256 "$out/source.json") ]] ||
    fail "$report.json names the digest of the tree's sources"
  [[ $(of artifactDigestsChecked "$out/$report.json") == true ]] || fail "$report.json did not check the artifact"
  [[ $(of sha256 "$out/$report.json") == "$(sha256sum "$out/changed/$name.crate" | cut -d' ' -f1)" ]] ||
    fail "$report.json names another artifact"
done
[[ $(of sourceDigestSha256 "$out/live.json") == $(of sourceDigestSha256 "$out/readiness.json") ]] ||
  fail 'the two reports are about two SDKs'

step 'an SDK that does not compile is no answer'
echo 'compile_error!("on purpose");' >>"$out/unpacked/$name/src/lib.rs"
mkdir -p "$out/broken"
(cd "$out/unpacked" && find "$name" -type f | LC_ALL=C sort |
  tar --format=ustar --numeric-owner --owner=0 --group=0 --mtime=@1 --no-recursion -cf - -T -) | gzip -n >"$out/broken/$name.crate"
code=0
"$canary" preflight --strict --package-source artifact --artifacts-root "$out/broken" --env-file "$out/env" \
  --report "$out/none.json" || code=$?
[[ $code -eq 3 && ! -e $out/none.json ]] || fail "expected exit code 3 and no report, found $code"
echo 'all as it has to be'
