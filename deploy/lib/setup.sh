# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by deploy/run and deploy/test: brings a Debian 12 machine and this tree to the point where everything is
# built. Each step does only what is missing, is quiet, keeps a log under build/logs and can be interrupted and run
# again.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
LOGS=$ROOT/build/logs
export INVIGIL_BUILD=$ROOT/build/dev
export PYTHONDONTWRITEBYTECODE=1

say() { printf '%s\n' "$*"; }
die() { printf '\n%s\n' "$*" >&2; exit 1; }

# step NAME WHAT COMMAND...: runs the command with its output in build/logs/NAME.log; on failure shows the log's end.
step() {
  local name=$1 what=$2 started=$SECONDS status=0
  shift 2
  mkdir -p "$LOGS"
  printf '  %-44s' "$what"
  "$@" >"$LOGS/$name.log" 2>&1 </dev/null || status=$?
  if [ "$status" != 0 ]; then
    printf 'failed\n\n' >&2
    tail -n 40 "$LOGS/$name.log" >&2
    die "\"$what\" failed (status $status). The whole log: $LOGS/$name.log"
  fi
  printf '%s\n' "$((SECONDS - started)) s"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

wanted_packages() {
  sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$ROOT/deploy/packages.txt"
  # Some machines have Node from elsewhere; Debian's would conflict with it.
  command -v node >/dev/null || say nodejs
  command -v npm >/dev/null || say npm
}

missing_packages() {
  local have
  have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sort -u)
  comm -23 <(wanted_packages | sort -u) <(say "$have")
}

install_packages() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

setup_packages() {
  command -v dpkg-query >/dev/null || die "Invigil is built on Debian 12; this machine has no dpkg."
  local missing
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" = 0 ] && return
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    die "These Debian packages are missing and this user cannot install them (no root, no sudo):
  apt-get install --no-install-recommends ${missing[*]}"
  fi
  [ "$(id -u)" = 0 ] || sudo -v || die "Installing packages needs sudo."
  step packages "install ${#missing[@]} Debian packages" install_packages "${missing[@]}"
}

# Face models are optional: without them every admission goes to the remote invigilator, and the programs say so.
setup_models() {
  [ -x "$ROOT/deploy/models" ] || return 0
  mkdir -p "$LOGS"
  if ! "$ROOT/deploy/models" >"$LOGS/models.log" 2>&1 </dev/null; then
    say "  Face models could not be had; admissions go to the remote invigilator. See $LOGS/models.log"
  fi
}

# newer_than STAMP PATH...: true when STAMP is absent or something under PATH is newer, but for what the build writes.
newer_than() {
  local stamp=$1
  shift
  [ ! -e "$stamp" ] || [ -n "$(find "$@" -name node_modules -prune -o -name schema.d.ts -prune -o -type f -newer "$stamp" -print -quit)" ]
}

# npm's own clean install refuses a lock file that leaves out other platforms' optional packages, and npm writes such
# lock files where download addresses are kept out of them. Its plain install honours the same locked versions; it must
# not rewrite the file, though.
fetch_web_packages() {
  local web=$1 kept status=0
  npm --prefix "$web" ci --no-audit --no-fund && return
  kept=$(mktemp)
  cp "$web/package-lock.json" "$kept"
  npm --prefix "$web" install --no-save --no-audit --no-fund || status=$?
  cp "$kept" "$web/package-lock.json"
  rm -f "$kept"
  return $status
}

setup_web() {
  local web=$ROOT/proctor-server/web lock
  lock=$(sha256sum <"$web/package-lock.json")
  if [ "$(cat "$web/node_modules/.invigil-lock" 2>/dev/null)" != "$lock" ]; then
    step npm "fetch the pages' packages (npm)" fetch_web_packages "$web"
    say "$lock" >"$web/node_modules/.invigil-lock"
  fi
  if newer_than "$web/dist/.invigil-built" "$web"/*.json "$web"/*.html "$web"/*.ts "$web/src" "$web/public" \
    "$ROOT/proctor-server/api/openapi.yaml"; then
    # The stamp is as old as the start: what is edited while building is built again.
    local began
    began=$(mktemp)
    step web "build the pages" npm --prefix "$web" run build
    touch -r "$began" "$web/dist/.invigil-built"
    rm -f "$began"
  fi
}

setup_build() {
  step configure "configure" cmake --preset dev -S "$ROOT"
  step build "build (the first time takes minutes)" cmake --build "$ROOT/build/dev"
}

# One set-up at a time in one tree.
setup() {
  mkdir -p "$LOGS"
  setup_packages
  exec 9>"$ROOT/build/.setup.lock"
  if ! flock -n 9; then
    say "  Another set-up runs in this folder; waiting for it."
    flock 9
  fi
  setup_models
  (cd "$ROOT" && setup_build)
  setup_web
  exec 9>&-
}
