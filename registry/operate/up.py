"""``lumbung up``: everything on one machine, as one foreground process that starts, watches and stops the parts."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from registry.config import Settings
from registry.core import process
from registry.operate import edge, programs
from registry.operate.parts import embedded, port_is_taken
from registry.operate.postgres import Cluster
from registry.operate.preparation import Account, prepared
from registry.operate.watch import PID, RENEWAL, Renewed, UpError, Watch, say

__all__ = ["UpError", "only_one", "renew", "up"]

RENEWAL_PATIENCE = 3_900.0


def up(settings: Settings) -> None:
    """Start all, say where it is, and stay until Ctrl-C. Raises UpError, PostgresError."""
    os.umask(0o022)
    settings.data.mkdir(parents=True, exist_ok=True)
    with only_one(settings.data):
        _refuse_taken_ports(settings)
        programs.require()
        cluster = None if settings.database_url else embedded(settings)
        try:
            say("database")
            settings = _with_database(settings, cluster)
            say("migrations")
            _run(settings)
        finally:
            if cluster:
                say("stopping the database")
                cluster.stop()


def renew(settings: Settings) -> Renewed:
    """Ask the running `up` to go on as the program now on disk, and wait for what comes of it. Raises UpError."""
    note = settings.run / RENEWAL
    before = note.stat().st_mtime_ns if note.exists() else 0
    try:
        os.kill(int((settings.run / PID).read_text()), signal.SIGUSR2)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        raise UpError(f"Lumbung does not run in {settings.data}: 'lumbung up' starts the program now on disk") from None
    end = time.monotonic() + RENEWAL_PATIENCE
    while time.monotonic() < end:
        if note.exists() and note.stat().st_mtime_ns != before:
            return Renewed(**json.loads(note.read_text()))
        time.sleep(0.2)
    raise UpError("it has not told within an hour what came of it: look at its output")


def _run(settings: Settings) -> None:
    with prepared(settings) as preparation:
        watch = Watch(settings)
        try:
            watch.start()
            if not watch.stopping:
                _welcome(settings, preparation.accounts)
                preparation.go_on()
            watch.leaving.append(preparation.process)  # it may end long before the watch does
            watch.stay()
        finally:
            watch.stop_all()


def _refuse_taken_ports(settings: Settings) -> None:
    ports = [settings.port, settings.http_port] if edge.has_certificates(settings) else [settings.port]
    for port in ports:
        if port_is_taken(port):
            raise UpError(f"port {port} is taken: stop what uses it, or choose another with --port")


def _with_database(settings: Settings, cluster: Cluster | None) -> Settings:
    settings.run.mkdir(parents=True, exist_ok=True, mode=0o711)
    if cluster is None:
        return settings
    cluster.prepare()
    return replace(
        settings, database_url=cluster.app_url(), owner_url=cluster.owner_url(), admin_url=cluster.super_url()
    )


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """One `lumbung up` per data folder. Raises UpError."""
    lock = process.claim(data / "up.lock")
    if lock is None:
        raise UpError(f"Lumbung is running already in {data}: stop it first, or choose another --data")
    with lock:
        yield


def _welcome(settings: Settings, accounts: list[Account]) -> None:
    lines = ["", f"Lumbung is ready: {settings.origin}/"]
    if accounts:
        lines += ["", "Demo accounts:"]
        lines += [f"  {account.email:<30} {account.password:<20} {account.what}" for account in accounts]
    lines += ["", "Ctrl-C stops it.", ""]
    print("\n".join(lines), flush=True)
