#!/usr/bin/env bash
# The live part of a release: strict preflight, strict run, from the packed artifact. Inputs come
# from the environment, or from the env file that CANARY_ENV_FILE names. CANARY names the binary; it is
# target/release/canary unless said.
#
#   scripts/gate.sh ARTIFACTS EVIDENCE
set -euo pipefail
artifacts=${1:?usage: scripts/gate.sh ARTIFACTS EVIDENCE}
evidence=${2:?usage: scripts/gate.sh ARTIFACTS EVIDENCE}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
canary=${CANARY:-${CARGO_TARGET_DIR:-target}/release/canary}
inputs=(${CANARY_ENV_FILE:+--env-file "$CANARY_ENV_FILE"})
mkdir -p "$evidence"

"$canary" preflight --strict --package-source artifact --artifacts-root "$artifacts" "${inputs[@]}" \
  --report "$evidence/readiness.json"
"$canary" run --strict --package-source artifact --artifacts-root "$artifacts" "${inputs[@]}" \
  --readiness "$evidence/readiness.json" --challenge "$artifacts/challenge.json" \
  --report "$evidence/live.json" \
  --junit "$evidence/junit.xml" --html "$evidence/live.html" --summary "$evidence/summary.md"
