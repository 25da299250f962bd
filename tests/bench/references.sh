#!/bin/bash
# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
# One reference photo of a person against several: single pictures of the web sets compared with the first photo of each
# person, and with the mean of the first three.
set -euo pipefail

if [[ ${1:-} == -h || ${1:-} == --help ]]; then
  cat <<'TEXT'
tests/bench/references.sh [VERIFIER]: prints invigil-face verify's figures with one reference photo of each person and with
three together. People with at least four pictures in $INVIGIL_SHARED/faces/dev (else ../shared beside this folder); the
pictures after the third are the live ones in both runs. Needs the built invigil-face and the models ($INVIGIL_MODELS, else
build/models). VERIFIER: mobilefacenet (default), densenet or fused.
TEXT
  exit 0
fi
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
faces=${INVIGIL_SHARED:-$root/../shared}/faces/dev
face=$root/build/dev/bin/invigil-face
[[ -x $face ]] || { echo "$face is not built: cmake --build build/dev --target invigil-face" >&2; exit 2; }
[[ -d $faces/img ]] || { echo "$faces is absent" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
for count in 1 3; do
  # Names are GROUP_PERSON_NUMBER.jpg; the webcam set has its own lists.
  (cd "$faces" && ls img) | grep -E '^(asian|ag|bbt|keras|openface)_.*_[0-9]+\.[a-z]+$' | awk -v count="$count" '
    BEGIN { print "path,role,subject,sequence" }
    { subject = $0; sub(/_[0-9]+\.[a-z]+$/, "", subject); names[subject, ++many[subject]] = $0 }
    END {
      for (subject in many)
        for (i = 1; many[subject] >= 4 && i <= many[subject]; ++i)
          if (i > 3 || i <= count) print "img/" names[subject, i] "," (i > 3 ? "live" : "reference") "," subject "," i
    }' >"$work/$count.csv"
  echo "reference photos: $count"
  "$face" verify --templates "$work/$count.csv" --frames 1 --join-references --root "$faces" \
    --models "${INVIGIL_MODELS:-$root/build/models}" --verifier "${1:-mobilefacenet}" --json "$work/$count.json"
done
