#!/usr/bin/env bash
# Rehearses again and again against the gateway that keeps the contract, where no row may ever fail, and says which did.
#   scripts/soak.sh [--busy N] [RUNS]
# 20 runs, unless told otherwise. --busy keeps N processes busy meanwhile: a slow machine is no broken gateway.
# CANARY names the binary to use; without it one is built. Reports of runs that did not pass stay in ./soak.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage='usage: scripts/soak.sh [--busy N] [RUNS]'
runs=20
busy=0
while [[ $# -gt 0 ]]; do
  case $1 in
    --busy)
      [[ ${2:-} =~ ^[0-9]+$ ]] || { echo "--busy wants a whole number, got: ${2:-nothing}; $usage" >&2; exit 2; }
      busy=$2
      shift 2
      ;;
    [1-9]*)
      [[ $1 =~ ^[0-9]+$ ]] || { echo "wanted a whole number of runs, got: $1; $usage" >&2; exit 2; }
      runs=$1
      shift
      ;;
    *) echo "unknown argument $1; $usage" >&2; exit 2 ;;
  esac
done

canary=${CANARY:-target/release/canary}
[[ -n ${CANARY:-} ]] || cargo build --locked --release --bin canary

workers=()
stop() { [[ ${#workers[@]} -eq 0 ]] || kill "${workers[@]}" 2>/dev/null || true; }
trap stop EXIT
for ((worker = 0; worker < busy; worker++)); do
  (while :; do :; done) &
  workers+=($!)
done

rm -rf soak
mkdir soak
bad=0
for ((run = 1; run <= runs; run++)); do
  began=$SECONDS
  code=0
  "$canary" rehearse --out "soak/$run" >"soak/$run.log" 2>&1 || code=$?
  printf 'run %d of %d: exit %d after %d s\n' "$run" "$runs" "$code" "$((SECONDS - began))"
  if [[ $code -eq 0 ]]; then
    rm -rf "soak/$run" "soak/$run.log"
  else
    bad=$((bad + 1))
    grep -E '^ *(FAILED|could not tell|skipped)  ' "soak/$run.log" || true
  fi
done

if [[ $bad -gt 0 ]]; then
  echo "$bad of $runs rehearsals did not pass although nothing was broken; their reports are in ./soak" >&2
  exit 1
fi
rmdir soak
echo "$runs rehearsals, none with a false alarm"
