"""What the shims are told of people who signed out: their own city's, in time, and a whole file every time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from registry.config import Settings
from registry.host.signed_out import SignedOut


@dataclass(frozen=True)
class One:
    id: int
    city: str


HERE, THERE = One(1, "bontang"), One(2, "tegal")
SOMEBODY, SOMEBODY_ELSE = 11, 12


@pytest.fixture
def cursor(database: str) -> Iterator[Any]:
    with psycopg.connect(database, autocommit=True, row_factory=dict_row) as connection:
        connection.execute("insert into cities (id, slug) values (1, 'bontang'), (2, 'tegal')")
        connection.execute("insert into memberships (user_id, city_id) values (11, 1), (11, 1), (12, 1), (12, 2)")
        yield connection.cursor()


@pytest.fixture
def told(tmp_path: Path) -> SignedOut:
    settings = Settings(data=tmp_path)
    for one in (HERE, THERE):
        settings.outside(one.id).mkdir(parents=True)
    return SignedOut(settings)


def out(cursor: Any, person: int, city: int | None, ago: str = "0 s") -> None:
    cursor.execute("insert into sign_outs (user_id, city_id, at) values (%s, %s, now() - %s::interval)",
                   (person, city, ago))  # fmt: skip


def read(told: SignedOut, cursor: Any, one: One) -> dict[str, float]:
    told.agree(cursor, [HERE, THERE])
    return json.loads((told._settings.outside(one.id) / "signed-out.json").read_text())


def test_each_city_hears_of_its_own_people(told: SignedOut, cursor: Any) -> None:
    out(cursor, SOMEBODY, None)
    assert set(read(told, cursor, HERE)) == {"11"}
    assert read(told, cursor, THERE) == {}
    out(cursor, SOMEBODY_ELSE, 2)
    assert set(read(told, cursor, HERE)) == {"11"}
    assert set(read(told, cursor, THERE)) == {"12"}


def test_a_role_taken_away_is_told_though_no_role_is_left(told: SignedOut, cursor: Any) -> None:
    cursor.execute("delete from memberships where user_id = 11")
    out(cursor, SOMEBODY, 1)
    assert set(read(told, cursor, HERE)) == {"11"}


def test_the_last_moment_counts(told: SignedOut, cursor: Any) -> None:
    out(cursor, SOMEBODY, None, "2 h")
    out(cursor, SOMEBODY, 1, "1 h")
    assert read(told, cursor, HERE)["11"] == pytest.approx(time.time() - 3600, abs=30)


def test_what_is_older_than_any_token_is_not_told(told: SignedOut, cursor: Any) -> None:
    out(cursor, SOMEBODY, None, "15 h")
    assert read(told, cursor, HERE) == {}


def test_a_plugin_met_later_hears_it_too(told: SignedOut, cursor: Any) -> None:
    out(cursor, SOMEBODY_ELSE, None)
    read(told, cursor, HERE)
    later = One(3, "tegal")
    told.agree(cursor, [later])
    told._settings.outside(later.id).mkdir()
    told.agree(cursor, [later])
    assert (told._settings.outside(later.id) / "signed-out.json").read_text() != "{}"


def test_nothing_is_written_while_nothing_changes(told: SignedOut, cursor: Any) -> None:
    out(cursor, SOMEBODY, None)
    read(told, cursor, HERE)
    place = told._settings.outside(HERE.id) / "signed-out.json"
    before = place.stat().st_ino
    read(told, cursor, HERE)
    assert place.stat().st_ino == before
    assert place.stat().st_mode & 0o777 == 0o644
