#!/usr/bin/env bash
# Go on as another version of Lumbung: deploy/upgrade.sh TAG. No request is lost, plugins do not notice (docs/runbook.md).
set -euo pipefail
cd /opt/lumbung
[ $# = 1 ] || { echo "usage: deploy/upgrade.sh TAG" >&2; exit 2; }
say() { printf '  · %s\n' "$*" >&2; }

say "backup"; lumbung backup || [ $? = 1 ]
say "fetch"; git fetch --quiet --tags origin; git -c advice.detachedHead=false checkout --quiet "$1"
say "set-up"; deploy/setup.sh "${PYTHON:-python3}" run
say "migrations"; lumbung db upgrade
say "services"; install -m 0644 deploy/systemd/* /etc/systemd/system/; systemctl daemon-reload
systemctl restart lumbung-web lumbung-git lumbung-worker lumbung-gateway
systemctl reload lumbung-host lumbung-edge
lumbung doctor
