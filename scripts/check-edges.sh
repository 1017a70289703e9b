#!/usr/bin/env bash
# Checks which crates may use which (ARCHITECTURE.md, "Crates and edges"), from the dependency trees
# that cargo resolves for every target. Lists every forbidden edge before it fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

ours='runinfra|runinfra-gateway|canary-core|canary-executor|canary-verifier'
network='tokio|mio|async-std|smol|socket2|hyper|hyper-util|reqwest|ureq|isahc|curl|attohttpc|minreq|h2|quinn|rustls|native-tls|openssl'
broken=0

# Names of everything that a crate is built from, itself left out. $2 names the kinds of edges.
tree() {
  cargo tree --locked --target all --all-features --package "$1" --edges "$2" --prefix none --format '{p}' |
    awk -v self="$1" 'NF && $1 != self { print $1 }' | sort -u
}

# forbid CRATE EDGES PATTERN REASON: nothing in the crate's tree has a name that is in the pattern.
forbid() {
  local found
  found=$(tree "$1" "$2" | grep -xE "$3" | tr '\n' ' ' || true)
  if [[ -n $found ]]; then
    echo "forbidden: $1 is built from ${found% } ($4)" >&2
    broken=1
  else
    echo "ok: $1: $4"
  fi
}

# A check that finds nothing proves nothing unless it can find something.
can_see() {
  if ! tree "$1" normal | grep -qxE "$2"; then
    echo "the check is blind: $1 is built from $2, and the tree does not show it" >&2
    exit 3
  fi
}

can_see runinfra reqwest
can_see canary-executor canary-verifier
can_see canary-executor tokio

forbid runinfra normal,build "$ours" 'the SDK uses no crate of ours'
forbid runinfra dev "${ours/runinfra-gateway|/}" 'the tests of the SDK use the gateway at most'
forbid runinfra-gateway normal,build,dev "$ours" 'the gateway has wire types of its own, so no mistake passes on both sides'
forbid canary-core normal,build,dev "$ours|$network" 'the core is pure and reaches no network'
forbid canary-verifier normal,build "${ours/canary-core|/}|$network" 'the verifier cannot leak what it cannot reach, and knows nothing of what it judges'

# One command runs the verifier too, so the executor links it; nothing else there may use it.
elsewhere=$(grep -rl --include='*.rs' canary_verifier canary/executor/src | grep -vx 'canary/executor/src/cli/rehearse.rs' || true)
if [[ -n $elsewhere ]]; then
  echo "forbidden: only canary/executor/src/cli/rehearse.rs may use the verifier, and so does: $elsewhere" >&2
  broken=1
else
  echo 'ok: canary-executor: uses the verifier in rehearse alone'
fi

exit "$broken"
