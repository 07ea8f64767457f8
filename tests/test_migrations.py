"""Migrations run both ways and leave what the models say."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from alembic.script import ScriptDirectory

from registry.core import migrations
from registry.operate import database
from registry.operate.postgres import DATABASE, OWNER


@pytest.fixture
def empty(settings, cluster):
    """Another database of the same cluster, with nothing in it."""
    with psycopg.connect(cluster.super_url(), autocommit=True) as connection:
        connection.execute(f"create database migrating owner {OWNER}")
        yield replace(settings, owner_url=settings.owner_url.replace(f"/{DATABASE}?", "/migrating?"))
        connection.execute("drop database migrating with (force)")


def tables(settings) -> set[str]:
    with psycopg.connect(settings.owner_url) as connection:
        rows = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    return {name for (name,) in rows}


def test_up_down_and_up_again(empty):
    database.upgrade(empty)
    first = tables(empty)
    database.downgrade(empty, "base")
    assert tables(empty) == {"alembic_version"}
    database.upgrade(empty)
    assert tables(empty) == first


def test_the_models_are_what_the_migrations_make(empty):
    database.upgrade(empty)
    assert database.drift(empty) is None


def test_the_newest_is_read_from_the_files_as_alembic_reads_them():
    script = ScriptDirectory(str(migrations.VERSIONS.parent))
    assert migrations.newest_migration() == script.get_current_head()
