#!/usr/bin/env bash
# Changes the code that decides, one small change at a time, and fails when the tests of its crate do
# not notice one. Hours for all of it; for a part:
#
#   scripts/mutants.sh [--shard K/N] [-f FILE]...
#
# It needs cargo-mutants (cargo install cargo-mutants --locked). What is changed stands in
# .cargo/mutants.toml.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v cargo-mutants >/dev/null || {
  echo 'looked for cargo-mutants and found none; install it with: cargo install cargo-mutants --locked' >&2
  exit 2
}
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0
exec cargo mutants --package canary-core --package canary-verifier --jobs 1 "$@"
