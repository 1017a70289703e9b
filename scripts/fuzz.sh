#!/usr/bin/env bash
# Runs every fuzz target under fuzz/ for a while, or only those named. It needs cargo-fuzz and a nightly compiler.
#   scripts/fuzz.sh [--seconds N] [TARGET…]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=60
targets=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --seconds)
      [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || { echo "--seconds wants a whole number above zero, got: ${2:-nothing}" >&2; exit 2; }
      seconds=$2
      shift 2
      ;;
    -*) echo "unknown option $1; usage: scripts/fuzz.sh [--seconds N] [TARGET…]" >&2; exit 2 ;;
    *) targets+=("$1"); shift ;;
  esac
done

toolchain="+${FUZZ_TOOLCHAIN:-nightly}"
cargo "$toolchain" fuzz --version >/dev/null 2>&1 || {
  echo "cargo-fuzz or the toolchain ${toolchain#+} is missing: cargo install cargo-fuzz --locked; rustup toolchain install ${toolchain#+}" >&2
  exit 2
}
if [[ ${#targets[@]} -eq 0 ]]; then
  mapfile -t targets < <(cargo "$toolchain" fuzz list)
fi
[[ ${#targets[@]} -gt 0 ]] || { echo 'fuzz/Cargo.toml has no targets' >&2; exit 2; }

cargo "$toolchain" fuzz build
failed=()
for target in "${targets[@]}"; do
  printf '\n=== %s, %d s\n' "$target" "$seconds"
  # What is found goes to the first folder; the second, if there is one, is where to begin.
  folders=("fuzz/corpus/$target")
  mkdir -p "${folders[0]}"
  [[ -d fuzz/seeds/$target ]] && folders+=("fuzz/seeds/$target")
  options=("-max_total_time=$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1)
  [[ -f fuzz/dictionaries/$target ]] && options+=("-dict=fuzz/dictionaries/$target")
  cargo "$toolchain" fuzz run "$target" "${folders[@]}" -- "${options[@]}" || failed+=("$target")
done

if [[ ${#failed[@]} -gt 0 ]]; then
  echo "findings in: ${failed[*]}; the inputs are under fuzz/artifacts/" >&2
  exit 1
fi
