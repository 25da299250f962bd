#!/bin/bash
# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
# The whole admission on drawn people and drawn attacks, with new seeds for every attempt.
set -euo pipefail

if [[ ${1:-} == -h || ${1:-} == --help ]]; then
  cat <<'TEXT'
tests/bench/liveness.sh [ATTEMPTS] [NAME...]: genuine drawn candidates (all eight, one prompt in ten misunderstood or read late,
up to three tries each) and every attack (one try each; ATTEMPTS, default 500). Needs the built invigil-face and the models
($INVIGIL_MODELS, else build/models, see deploy/models). NAME: genuine, print, sheet, bent, cutout, replay, two, virtual.
Reports go to build/liveness. Two hours of one core for all of it; give two names each to two shells.
TEXT
  exit 0
fi
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
attempts=500
if [[ ${1:-} =~ ^[0-9]+$ ]]; then attempts=$1; shift; fi
names=("$@")
[[ ${#names[@]} -gt 0 ]] || names=(genuine print sheet bent cutout replay two virtual)
face=$root/build/dev/bin/invigil-face
[[ -x $face ]] || { echo "$face is not built: cmake --build build/dev --target invigil-face" >&2; exit 2; }
export INVIGIL_MODELS=${INVIGIL_MODELS:-$root/build/models}
out=$root/build/liveness
mkdir -p "$out"

# row NAME SOURCE FIRST_SEED ATTEMPTS TRIES
row() {
  "$face" admit --camera "$2" --challenge "$3" --attempts "$4" --tries "$5" --json "$out/$1.json" >"$out/$1.txt" 2>"$out/$1.err"
  echo "$1: $(head -n 1 "$out/$1.txt")"
}
seed=0
for name in "${names[@]}"; do
  seed=$((seed + 10000))
  case $name in
    genuine) for person in 1 2 3 4 5 6 7 8; do row "genuine-$person" "simulated:$person,clumsy=0.1" $((person * 1000)) $(((attempts + 19) / 20)) 3; done ;;
    print | sheet | bent | cutout | replay | two | virtual) row "$name" "simulated:$((seed / 10000 % 8 + 1)),attack=$name" "$seed" "$attempts" 1 ;;
    *) echo "there is no row '$name'" >&2; exit 2 ;;
  esac
done
