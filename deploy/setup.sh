#!/usr/bin/env bash
# Set-up of a checkout: PYTHON (3.11 or newer) and which lock (run or dev). Quick when nothing changed.
# Installs missing system packages by apt when it may, else names them exactly.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1 which=$2
stamp=.venv/.set-up-$which

say() { printf '  · %s\n' "$*" >&2; }
fail() { printf 'set-up: %s\n' "$*" >&2; exit 1; }

packages=()
has() { command -v "$1" >/dev/null 2>&1; }
need() { has "$1" || packages+=("$2"); }
may_install() { [ "$(id -u)" = 0 ] && has apt-get; }
need git git
need bwrap bubblewrap
need restic restic
need gpgv gpgv
# Documents are drawn by WeasyPrint, which asks these libraries to lay out the text.
need_library() { PATH=$PATH:/usr/sbin ldconfig -p | grep -q "$1" || packages+=("$2"); }
need_library libpangoft2-1.0.so.0 libpangoft2-1.0-0
need_library libharfbuzz-subset.so.0 libharfbuzz-subset0
if [ "$which" = dev ]; then
  need minisign minisign
  need ssh-keygen openssh-client
  need gpg gpg
  # Debian's Chromium without windows takes a quarter less processor; where it is not to be had, the whole one does.
  shell=chromium-headless-shell
  if ! has $shell && may_install && apt-cache show $shell >/dev/null 2>&1; then packages+=($shell)
  elif ! has $shell; then need chromium chromium; fi
fi
"$python" -c 'import venv, ensurepip' 2>/dev/null || packages+=(python3-venv)
if [ ${#packages[@]} -gt 0 ]; then
  if may_install; then
    say "installing ${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
  else
    fail "missing on this system: ${packages[*]}. Install them: sudo apt-get install ${packages[*]}"
  fi
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Python 3.11 or newer is needed, $("$python" --version) found"

sum=$(cat requirements/"$which".lock setup.cfg pyproject.toml package-lock.json "$0" | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ]; then
  [ -x .venv/bin/python ] || { say "virtual environment"; "$python" -m venv .venv; }
  uv=$(grep -m1 '^uv==' requirements/run.lock | cut -d' ' -f1)
  [ -x .venv/bin/uv ] || { say "$uv"; .venv/bin/python -m pip install -q --disable-pip-version-check "$uv"; }
  say "libraries ($which.lock)"
  .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes --compile-bytecode -r requirements/"$which".lock
  .venv/bin/uv pip install -q --python .venv/bin/python --no-deps -e .
  say "front-end files"
  if ! command -v npm >/dev/null 2>&1; then
    .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r requirements/node.lock
    export PATH="$PWD/.venv/bin:$PATH"
  fi
  without=(); [ "$which" = dev ] || without=(--omit=dev)
  npm ci --silent --no-audit --no-fund --ignore-scripts "${without[@]}"
  echo "$sum" >"$stamp"
fi
# Each time: a newer program may show icons that this checkout has not copied yet.
.venv/bin/python -m registry.web.assets >/dev/null
.venv/bin/python -m registry.web.translations compile
# Compiled here, once: a server's processes may not write beside the sources and would compile all of it at every start.
.venv/bin/python -m compileall -q registry migrations
