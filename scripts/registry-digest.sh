#!/usr/bin/env bash
# Fails unless the registry serves exactly these bytes: scripts/registry-digest.sh VERSION SHA256
set -euo pipefail
version=${1:?usage: scripts/registry-digest.sh VERSION SHA256}
promoted=${2:?usage: scripts/registry-digest.sh VERSION SHA256}
index=${REGISTRY_INDEX:-https://index.crates.io}
line=$(curl --fail --silent --show-error --retry 10 --retry-all-errors --retry-delay 6 "$index/ru/ni/runinfra" |
  grep -F "\"vers\":\"$version\"" | tail -n 1) || { echo "the registry does not list runinfra $version yet" >&2; exit 3; }
if [[ $line != *"\"cksum\":\"$promoted\""* ]]; then
  echo "the registry serves other bytes than the promoted $promoted; yank $version" >&2
  exit 1
fi
echo "the registry serves runinfra $version with the promoted digest"
