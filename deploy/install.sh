#!/usr/bin/env bash
# Install or renew Lumbung's services on Debian or Ubuntu, from the checkout in /opt/lumbung (docs/install.md).
# May be run again: it adds what is missing and leaves what is there, settings and passwords first of all.
set -euo pipefail
home=/opt/lumbung settings=/etc/lumbung
here=$(cd "$(dirname "$0")/.." && pwd)

say() { printf '  · %s\n' "$*" >&2; }
fail() { printf 'install: %s\n' "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "run it as root"
[ "$here" = "$home" ] || fail "the checkout lies in $here: move it to $home"
command -v systemctl >/dev/null || fail "this machine has no systemd; 'lumbung up' runs everything in the foreground"

say "packages"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends git bubblewrap python3 python3-venv postgresql restic gpgv \
  libpangoft2-1.0-0 libharfbuzz-subset0 >/dev/null
"$home/deploy/setup.sh" "${PYTHON:-python3}" run

say "folders"
install -m 0644 "$home/deploy/tmpfiles.conf" /etc/tmpfiles.d/lumbung.conf
systemd-tmpfiles --create /etc/tmpfiles.d/lumbung.conf

sql() { runuser -u postgres -- psql -qAtX -v ON_ERROR_STOP=1 "$@"; }
password() { "$home/.venv/bin/python" -c 'import secrets; print(secrets.token_urlsafe(32))'; }
# role NAME OPTIONS…: makes it with a new password, or gives an existing one a new password; prints that.
role() {
  local name=$1 secret; shift; secret=$(password)
  [ -n "$(sql -c "select 1 from pg_roles where rolname = '$name'")" ] || sql -c "create role $name login $*"
  sql -c "alter role $name password '$secret'"
  printf '%s' "$secret"
}
# settings_file NAME PLACEHOLDER ROLE OPTIONS…: from its example, with the role's password in it; kept when it is there.
settings_file() {
  local file=$settings/$1 placeholder=$2; shift 2
  [ -e "$file" ] && return
  say "database role $1"
  (umask 077; sed "s|$placeholder|$(role "$@")|" "$home/deploy/$(basename "$file").example" >"$file")
}
systemctl enable -q --now postgresql
settings_file owner.env OWNER_PASSWORD lumbung_owner nosuperuser nobypassrls nocreatedb nocreaterole
settings_file lumbung.env APP_PASSWORD lumbung_app nosuperuser nobypassrls nocreatedb nocreaterole
settings_file host.env ADMIN_PASSWORD lumbung_admin nosuperuser createdb createrole
[ -n "$(sql -c "select 1 from pg_database where datname = 'lumbung'")" ] ||
  sql -c "create database lumbung owner lumbung_owner encoding 'UTF8' template template0"

say "services"
install -m 0644 "$home"/deploy/systemd/* /etc/systemd/system/
systemctl daemon-reload
ln -sf "$home/deploy/lumbung" /usr/local/bin/lumbung
if grep -q 'lumbung\.example' "$settings/lumbung.env"; then
  say "write your names into $settings/lumbung.env, then run this again"
  exit 0
fi
say "migrations"
lumbung db upgrade
systemctl enable -q --now lumbung.target lumbung-web.socket lumbung-git.socket lumbung-web lumbung-git lumbung-worker \
  lumbung-gateway lumbung-host lumbung-edge lumbung-backup.timer
lumbung doctor || true
