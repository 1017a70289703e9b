#!/usr/bin/env bash
# Prints the version of the workspace, which is the SDK's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo pkgid --locked --package runinfra | sed 's/.*[#@]//'
