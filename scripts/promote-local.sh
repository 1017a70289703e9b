#!/usr/bin/env bash
# The steps of a release on this machine, in the order of .github/workflows/publish.yml, up to the
# verdict. Publishes nothing.
#
#   scripts/promote-local.sh [--env-file FILE] [--artifacts DIR] [--out DIR] [--confirm-version V]
#
# With --env-file, against the gateway that the file names. Without one it is a rehearsal: the
# embedded gateway stands in for the real one, and the verifier has to refuse the evidence for that
# reason and no other. --artifacts names a folder that scripts/package.sh made; without it the SDK
# is packed now.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

env_file='' artifacts='' out=promotion confirm=''
while (($#)); do
  case $1 in
    --env-file) env_file=${2:?--env-file needs a file} ;;
    --artifacts) artifacts=${2:?--artifacts needs a folder} ;;
    --confirm-version) confirm=${2:?--confirm-version needs a version} ;;
    --out) out=${2:?--out needs a folder} ;;
    *)
      echo "unknown argument: $1; see the head of $0" >&2
      exit 2
      ;;
  esac
  shift 2
done
if [[ -e $out ]]; then
  echo "tried to begin in $out, which is there already; name a new folder with --out" >&2
  exit 2
fi
mkdir -p "$out"

step() { printf '\n=== %s\n' "$1"; }

step 'build the tools'
profile=${PROFILE:-release}
cargo build --locked --profile "$profile" --bin canary --bin canary-verify
tools=${CARGO_TARGET_DIR:-target}/${profile/dev/debug}
tools=$(cd "$tools" && pwd)

step 'the version is the confirmed one, everywhere'
if [[ -n $confirm ]]; then
  "$tools/canary-verify" versions --confirm "$confirm"
else
  echo 'SKIPPED: --confirm-version was not given; between releases the changelog names the last one'
fi

step 'the workflows cannot be talked round'
"$tools/canary-verify" workflow

step 'pack once'
if [[ -z $artifacts ]]; then
  artifacts=$out/artifacts
  [[ -n $env_file ]] || export ALLOW_DIRTY=1
  scripts/package.sh "$artifacts"
fi
(cd "$artifacts" && sha256sum --check --strict SHA256SUMS)

step 'the package holds what it may'
"$tools/canary-verify" package --crate "$artifacts"/*.crate

step 'what it is made of'
if [[ -e $artifacts/sbom.cdx.json ]]; then
  (cd "$artifacts" && sha256sum --check --strict SHA256SUMS.sbom)
elif cargo cyclonedx --version >/dev/null 2>&1; then
  scripts/sbom.sh "$artifacts"
else
  echo 'SKIPPED: cargo-cyclonedx is not installed; the release installs it, see scripts/sbom.sh'
fi

step 'a stranger installs the artifact'
"$tools/canary" clean-install --artifact "$artifacts"/*.crate --target-dir "${CARGO_TARGET_DIR:-target}/clean-install"

step 'no alert is open on main'
if [[ -n ${SECURITY_REPOSITORY:-} ]]; then
  "$tools/canary" security-status --repo "$SECURITY_REPOSITORY"
else
  echo 'SKIPPED: SECURITY_REPOSITORY does not name owner/name; the release asks GitHub'
fi

step 'challenge'
[[ -e $artifacts/challenge.json ]] ||
  "$tools/canary-verify" challenge --write "$artifacts/challenge.json"

served=''
finish() { [[ -z $served ]] || { kill -INT "$served" 2>/dev/null && wait "$served"; } || true; }
trap finish EXIT
if [[ -z $env_file ]]; then
  step 'embedded gateway'
  env_file=$out/rehearsal.env
  "$tools/canary" serve --write-env "$env_file" &
  served=$!
  # The file appears whole, once the gateway listens.
  while [[ ! -e $env_file ]]; do
    kill -0 "$served" || { echo 'the embedded gateway did not start' >&2; exit 3; }
    sleep 0.1
  done
fi

step 'preflight and rows, strict, from the artifact'
CANARY_ENV_FILE=$env_file CANARY=$tools/canary scripts/gate.sh "$artifacts" "$out"

step 'verdict, without any secret'
verdict=0
CANARY_VERIFY=$tools/canary-verify scripts/verify.sh "$artifacts" "$out" "$(cut -d' ' -f1 "$artifacts/SHA256SUMS")" || verdict=$?

if [[ -z $served ]]; then
  exit "$verdict"
fi

step 'a rehearsal is refused, for being one and for nothing else'
broken=$(awk -F'"' '$2 == "name" { name = $4 } $2 == "outcome" && $4 == "broken" { print name }' "$out/verdict.json")
if [[ $verdict -ne 1 || $broken != gateway_is_production ]]; then
  echo "expected exit code 1 and the rule gateway_is_production alone, found $verdict and: ${broken:-none}" >&2
  exit 1
fi
echo "rehearsed: everything holds but the gateway, which is not production. Nothing is promoted."
