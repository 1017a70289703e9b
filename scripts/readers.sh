#!/usr/bin/env bash
# Has the documents of this repository read by programs that nobody here wrote: the JSON Schemas and the samples
# by jsonschema, and the statement by the in-toto project's own library, both from PyPI. Versions and digests are
# pinned in scripts/readers/; they are installed into a temporary folder and removed again.
#
#   scripts/readers.sh
#
# Needs python3 (3.11 or newer, with venv) and its registry. Exits with 75 when they cannot be had, and with 1 when
# a document is not what it says.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

unavailable() {
  echo "readers: not run: $1" >&2
  exit 75
}
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || unavailable 'there is no python3, or it is older than 3.11'
python3 -c 'import ensurepip, venv' 2>/dev/null || unavailable 'python3 has no venv'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! { python3 -m venv "$work/venv" &&
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    --requirement scripts/readers/requirements.txt >"$work/pip.log" 2>&1; }; then
  cat "$work/pip.log" >&2 || true
  unavailable 'the readers could not be installed'
fi
"$work/venv/bin/python" scripts/readers/read.py reports
