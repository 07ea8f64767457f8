"""From settings to a running host: one per data folder, with its log, facts, cgroups and key."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import structlog

from registry.config import Settings
from registry.core import process, secrets, stage
from registry.host import door, environment, facts, handover, limits, orphans
from registry.host.handover import Handover
from registry.host.loop import Host
from registry.host.spawn import Launcher
from registry.host.store import Store

IDLE_SECONDS = 300.0

logger = structlog.get_logger("lumbung.host")


def run(settings: Settings) -> int:
    """Be the host until SIGTERM. 0 after an orderly end, 1 when another host owns the data folder, 2 when it
    cannot work here; the log says why.
    """
    configure_log()
    if not settings.database_url:
        logger.error("no database", help="set DATABASE_URL, or let `lumbung up` start the embedded one")
        return 2
    settings.run.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        predecessor = handover.received()
    except (ValueError, OSError, TypeError, KeyError) as error:
        logger.error("what runs cannot be taken over", error=str(error))
        return 2
    lock = os.fdopen(predecessor.lock, "a") if predecessor else process.claim(settings.run / "host.lock")
    if lock is None:
        logger.error("another host is running on this data folder", data=str(settings.data))
        return 1
    with lock:
        return _run(settings, lock.fileno(), predecessor)


def _run(settings: Settings, lock: int, predecessor: Handover | None) -> int:
    process.allow_many_files()  # every deployment that is on takes one, an awake one four more
    try:
        found = facts.Found(settings, predecessor.facts if predecessor else facts.known(settings))
        groups = limits.open_cgroups(f"lumbung-{hashlib.sha256(bytes(settings.data)).hexdigest()[:10]}")
        groups.sweep({Path(folder) for folder in predecessor.groups()} if predecessor else ())
        orphans.sweep()
        if predecessor is None:
            door.sweep(settings.run / "plugins")
        (settings.run / "outside").mkdir(mode=0o711, exist_ok=True)
        launcher = Launcher(settings.data, _serving(settings), groups, settings.run / "outside", found.base)
        tables = Store(settings, secrets.open_vault(settings.secrets))
        host = Host(settings, tables, launcher, found, lock, predecessor)
        host.hear()
        launcher.foresee(settings.data / "builds" / "env")
    except (stage.PathUnreachableError, OSError, KeyError) as error:
        logger.error("the host cannot work here", error=str(error))
        return 2
    logger.info("host started", pid=os.getpid(), data=str(settings.data), facts=found.told())
    host.run()
    logger.info("host left", pid=os.getpid())
    return 0


def _serving(settings: Settings) -> environment.Serving:
    idle = float(settings.extra.get("idle_seconds", IDLE_SECONDS))
    return environment.Serving(secrets.public_key(settings.secrets), idle, settings.max_upload)


def configure_log() -> None:
    """One JSON object per line on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
