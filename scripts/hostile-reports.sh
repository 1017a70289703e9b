#!/usr/bin/env bash
# Hands the verifier reports that nobody could have meant, and sees each refused within bounds: too
# long to be read (100 MB, in eight shapes), and as long as may be read (just under 64 MiB, in the
# same shapes). Prints how long each took and the most memory that it had.
#
#   scripts/hostile-reports.sh
#
# VERIFY names a verifier that is built already; without it one is built. It needs Linux.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# Most memory in KiB, and most seconds of one core, that a refusal may take on a machine that does other things too.
most_memory=$((2 * 1024 * 1024))
most_seconds=120

verify=${VERIFY:-}
if [[ -z $verify ]]; then
  cargo build --locked --release --bin canary-verify
  verify=${CARGO_TARGET_DIR:-target}/release/canary-verify
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
good=reports/samples/promoted

# Writes so many bytes of one text, again and again.
repeat() { yes "$2" | tr -d '\n' | head -c "$1" || [[ $? -eq 141 ]]; }

giant_string() { printf '{"schemaVersion":1,"kind":"' && repeat "$1" a && printf '"}\n'; }
deep() { repeat "$1" '[' && printf '\n'; }
# So many bytes of one thing, again and again, in the first list of a name that the good report has.
in_list() {
  local list="\"$2\": \\["
  sed "/$list/q" "$good/live.json"
  repeat $(($1 / ${#3} * ${#3})) "$3"
  sed "1,/$list/d" "$good/live.json"
}
many_rows() { in_list "$1" results '{"name":"models.list","status":"passed","durationMs":1},'; }
empty_texts() { in_list "$1" expectedRows '"",'; }
many_calls() { in_list "$1" calls '{"name":"x","standing":"answered","exchanges":0,"totalMs":0},'; }
many_lanes() {
  in_list "$1" reports '{"language":"","sdkVersion":"","strict":true,"baseURL":"","env":{},"summary":{"passed":0,"failed":0,"inconclusive":0,"skipped":0},"results":[]},'
}
# No text, but with something to decode in it.
no_text() { printf '"\\n%%41&amp;' && repeat "$1" $'\xff'; }
# Nothing but something to decode, and then many secrets.
escapes() {
  printf '"' && repeat "$1" '\n'
  for ((at = 0; at < 60; at++)); do printf ' ghp_%036d' "$at"; done
  printf '"\n'
}

refuse() {
  local name=$1 code=0
  shift
  "$@" >"$out/live.json"
  printf '%-28s %11d bytes  ' "$name" "$(stat -c %s "$out/live.json")"
  SECONDS=0
  (
    ulimit -v "$most_memory"
    ulimit -t "$most_seconds"
    exec "$verify" promotion --readiness "$good/readiness.json" --live "$out/live.json" \
      --artifacts-root "$out/artifacts" --max-age 30d
  ) >"$out/said" 2>"$out/complained" &
  local child=$! most=0 now
  while kill -0 "$child" 2>/dev/null; do
    now=$(awk '/VmHWM/ { print $2 }' "/proc/$child/status" 2>/dev/null) || now=0
    if ((${now:-0} > most)); then most=$now; fi
    sleep 0.02
  done
  wait "$child" || code=$?
  printf '%4d s %8d KiB\n' "$SECONDS" "$most"
  if [[ $code -ne 1 ]] || ! grep -q REFUSED "$out/said"; then
    echo "expected a refusal of $name (exit code 1), found exit code $code:" >&2
    head -5 "$out/complained" >&2
    exit 1
  fi
}

mkdir "$out/artifacts"
for size in 100000000 67000000; do
  refuse 'one giant string' giant_string "$size"
  refuse 'nested without end' deep "$size"
  refuse 'a million rows' many_rows "$size"
  refuse 'a million lanes' many_lanes "$size"
  refuse 'a million calls' many_calls "$size"
  refuse 'nothing but empty texts' empty_texts "$size"
  refuse 'no text' no_text "$size"
  refuse 'escapes and secrets' escapes "$size"
done
echo 'all refused'
