#!/bin/sh
# {{ plugin.name }} on any machine with Python 3.11 or newer. PORT chooses the port.
set -eu
cd "$(dirname "$0")"
if [ ! -x .venv/bin/flask ]; then
  "${PYTHON:-python3}" -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r {{ quoted("../../runtime/" ~ plugin.runtime|replace("/", "-") ~ ".txt") }}
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps ../../runtime/sdk
  if [ -s code/requirements.txt ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r code/requirements.txt
  fi
fi
here=$(pwd)
mkdir -p data
[ -s secret.key ] || (umask 077 && .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(48))' >secret.key)
export DATA_DIR="$here/data" CONFIG_FILE="$here/config.json" SECRET_KEY="$(cat secret.key)"
export DATABASE_URL="${DATABASE_URL:-sqlite:///$here/data/data.sqlite3}"
export PLUGIN_NAME={{ quoted(plugin.name) }} PLUGIN_VERSION={{ quoted(plugin.version) }} PLUGIN_ORIGIN="${PLUGIN_ORIGIN:-http://localhost:${PORT:-5000}}"
export TENANT_CODE={{ quoted(city.code) }} TENANT_SLUG={{ quoted(city.slug) }} TENANT_NAME={{ quoted(city.name) }}
export TENANT_TIMEZONE={{ quoted(city.timezone) }} TENANT_LOCALE={{ quoted(city.locale) }} TENANT_COLOR={{ quoted(city.color) }}
cd code
{% if plugin.manifest.migrate -%}
../.venv/bin/python -c 'import importlib, sys; sys.path.insert(0, "."); m, f = sys.argv[1].split(":"); getattr(importlib.import_module(m), f)()' {{ quoted(plugin.manifest.migrate) }}
{% endif -%}
exec ../.venv/bin/flask --app {{ quoted(plugin.manifest.entrypoint) }} run --port "${PORT:-5000}"
