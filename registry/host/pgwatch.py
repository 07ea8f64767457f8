"""What a role cannot be held to by its settings: how long its statements take, how much they remember, how much it
stores. A thread of its own looks every few seconds and ends the sessions that go too far.

A database over its limit of disk is told of like files are (`size_of`, counted with them); far over it, its sessions
end and no new one is let in (a file in ``run/pg-closed``, which the gateway looks for) until there is room again.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import structlog
from psycopg.rows import class_row

from registry.config import Settings
from registry.core.files import write_whole
from registry.core.pgwire import role_name
from registry.host.database import Database
from registry.host.postgres import Server
from registry.hosting.plain import Limits

LOOK_SECONDS, SIZE_SECONDS = 2.0, 10.0
STATEMENT_SECONDS, IDLE_SECONDS = 120.0, 120.0
MEMORY = 192 * 2**20
FAR_OVER = 1.2
"""Times the limit of disk. Room to delete something in remains between the limit and this."""

_SESSIONS = r"""
    select pid, usename::text as role, state, extract(epoch from clock_timestamp() - query_start)::float8 as running,
           extract(epoch from clock_timestamp() - state_change)::float8 as resting
      from pg_stat_activity where usename like 'plugin\_%'"""
_SIZES = r"select datname, pg_database_size(oid) from pg_database where datname ~ '^plugin_[0-9]+$'"
_LIMITS = """
    select d.id, (r.limits->>'disk')::bigint as disk from deployments d
      join revisions r on r.id = d.serving_revision_id join builds b on b.id = r.build_id
     where b.manifest->>'store' = 'postgresql'"""
_OWN = re.compile(rb"^RssAnon:\s+([0-9]+) kB", re.MULTILINE)

logger = structlog.get_logger("lumbung.host")


@dataclass(frozen=True)
class Session:
    """``running`` and ``resting`` are seconds since its statement began and since its state changed."""

    pid: int
    role: str
    state: str | None
    running: float | None
    resting: float | None


def excess(session: Session, memory: int) -> str:
    """Why a session is ended; empty when it may go on."""
    if session.state == "active" and (session.running or 0) > STATEMENT_SECONDS:
        return "its statement took too long"
    if session.state != "idle" and session.state != "active" and (session.resting or 0) > IDLE_SECONDS:
        return "it kept a transaction open and did nothing"
    return "it took too much memory" if memory > MEMORY else ""


def size_of(settings: Settings, deployment: int) -> int:
    """Bytes of a deployment's database at the last look; 0 without one."""
    with suppress(OSError, ValueError):
        return int((settings.run / "pg-size" / str(deployment)).read_text())
    return 0


class Watch:
    """Does nothing where there is no server. `start` and `close` are the host's."""

    def __init__(self, settings: Settings, server: Server | None, proc: Path = Path("/proc")) -> None:
        self._settings = settings
        self._server = server
        self._proc = proc if server and server.host.startswith("/") else None
        self._tables = Database(settings)
        self._leaving = threading.Event()
        self._sized = float("-inf")
        self._told: dict[int, int] = {}

    def start(self) -> None:
        if self._server is not None:
            threading.Thread(target=self._run, args=(self._server,), name="pgwatch", daemon=True).start()

    def close(self) -> None:
        self._leaving.set()

    def _run(self, server: Server) -> None:
        while not self._leaving.wait(LOOK_SECONDS):
            try:
                self._watch(server)
            except (psycopg.Error, OSError) as error:
                logger.warning("plugins' databases were not looked at", error=str(error).strip())

    def _watch(self, server: Server) -> None:
        """Until something breaks: one connection, looked through again and again."""
        with psycopg.connect(server.admin, autocommit=True, connect_timeout=5) as connection:
            while not self._leaving.is_set():
                self.look(server, connection)
                self._leaving.wait(LOOK_SECONDS)

    def look(self, server: Server, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        """Once. Raises psycopg.Error, OSError."""
        for session in connection.cursor(row_factory=class_row(Session)).execute(_SESSIONS).fetchall():
            why = "" if session.role in server.copying else excess(session, self._memory(session.pid))
            if why:
                connection.execute("select pg_terminate_backend(%s)", (session.pid,))
                logger.warning("a plugin's session was ended", role=session.role, why=why)
        if time.monotonic() - self._sized > SIZE_SECONDS:
            self._sized = time.monotonic()
            self._weigh(connection)

    def _memory(self, pid: int) -> int:
        """Bytes of its own, where the server runs on this machine and we may look."""
        if self._proc is None:
            return 0
        with suppress(OSError):
            found = _OWN.search((self._proc / str(pid) / "status").read_bytes())
            return int(found.group(1)) * 1024 if found else 0
        return 0

    def _weigh(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        with self._tables.transaction() as cursor:
            limits = {row["id"]: row["disk"] or Limits.disk for row in cursor.execute(_LIMITS)}
        sizes = {str(name): int(str(size)) for name, size in connection.execute(_SIZES)}
        for deployment in limits.keys() | self._told.keys():
            size = sizes.get(role_name(deployment), 0)
            self._tell(deployment, size)
            if self._close(deployment, size > FAR_OVER * limits.get(deployment, Limits.disk)):
                ended = "select pg_terminate_backend(pid) from pg_stat_activity where usename = %s"
                connection.execute(ended, (role_name(deployment),))
                logger.warning("a plugin's database is closed: it is far over its limit", deployment=deployment)

    def _tell(self, deployment: int, size: int) -> None:
        if self._told.get(deployment) != size:
            write_whole(_folder(self._settings.run / "pg-size") / str(deployment), str(size))
            self._told[deployment] = size

    def _close(self, deployment: int, far_over: bool) -> bool:
        """Whether nobody is let in any more, from now on."""
        closed = _folder(self._settings.run / "pg-closed") / str(deployment)
        if far_over:
            closed.touch()
        else:
            closed.unlink(missing_ok=True)
        return far_over


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o711, exist_ok=True)
    return path
