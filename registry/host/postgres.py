"""PostgreSQL for plugins that want it: a database and a role of its own for each deployment, on the registry's server.

A database and not only a schema: names of channels (NOTIFY), advisory locks, large objects, temporary tables and the
catalogs of a schema's neighbours are shared within a database. The role is nobody (no superuser, makes no roles and no
databases), may connect to its own database alone, and every PUBLIC right to connect elsewhere is taken away. It owns
the schema ``public`` and may make others and trusted extensions; the database itself stays the admin's, so that it
cannot be opened to others. The role's password is derived from the master key and kept nowhere.

What a plugin wrote is a stranger's: the admin connects to a plugin's database once, when it is new and empty. Whatever
reads or writes its content later (`registry.host.pgdump`) does it as the plugin's own role.

The admin's connection must be a superuser's: only such a one may set what a role cannot undo.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import structlog
from psycopg import conninfo, sql

from registry.config import Settings
from registry.core import stage
from registry.core.pgwire import DRILL, role_name
from registry.core.postgresql import PostgresError, binaries, libpq_url
from registry.core.secrets import Vault, open_vault

CONNECTIONS = 10
CONNECT_SECONDS = 5
INSIDE = "/run/lumbung"
SYSTEM = ("postgres", "template1")

SETTINGS = {
    "temp_file_limit": "512MB",
    "statement_timeout": "60s",
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    "log_min_messages": "panic",
    "log_min_error_statement": "panic",
}
"""Of each plugin's role. It may change the timeouts for itself, so `registry.host.pgwatch` holds them too. Nothing it
sends goes into the server's log, which it could fill and which is no place for what citizens wrote.
"""

logger = structlog.get_logger("lumbung.host")

Connection = psycopg.Connection[tuple[object, ...]]


class StoreError(OSError):
    """The database of a plugin could not be made, copied or put back; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(errno.EIO, message)


@dataclass(frozen=True)
class Server:
    """The server, by its admin. ``host`` is where programs run by a lesser user find it."""

    admin: str = field(repr=False)
    registry: str = field(repr=False)
    host: str
    programs: Path
    vault: Vault = field(repr=False)
    copying: set[str] = field(default_factory=set, compare=False)
    """Roles that the host itself uses now: theirs are the only sessions, and may take their time."""

    def of(self, deployment: int) -> Database:
        return Database(self, deployment)

    @contextmanager
    def connected(self, database: str | None = None) -> Iterator[Connection]:
        """As the admin; statements commit one by one. Raises psycopg.OperationalError when the server is away, else
        StoreError.
        """
        try:
            with psycopg.connect(
                self.admin, autocommit=True, connect_timeout=CONNECT_SECONDS, dbname=database
            ) as connection:
                yield connection
        except psycopg.OperationalError:
            raise
        except psycopg.Error as error:
            raise StoreError(f"PostgreSQL: {str(error).strip()}") from error

    def shut_doors(self) -> None:
        """Nobody connects to the registry's and the server's own databases but who was allowed to by name."""
        told = conninfo.conninfo_to_dict(self.registry)
        own, user = str(told.get("dbname")), str(told.get("user"))
        with self.connected() as connection:
            connection.execute(sql.SQL("grant connect on database {} to {}").format(*map(sql.Identifier, (own, user))))
            for database in (own, *SYSTEM):
                connection.execute(
                    sql.SQL("revoke connect, temporary on database {} from public").format(sql.Identifier(database))
                )


@dataclass(frozen=True)
class Database:
    """Of one deployment. Its changes are only to be made while nothing of the deployment runs."""

    server: Server
    deployment: int

    @property
    def name(self) -> str:
        """Of the database and of its role."""
        return role_name(self.deployment)

    @property
    def password(self) -> str:
        return self.server.vault.derive(f"postgresql:{self.deployment}")

    def exists(self) -> bool:
        with self.server.connected() as connection:
            return _has(connection, self.name)

    def provide(self) -> None:
        """Make role and database where they are missing, and the role what it should be where it is not."""
        self.server.shut_doors()
        with self.server.connected() as connection:
            self._role(connection)
            if not _has(connection, self.name):
                self._make(connection, self.name)

    def replace(self, made: str) -> None:
        """Put the database ``made`` into the place of this one, in one step; the one before is gone."""
        old = f"{self.name}_old"
        with self.server.connected() as connection:
            _end_sessions(connection, self.name, made)
            _drop(connection, old)
            with connection.transaction():
                if _has(connection, self.name):
                    connection.execute(_rename(self.name, old))
                connection.execute(_rename(made, self.name))
            _drop(connection, old)

    def fresh(self, word: str) -> str:
        """A new, empty database of the same role beside this one, in place of an older one; returns its name."""
        name = f"{self.name}{word}"
        with self.server.connected() as connection:
            self._role(connection)
            _drop(connection, name)
            self._make(connection, name)
        return name

    def size(self) -> int:
        """Bytes on the server's disk; 0 when there is none."""
        with self.server.connected() as connection:
            size = "select coalesce(sum(pg_database_size(oid)), 0)::bigint from pg_database where datname = %s"
            row = connection.execute(size, (self.name,)).fetchone()
        return int(str(row[0])) if row else 0

    def settle(self) -> None:
        """Remove what a kill left over."""
        with self.server.connected() as connection:
            for word in ("_new", "_old", DRILL):
                _drop(connection, f"{self.name}{word}")

    def ready_to_copy(self) -> None:
        """No session but the next one changes anything; the password is ours, whatever the plugin made of it."""
        with self.server.connected() as connection:
            self._role(connection)
            _end_sessions(connection, self.name)

    def drop(self) -> None:
        """For good, the data with it; the role too."""
        with self.server.connected() as connection:
            for word in ("", "_new", "_old", DRILL):
                _drop(connection, f"{self.name}{word}")
            if _role_exists(connection, self.name):
                connection.execute(sql.SQL("drop role {}").format(sql.Identifier(self.name)))

    def empty(self) -> None:
        """No database, until `provide` makes one."""
        with self.server.connected() as connection:
            for word in ("", "_new", "_old"):
                _drop(connection, f"{self.name}{word}")

    def _role(self, connection: Connection) -> None:
        role, verb = sql.Identifier(self.name), "alter" if _role_exists(connection, self.name) else "create"
        connection.execute(
            sql.SQL(
                "{} role {} login nosuperuser nocreatedb nocreaterole noinherit noreplication nobypassrls"
                " connection limit {} password {} valid until 'infinity'"
            ).format(sql.SQL(verb), role, sql.Literal(CONNECTIONS), sql.Literal(self.password))
        )
        connection.execute(sql.SQL("alter role {} reset all").format(role))
        for name, value in SETTINGS.items():
            setting = sql.SQL("alter role {} set {} = {}")
            connection.execute(setting.format(role, sql.Identifier(name), sql.Literal(value)))

    def _make(self, connection: Connection, name: str) -> None:
        """Nobody gets in between its making and its rights."""
        database, role = sql.Identifier(name), sql.Identifier(self.name)
        connection.execute(
            sql.SQL(
                "create database {} template template0 encoding 'UTF8' allow_connections false connection limit {}"
            ).format(database, sql.Literal(CONNECTIONS))
        )
        connection.execute(sql.SQL("revoke all on database {} from public").format(database))
        connection.execute(sql.SQL("grant connect, temporary, create on database {} to {}").format(database, role))
        connection.execute(sql.SQL("alter database {} allow_connections true").format(database))
        with self.server.connected(name) as inside:
            inside.execute(sql.SQL("alter schema public owner to {}").format(role))
            inside.execute("revoke all on schema public from public")


def server(settings: Settings) -> Server | None:
    """None without `Settings.admin_url`, or without PostgreSQL's programs here. To be called in the main thread."""
    if not settings.admin_url:
        return None
    try:
        programs = binaries()
    except PostgresError as error:
        logger.warning("plugins cannot have a database", error=str(error))
        return None
    admin = libpq_url(settings.admin_url)
    registry = libpq_url(settings.database_url)
    host = str(conninfo.conninfo_to_dict(admin).get("host") or "/var/run/postgresql")
    reached = str(stage.reach(Path(host))) if host.startswith("/") else host
    return Server(admin, registry, reached, programs, open_vault(settings.secrets))


def url(vault: Vault, deployment: int, database: str | None = None) -> str:
    """What a plugin is told: its own role and database, by the socket in its own folder."""
    name = role_name(deployment)
    return f"postgresql://{name}:{vault.derive(f'postgresql:{deployment}')}@/{database or name}?host={INSIDE}"


def _has(connection: Connection, name: str) -> bool:
    return connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is not None


def _role_exists(connection: Connection, name: str) -> bool:
    return connection.execute("select 1 from pg_roles where rolname = %s", (name,)).fetchone() is not None


def _drop(connection: Connection, name: str) -> None:
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _rename(before: str, after: str) -> sql.Composed:
    return sql.SQL("alter database {} rename to {}").format(sql.Identifier(before), sql.Identifier(after))


def _end_sessions(connection: Connection, *databases: str) -> None:
    """Waits until they are gone, a few seconds at most."""
    ended = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = any(%s)"
    connection.execute(ended, (list(databases),))
