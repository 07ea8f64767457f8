"""The embedded PostgreSQL: the system's binaries (15 or newer), else those of the pinned wheel; always our own cluster.

A Unix socket in the run folder is its only door, passwords are scram, and the cluster belongs to a user of its own when
we are root, because PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from registry.core import process, secrets, stage
from registry.core.postgresql import PostgresError, binaries
from registry.core.rls import APP_ROLE

DATABASE, OWNER, APP = "lumbung", "lumbung_owner", APP_ROLE
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",
    "max_connections": "180",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
}


@dataclass(frozen=True)
class Cluster:
    """``folder`` holds the data, ``run`` the socket, ``keys`` the passwords of the three roles."""

    folder: Path
    run: Path
    keys: Path
    extra: tuple[str, ...] = ()

    def prepare(self) -> None:
        """Make the cluster, its roles and its database; does nothing where they exist. Starts and leaves it running."""
        for folder in (self.folder, self.run):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.chown(folder, *_user())
        os.chmod(self.run, 0o711)  # noqa: S103 the app role walks through to the socket
        if not (self.folder / "PG_VERSION").exists():
            self._init()
        self.start()
        with psycopg.connect(self.super_url(), autocommit=True) as connection:
            _make_roles(connection, {role: secrets.password(self.keys, role) for role in (OWNER, APP)})

    def start(self, patience: float = 60.0) -> None:
        """Start, also after an unclean stop: a lock file of a dying server is waited for. Raises PostgresError."""
        deadline = time.monotonic() + patience
        while not self.running():
            self._unlock_after_the_dead()
            done = self._ctl("start", "-w", "-t", "30", "-l", str(stage.reach(self.folder) / "server.log"))
            if done.returncode == 0:
                return
            if time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL does not start; see {self.folder}/server.log. {done.stderr.strip()}")
            time.sleep(0.5)

    def stop(self) -> None:
        if self.running():
            self._ctl("stop", "-m", "fast", "-w", "-t", "30")

    def running(self) -> bool:
        return self._ctl("status").returncode == 0 and not process.has_ended(self._holder())

    def _holder(self) -> int:
        """The process that its lock file names; 0 for none."""
        try:
            return int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return 0

    def _unlock_after_the_dead(self) -> None:
        """A server that ended and was never collected (a container whose process 1 does not) would keep its lock for
        ever. Its own processes work in its folder and may outlive it for a moment.
        """
        if self._holder() and process.has_ended(self._holder()) and not process.works_in(self.folder):
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
            (self.run / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def super_url(self) -> str:
        return self._url("postgres", "postgres")

    def owner_url(self) -> str:
        return self._url(OWNER, DATABASE)

    def app_url(self) -> str:
        return self._url(APP, DATABASE)

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{secrets.password(self.keys, role)}@/{database}?host={self.run}"

    def _init(self) -> None:
        password_file = self.folder.parent / "postgres.initial"
        password_file.unlink(missing_ok=True)
        with open(password_file, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(secrets.password(self.keys, "postgres"))
        os.chown(password_file, *_user())
        done = self._run(
            "initdb", "-D", str(stage.reach(self.folder)), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
            "--auth=scram-sha-256", f"--pwfile={stage.reach(password_file)}", "--no-instructions",
        )  # fmt: skip
        password_file.unlink()
        if done.returncode != 0:
            raise PostgresError(f"the database could not be made in {self.folder}: {done.stderr.strip()}")

    def _ctl(self, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        options = {**SETTINGS, "unix_socket_directories": str(stage.reach(self.run))}
        words = [f"-c {name}='{value}'" for name, value in options.items()] + list(self.extra)
        given = ("-o", " ".join(words)) if verb == "start" else ()
        return self._run("pg_ctl", verb, "-D", str(stage.reach(self.folder)), *given, *arguments)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        uid, gid = _user()
        lesser: dict[str, Any] = {"user": uid, "group": gid, "extra_groups": []} if os.getuid() == 0 else {}
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        return subprocess.run(
            [str(binaries() / program), *arguments], env=environment, cwd="/", text=True, timeout=120,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **lesser,
        )  # fmt: skip


def _user() -> tuple[int, int]:
    """Who owns the cluster: ourselves, or as root the system's postgres user, or nobody."""
    if os.getuid() != 0:
        return os.getuid(), os.getgid()
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
        except KeyError:
            continue
    raise PostgresError("running as root needs a system user 'postgres' or 'nobody' for PostgreSQL")


def _make_roles(connection: psycopg.Connection[tuple[object, ...]], passwords: dict[str, str]) -> None:
    """The owner migrates; the app role logs in, owns nothing and cannot bypass row-level security."""
    for role, password in passwords.items():
        if not connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
            connection.execute(
                sql.SQL("create role {} login nosuperuser nobypassrls nocreatedb nocreaterole password {}").format(
                    sql.Identifier(role), sql.Literal(password)
                )
            )
    if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
        connection.execute(
            sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
        )
