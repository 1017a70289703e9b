#!/usr/bin/env bash
# Shows a verdict where people look: scripts/job-summary.sh DIR appends the tables of DIR to the job
# summary (or prints them, away from GitHub). With --dry-run it says first what a dry run proves, and
# what it does not.
#
#   scripts/job-summary.sh DIR [--dry-run]
set -euo pipefail
dir=${1:?usage: scripts/job-summary.sh DIR [--dry-run]}
kind=${2:-}
case $kind in
  '' | --dry-run) ;;
  *)
    echo "unknown argument: $kind; see the head of $0" >&2
    exit 2
    ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/.."

dry_run() {
  cat <<'END'
### Dry run: nothing was published

Proven, for the artifact with the digest in the log: its version is one everywhere, the workflows hold, it
has only what it may, a stranger's project builds and runs with it, and every row passes against the
embedded gateway. The verdict below has to be a refusal, for `gateway_is_production` alone.

**Not proven:**

- that production keeps a single promise: no live row ran against it;
- that the secrets and variables of the environment `live-canaries` are set, and right;
- that crates.io trusts this repository: no identity was exchanged, and nothing was published;
- that attesting works: nothing was signed;
- that the registry serves what was verified: nothing was installed from it.

END
}

{
  [[ -z $kind ]] || dry_run
  echo '### Canaries'
  for name in readiness live verdict; do
    if [[ -e $dir/$name.json ]]; then
      echo "- \`$name.json\` sha256 \`$(sha256sum "$dir/$name.json" | cut -d' ' -f1)\`"
    else
      echo "- no \`$name.json\` was written"
    fi
  done
  if [[ -e $dir/summary.md ]]; then
    printf '\n'
    cat "$dir/summary.md"
  fi
  if [[ -e $dir/verdict.txt ]]; then
    printf '\n```text\n'
    cat "$dir/verdict.txt"
    printf '```\n'
  fi
} >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"
