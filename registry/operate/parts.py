"""The processes of one machine (design §3): how each is started and how it shows that it is ready."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from signal import SIGHUP, SIGUSR1, Signals

from registry.config import REPOSITORY, Settings, from_environment
from registry.operate import announce, edge
from registry.operate.postgres import Cluster

PORT_NOTE = "port"
"""In the run folder: the port of the running edge, for commands started beside it."""


class Renewal(StrEnum):
    """How a part goes on as another program: started beside the old one, or after it. A part that knows how to do it by
    itself has the signal that asks for it instead.
    """

    BESIDE = "beside"
    AFTER = "after"


@dataclass(frozen=True)
class Part:
    """``ready`` is asked with the id of the started process. One that ``listens`` is given its socket,
    ``run/{name}.sock``, by who starts it.
    """

    name: str
    command: tuple[str, ...]
    ready: Callable[[int], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    listens: bool = False
    renewal: Renewal | Signals = Renewal.BESIDE


def parts(settings: Settings) -> list[Part]:
    """In the order they are started; stopped the other way round."""
    run = settings.run
    edge_home = {"HOME": str(settings.data / "edge"), "XDG_DATA_HOME": str(settings.data / "edge")}
    edge_command = (str(edge.program()), "run", "--adapter", "caddyfile", "--config", str(run / "Caddyfile"))
    return [
        _server("web", run / "web.ready", _gunicorn(workers=2, threads=8, grace=15)),
        _server("git", run / "git.ready", _gunicorn(workers=1, threads=24, grace=3600)),
        Part("worker", (*_lumbung(), "worker"), _at_once),
        Part("gateway", (*_lumbung(), "gateway"), _at_once, renewal=Renewal.AFTER),
        Part("host", (*_lumbung(), "host"), _at_once, {"DATABASE_ADMIN_URL": settings.admin_url}, renewal=SIGHUP),
        Part("edge", edge_command, lambda _pid: port_is_taken(settings.port), edge_home, renewal=SIGUSR1),
    ]


def environment(settings: Settings) -> dict[str, str]:
    """What every part is told: the settings as `registry.config.from_environment` reads them."""
    return {
        **os.environ,
        "LUMBUNG_DATA": str(settings.data),
        "LUMBUNG_PORT": str(settings.port),
        "LUMBUNG_DEMO": "1" if settings.demo else "",
        "DATABASE_URL": settings.database_url,
        "DATABASE_OWNER_URL": settings.owner_url,
        "DATABASE_ADMIN_URL": "",
        "PYTHONUNBUFFERED": "1",
    }


def local_settings(data: Path | None = None) -> Settings:
    """The settings of the installation on this machine: without DATABASE_URL, of its embedded database."""
    settings = from_environment(data=data.resolve() if data else None)
    noted = settings.run / PORT_NOTE
    if noted.exists() and "LUMBUNG_PORT" not in os.environ:
        settings = replace(settings, port=int(noted.read_text()))
    if settings.database_url:
        return settings
    cluster = embedded(settings)
    return replace(settings, database_url=cluster.app_url(), owner_url=cluster.owner_url())


def embedded(settings: Settings) -> Cluster:
    return Cluster(settings.data / "postgres", settings.run / "pg", settings.secrets)


def port_is_taken(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


def _at_once(_pid: int) -> bool:
    """Nobody waits for its first word: what it does waits in tables."""
    return True


def _server(name: str, ready: Path, command: tuple[str, ...]) -> Part:
    return Part(name, command, partial(_has_loaded, ready), {announce.READY: str(ready)}, listens=True)


def _has_loaded(ready: Path, pid: int) -> bool:
    """Whether this very process serves: one before it may have said so too, and may still be there."""
    try:
        return ready.read_text() == str(pid)
    except OSError:
        return False


def _gunicorn(workers: int, threads: int, grace: int) -> tuple[str, ...]:
    """It finds its socket as systemd gives one (`registry.operate.activate`)."""
    return (
        sys.executable, "-m", "gunicorn", "wsgi:app", "--chdir", str(REPOSITORY), "-c", f"python:{announce.__name__}",
        "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads), "--preload",
        "--graceful-timeout", str(grace), "--timeout", "60", "--no-control-socket", "--umask", "0o077",
        "--forwarded-allow-ips", "*", "--log-level", "warning", "--worker-tmp-dir", "/dev/shm",  # noqa: S108
    )  # fmt: skip


def _lumbung() -> tuple[str, ...]:
    return (sys.executable, "-m", "registry")
