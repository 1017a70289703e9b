#!/usr/bin/env bash
# Shows a verdict where people look: scripts/job-summary.sh DIR appends the tables of DIR to the job
# summary (or prints them, away from GitHub).
set -euo pipefail
dir=${1:?usage: scripts/job-summary.sh DIR}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
{
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
