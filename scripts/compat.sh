#!/usr/bin/env bash
# Exercises the conforming gateway with clients that nobody here wrote: the official OpenAI libraries for Python and Node, the published
# runinfra Python package, an OpenAPI validator and schemathesis. Versions are pinned in scripts/compat/.
#
# Needs: cargo, python3 (3.10 or newer), node (20 or newer), npm. Everything it installs goes below target/compat.
set -euo pipefail
cd "$(dirname "$0")/.."

work="target/compat"
mkdir -p "$work"

cargo build --quiet --package runinfra-gateway --bin canary-gateway
target="${CARGO_TARGET_DIR:-target}"

if [ ! -x "$work/venv/bin/python" ]; then
    python3 -m venv "$work/venv"
fi
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --requirement scripts/compat/requirements.txt
cp scripts/compat/package.json scripts/compat/package-lock.json scripts/compat/openai_node.mjs "$work/"
npm ci --silent --no-audit --no-fund --prefix "$work"

announcement="$work/announcement.json"
rm -f "$announcement"
"$target/debug/canary-gateway" --json --quiet --plan enterprise --pace-ms 1 >"$announcement" &
gateway=$!
trap 'kill "$gateway" 2>/dev/null || true; wait "$gateway" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
    [ -s "$announcement" ] && break
    kill -0 "$gateway"
    sleep 0.1
done

read_field() { "$work/venv/bin/python" -c 'import json,sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$announcement" "$1"; }
RUNINFRA_BASE_URL="$(read_field base_url)"
RUNINFRA_API_KEY="$(read_field api_key)"
RUNINFRA_PIPELINE_ID="$(read_field pipeline_id)"
RUNINFRA_PIPELINE_API_KEY="$(read_field pipeline_key)"
export RUNINFRA_BASE_URL RUNINFRA_API_KEY RUNINFRA_PIPELINE_ID RUNINFRA_PIPELINE_API_KEY

"$work/venv/bin/python" scripts/compat/openai_python.py
"$work/venv/bin/python" scripts/compat/runinfra_python.py
(cd "$work" && node openai_node.mjs)
"$work/venv/bin/python" scripts/compat/openapi.py
"$work/venv/bin/schemathesis" --config-file scripts/compat/schemathesis.toml run "$RUNINFRA_BASE_URL/openapi.json" \
    --header "Authorization: Bearer $RUNINFRA_API_KEY"
