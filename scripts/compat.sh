#!/usr/bin/env bash
# Exercises the conforming gateway with clients that nobody here wrote: the official OpenAI libraries for Python and Node,
# the published runinfra Python package, an OpenAPI validator and schemathesis. Versions and digests are pinned in
# scripts/compat/; everything is installed into a temporary folder and removed again.
#
#   scripts/compat.sh               all of it, with a long schemathesis run (10 minutes or so)
#   scripts/compat.sh --sample      all of it, with a short schemathesis run (half a minute) and one broken gateway a client
#   scripts/compat.sh --prove       the clients alone, against the conforming gateway and against each of the broken ones
#   scripts/compat.sh --available   says what is missing here, if anything; exits with 75 if so
#
# A client that passes proves something only if it can fail: each has to fail against gateways with one fault.
#
# Needs cargo, python3 (3.11 or newer, with venv), node (20 or newer), npm, and their registries. Exits with 75 when one of
# them cannot be had, and with 1 when a client fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

unavailable() {
  echo "compat: not run: $1" >&2
  exit 75
}

# Faults that every one of the clients has to notice.
faults=(cache.canned_chat stream.never_streams chat.tools_ignored responses.output_empty embeddings.dimensions_ignored
  speech.words_replaced errors.unknown_model_as_500 headers.request_id_missing_on_errors idempotency.key_ignored)
clients=(openai_python runinfra_python openai_node)

examples=100
each=all
case "${1:-}" in
'') ;;
--sample) examples=6 each=one ;;
--prove) examples=0 ;;
--available) ;;
*)
  echo "compat: no such option: $1; see the head of $0" >&2
  exit 2
  ;;
esac

for tool in python3 node npm; do
  command -v "$tool" >/dev/null || unavailable "there is no $tool"
done
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || unavailable 'python3 is older than 3.11'
python3 -c 'import ensurepip, venv' 2>/dev/null || unavailable 'python3 has no venv'
node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' || unavailable 'node is older than 20'
if [[ ${1:-} == --available ]]; then exit 0; fi

work=$(mktemp -d)
gateway=
stop_gateway() {
  if [[ -n $gateway ]]; then
    kill "$gateway" 2>/dev/null || true
    wait "$gateway" 2>/dev/null || true
    gateway=
  fi
}
cleanup() {
  stop_gateway
  rm -rf "$work"
}
trap cleanup EXIT

# The same selection of packages as `cargo run --release --bin canary`, so that nothing is built twice.
cargo build --quiet --locked --release --bin canary-gateway &
building=$!
cp scripts/compat/{package.json,package-lock.json,openai_node.mjs} "$work/"
npm ci --silent --no-audit --no-fund --ignore-scripts --prefix "$work" >"$work/npm.log" 2>&1 &
node_install=$!
installed=yes
python3 -m venv "$work/venv" &&
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    --requirement scripts/compat/requirements.txt >"$work/pip.log" 2>&1 || installed=no
wait "$node_install" || installed=no
wait "$building"
if [[ $installed == no ]]; then
  cat "$work"/*.log >&2 || true
  unavailable 'the clients could not be installed'
fi

python="$work/venv/bin/python"
announcement="$work/announcement.json"
read_field() { "$python" -c 'import json,sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$announcement" "$1"; }

# Starts a gateway with the given options, and tells the clients where it is.
start_gateway() {
  : >"$announcement"
  "${CARGO_TARGET_DIR:-target}/release/canary-gateway" --json --quiet --plan enterprise --pace-ms 1 "$@" >"$announcement" &
  gateway=$!
  until [[ -s $announcement ]]; do
    kill -0 "$gateway" || { echo 'compat: the gateway did not start' >&2; exit 1; }
    sleep 0.1
  done
  RUNINFRA_BASE_URL=$(read_field base_url)
  RUNINFRA_API_KEY=$(read_field api_key)
  RUNINFRA_PIPELINE_ID=$(read_field pipeline_id)
  RUNINFRA_PIPELINE_API_KEY=$(read_field pipeline_key)
  RUNINFRA_LIMITED_API_KEY=$(read_field limited_key)
  RUNINFRA_UNFUNDED_API_KEY=$(read_field unfunded_key)
  export RUNINFRA_BASE_URL RUNINFRA_API_KEY RUNINFRA_PIPELINE_ID RUNINFRA_PIPELINE_API_KEY RUNINFRA_LIMITED_API_KEY RUNINFRA_UNFUNDED_API_KEY
}

run_client() {
  case $1 in
  openai_node) (cd "$work" && node openai_node.mjs) ;;
  *) "$python" "scripts/compat/$1.py" ;;
  esac
}

export -f run_client
export python work

# A proxy of the surroundings has no business between a client and loopback.
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

# A gateway each: its limited key has two requests a minute, and a client uses them up.
for client in "${clients[@]}"; do
  stop_gateway
  start_gateway
  run_client "$client"
done

if ((examples > 0)); then
  "$python" scripts/compat/openapi.py
  "$work/venv/bin/schemathesis" --config-file scripts/compat/schemathesis.toml run "$RUNINFRA_BASE_URL/openapi.json" \
    --header "Authorization: Bearer $RUNINFRA_API_KEY" --max-examples "$examples" --no-color >"$work/schemathesis.log" ||
    { cat "$work/schemathesis.log" >&2; exit 1; }
  grep --after-context 1 --extended-regexp '^(Test cases|Seed):' "$work/schemathesis.log"
fi
kill -0 "$gateway" || { echo 'compat: the gateway did not live through it' >&2; exit 1; }

noticed=0
for at in "${!faults[@]}"; do
  for which in "${!clients[@]}"; do
    # One fault a client will do for a sample, each another one.
    if [[ $each == one ]] && ((at != which)); then continue; fi
    stop_gateway
    start_gateway --fault "${faults[at]}"
    # The inner shell is to expand it.
    # shellcheck disable=SC2016
    if timeout 120 bash -c 'run_client "$1"' client "${clients[which]}" >"$work/broken.log" 2>&1; then
      echo "compat: ${clients[which]} passed against a gateway with ${faults[at]}: it proves nothing about that" >&2
      exit 1
    fi
    kill -0 "$gateway" || { echo "compat: the gateway with ${faults[at]} did not live through it" >&2; exit 1; }
    noticed=$((noticed + 1))
  done
done
echo "compat: every client passed, and failed against each broken gateway it was shown ($noticed runs)"
