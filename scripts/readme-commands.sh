#!/usr/bin/env bash
# Prints the commands of a document that CI runs: the lines of every ```sh block that stands right
# after a line `<!-- run in CI -->`.
set -euo pipefail
awk '
  /^<!-- run in CI -->$/ { marked = 1; next }
  marked && /^```sh$/    { inside = 1; marked = 0; next }
  inside && /^```$/      { inside = 0; next }
  inside && NF           { print; found = 1 }
  /^```/ || NF           { if (!inside) marked = 0 }
  END                    { if (!found) { print "no command is marked in " FILENAME > "/dev/stderr"; exit 1 } }
' "$1"
