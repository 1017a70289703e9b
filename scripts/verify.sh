#!/usr/bin/env bash
# The verdict on packed files and evidence; needs no secret, and gives none to what it runs.
#
#   scripts/verify.sh ARTIFACTS EVIDENCE [SHA256]
#
# Leaves verdict.json, verdict.txt and statement.json in EVIDENCE. With SHA256, the packed file has
# to have that digest. CANARY_VERIFY names a verifier that is built already.
set -euo pipefail
artifacts=${1:?usage: scripts/verify.sh ARTIFACTS EVIDENCE [SHA256]}
evidence=${2:?usage: scripts/verify.sh ARTIFACTS EVIDENCE [SHA256]}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [[ -n ${3:-} ]]; then
  echo "$3  $(echo "$artifacts"/*.crate)" | sha256sum --check --strict
fi
verifier=${CANARY_VERIFY:-}
if [[ -z $verifier ]]; then
  cargo build --locked --release --bin canary-verify
  verifier=$(cd "${CARGO_TARGET_DIR:-target}/release" && pwd)/canary-verify
fi

# Only the packed files are staged: what else the folder holds is no candidate.
staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT
cp "$artifacts"/*.crate "$staged/"
ask=(env -i "PATH=$PATH" "$verifier" promotion --artifacts-root "$staged"
  --readiness "$evidence/readiness.json" --live "$evidence/live.json"
  --challenge "$artifacts/challenge.json")
verdict=0
"${ask[@]}" --statement "$evidence/statement.json" --format json >"$evidence/verdict.json" || verdict=$?
"${ask[@]}" | tee "$evidence/verdict.txt" || true
exit "$verdict"
