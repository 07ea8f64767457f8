"""The processes of one machine (design §3): how each is started and how it shows that it is ready."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from registry.config import REPOSITORY, Settings, from_environment
from registry.operate import edge
from registry.operate.postgres import Cluster

PORT_NOTE = "port"
"""In the run folder: the port of the running edge, for commands started beside it."""


@dataclass(frozen=True)
class Part:
    name: str
    command: tuple[str, ...]
    ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)


def parts(settings: Settings) -> list[Part]:
    """In the order they are started; stopped the other way round."""
    run = settings.run
    caddyfile = run / "Caddyfile"
    return [
        Part("web", _gunicorn(run / "web.sock", workers=2, threads=8), lambda: answers(run / "web.sock")),
        Part("git", _gunicorn(run / "git.sock", workers=1, threads=24), lambda: answers(run / "git.sock")),
        Part("worker", (*_lumbung(), "worker"), lambda: True),
        Part("host", (*_lumbung(), "host"), lambda: True, {"DATABASE_ADMIN_URL": settings.admin_url}),
        Part(
            "edge",
            (str(edge.program()), "run", "--adapter", "caddyfile", "--config", str(caddyfile)),
            lambda: port_is_taken(settings.port),
            {"HOME": str(settings.data / "edge"), "XDG_DATA_HOME": str(settings.data / "edge")},
        ),
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


def answers(path: Path) -> bool:
    """Whether a server listens on this Unix socket."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
        return True


def port_is_taken(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


def _gunicorn(path: Path, workers: int, threads: int) -> tuple[str, ...]:
    return (
        sys.executable, "-m", "gunicorn", "wsgi:app", "--chdir", str(REPOSITORY), "--bind", f"unix:{path}",
        "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads), "--preload",
        "--graceful-timeout", "15", "--timeout", "60", "--no-control-socket", "--umask", "0o077",
        "--forwarded-allow-ips", "*", "--log-level", "warning", "--worker-tmp-dir", "/dev/shm",  # noqa: S108
    )  # fmt: skip


def _lumbung() -> tuple[str, ...]:
    return (sys.executable, "-m", "registry")
