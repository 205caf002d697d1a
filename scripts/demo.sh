#!/usr/bin/env bash
# The main job on a demo city's year: make a project, import its matters, audit them.  `make demo` runs this with the
# program on the PATH; it may be run again, importing the same files changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

project=${1:-demo-project}
as_of=2026-11-22

step() { # say a command, then run it
  printf '\n$ %s\n' "$*"
  "$@"
}

[ -e "$project/zhengxie.toml" ] || step zhengxie init "$project"
printf '\n$ zhengxie --project %s import examples/qinghe/*.yaml\n' "$project"
for matter in examples/qinghe/*.yaml; do
  zhengxie --project "$project" import "$matter"
done
step zhengxie --project "$project" audit --as-of "$as_of" --fail-on never
step zhengxie --project "$project" audit QH-07 --as-of "$as_of" --working --fail-on never
