"""A real plugin that keeps its data in PostgreSQL, through everything a host does to it: plain WSGI with psycopg."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from registry.config import Settings
from registry.host import pgdump, postgres
from registry.host.holdings import DOOR

from .house import Deployment, House, get, post
from .support import until

NOTES = """
import os
import psycopg

def connect():
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

def migrate():
    with connect() as connection:
        connection.execute("create table if not exists notes (id serial primary key, word text)")
        MIGRATION

def application(environ, start_response):
    with connect() as connection:
        if environ["REQUEST_METHOD"] == "POST":
            connection.execute("insert into notes (word) values ('VERSION')")
        words = [word for (word,) in connection.execute("select word from notes order by id")]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [" ".join(["VERSION", *words]).encode()]
"""
CONFIG = {"migrate": "app:migrate", "store": "postgresql"}


def notes(version: str, migration: str = "pass") -> str:
    return NOTES.replace("VERSION", version).replace("MIGRATION", migration)


@pytest.fixture
def house(house: House, cluster: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A host that may make databases."""
    monkeypatch.setenv("DATABASE_ADMIN_URL", cluster.format("postgres"))
    os.chmod(cluster.partition("host=")[2], 0o711)  # as the embedded server's
    house.start()
    yield house
    with psycopg.connect(cluster.format("postgres"), autocommit=True) as connection:
        made = connection.execute("select datname from pg_database where datname ~ '^plugin_[0-9]+'").fetchall()
        for (name,) in made:
            connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def lapor(house: House, cluster: str) -> Deployment:
    """Deployed, with one note."""
    deployment = house.deployment()
    open_door(house, cluster, deployment)
    switch(house, deployment, notes("satu"))
    assert post(deployment).text == "satu satu"
    return deployment


def open_door(house: House, cluster: str, deployment: Deployment) -> None:
    """As the gateway does, without its relay: the server's own socket."""
    door = house.settings.outside(deployment.id) / DOOR
    door.parent.mkdir(parents=True)
    os.link(Path(cluster.partition("host=")[2]) / DOOR, door)


def switch(house: House, deployment: Deployment, source: str, expected: str = "committed", **manifest: Any) -> int:
    number = house.switch(deployment, house.revision(deployment, source, **{**CONFIG, **manifest}))
    assert house.settled(number) == expected, house.row("select * from switches where id = %s", number)
    until(deployment.place.exists)
    return number


def content(house: House, cluster: str, deployment: Deployment) -> str:
    """All there is, as SQL text."""
    given = Settings(data=house.settings.data, database_url=cluster.format("x"), admin_url=cluster.format("postgres"))
    server = postgres.server(given)
    assert server is not None
    own = server.of(deployment.id)
    done = subprocess.run(
        [server.programs / "pg_dump", "--no-owner", own.name], env=pgdump._environment(own), check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return "\n".join(line for line in done.stdout.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))


def test_a_failing_migration_leaves_the_database_byte_for_byte(house: House, lapor: Deployment, cluster: str) -> None:
    before = content(house, cluster, lapor)
    spoil = "connection.execute('drop table notes'); connection.execute('create table x (a int)'); raise SystemExit(1)"
    switch(house, lapor, notes("dua", spoil), expected="reverted")
    assert content(house, cluster, lapor) == before
    assert get(lapor).text == "satu satu"


def test_an_upgrade_keeps_the_data_and_a_rollback_brings_the_old_back(house: House, lapor: Deployment) -> None:
    first = house.row("select serving_revision_id as id from deployments where id = %s", lapor.id)["id"]
    switch(house, lapor, notes("dua", "connection.execute('alter table notes add column at timestamptz')"))
    assert post(lapor).text == "dua satu dua"
    number = house.switch(lapor, first, restore=True)
    assert house.settled(number) == "committed"
    assert get(lapor).text == "satu satu"


def test_a_change_to_files_and_back_takes_the_database_along(house: House, lapor: Deployment, cluster: str) -> None:
    first = house.row("select serving_revision_id as id from deployments where id = %s", lapor.id)["id"]
    hello = "def application(e, s):\n    s('200 OK', [])\n    return [b'files']\n"
    switch(house, lapor, hello, store="sqlite", migrate=None)
    assert get(lapor).text == "files"
    assert house.settled(house.switch(lapor, first, restore=True)) == "committed"
    assert get(lapor).text == "satu satu"


def test_another_plugin_reaches_nothing_of_it(house: House, lapor: Deployment, cluster: str) -> None:
    spy = house.deployment("mata", "tegal")
    open_door(house, cluster, spy)
    source = f"""
import os
import psycopg
URL = os.environ["DATABASE_URL"]

def application(environ, start_response):
    said = []
    for mine, theirs in (("@/plugin_{spy.id}", "@/plugin_{lapor.id}"), ("plugin_{spy.id}", "plugin_{lapor.id}")):
        try:
            with psycopg.connect(URL.replace(mine, theirs)) as connection:
                said += [str(row) for row in connection.execute("select * from notes")]
        except psycopg.Error as error:
            said.append(type(error).__name__)
    start_response("200 OK", [])
    return [" ".join(said).encode()]
"""
    switch(house, spy, source, migrate=None)
    assert get(spy).text == "OperationalError OperationalError"


def test_a_drill_runs_on_a_copy_of_the_database(house: House, lapor: Deployment, cluster: str) -> None:
    done = errand(house, lapor, "copy", folder="copies/1")
    assert done["state"] == "done", done
    post(lapor)
    (lapor.paths.home / "copies" / "1").rename(lapor.paths.home / "incoming" / "1")
    (lapor.paths.home / "copies" / "1.pgdump").rename(lapor.paths.home / "incoming" / "1.pgdump")
    serving = house.row("select serving_revision_id as id from deployments where id = %s", lapor.id)["id"]
    drilled = errand(house, lapor, "drill", folder="incoming/1", revision=serving)
    assert (drilled["state"], drilled["result"]["healthy"], drilled["result"]["integrity"]) == ("done", True, "ok")
    assert get(lapor).text == "satu satu satu"
    (lapor.paths.home / "incoming" / "1.pgdump").write_bytes(b"PGDMP" + b"x" * 99)
    spoilt = errand(house, lapor, "drill", folder="incoming/1", revision=serving)
    assert "pg_restore" in spoilt["result"]["integrity"]
    assert get(lapor).text == "satu satu satu"


def errand(house: House, deployment: Deployment, kind: str, **argument: object) -> dict[str, Any]:
    row = "insert into errands (tenant_id, deployment_id, kind, argument) values (%s, %s, %s, %s) returning id"
    made = house.row(row, house.city(deployment.city), deployment.id, kind, Jsonb(argument))["id"]
    house.tell("select 1")
    ended = "select * from errands where id = %s and state in ('done', 'failed')"
    return until(lambda: house._db.execute(ended, (made,)).fetchone(), 60)


def test_purged_it_is_gone(house: House, lapor: Deployment, cluster: str) -> None:
    house.tell("update deployments set enabled = false where id = %s", lapor.id)
    until(lambda: not lapor.place.exists())
    assert errand(house, lapor, "purge")["state"] == "done"
    with psycopg.connect(cluster.format("postgres")) as connection:
        left = "select 1 from pg_database where datname like %s union select 1 from pg_roles where rolname = %s"
        assert connection.execute(left, (f"plugin_{lapor.id}%", f"plugin_{lapor.id}")).fetchone() is None


def test_where_no_database_can_be_had_the_change_is_refused_in_words(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.stop()
    monkeypatch.delenv("DATABASE_ADMIN_URL")
    house.start()
    deployment = house.deployment()
    number = house.switch(deployment, house.revision(deployment, notes("satu"), **CONFIG))
    assert house.settled(number) == "reverted"
    assert "DATABASE_ADMIN_URL" in house.row("select reason from switches where id = %s", number)["reason"]
