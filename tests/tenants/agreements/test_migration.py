"""What was agreed before there were objects for it is still agreed, and has a history; and all of it goes back."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from registry.operate import database
from registry.operate.postgres import DATABASE, OWNER

BEFORE = "20261128_joining"
OLD = """
insert into cities (id, code, slug, name, province, timezone, locale, color, logo, publisher, demo, state, state_reason,
                    contact_name, contact_office, created_at)
values (7, '64.74', 'bontang', 'Kota Bontang', 'Kalimantan Timur', 'Asia/Makassar', 'id', '#0b5c4a', '', false, false,
        'admitted', '', '', '', now());
select set_config('app.programme', 'on', false);
insert into agreements (tenant_id, kind, number, state, starts_on, ends_on, publisher_signatory, partner_signatory,
                        publisher_signed_on, partner_signed_on, allows_variants, reason, created_at, updated_at)
values (7, 'pks', '1', 'active', '2026-01-01', '2028-01-01', 'Kepala A', 'Kepala B', '2025-12-02', '2025-12-01', false,
        '', '2025-11-01', now());
"""


@pytest.fixture
def old(settings, cluster):
    """A database of before, with one PKS in it."""
    with psycopg.connect(cluster.super_url(), autocommit=True) as connection:
        connection.execute(f"create database agreeing owner {OWNER}")
        yield replace(settings, owner_url=settings.owner_url.replace(f"/{DATABASE}?", "/agreeing?"))
        connection.execute("drop database agreeing with (force)")


def rows(settings, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(settings.owner_url) as connection:
        connection.execute("select set_config('app.programme', 'on', false)")
        return connection.execute(query).fetchall()


def test_old_agreements_keep_their_meaning_both_ways(old):
    database.upgrade(old)
    database.downgrade(old, BEFORE)
    with psycopg.connect(old.owner_url) as connection:
        connection.execute(OLD)
    database.upgrade(old)
    said = "scope_apps, allows_variants, allows_commercial, requires_attribution, assistance, relation, version"
    assert rows(old, f"select {said} from agreements") == [(None, False, False, True, "installation", "", 1)]
    assert [act for (act,) in rows(old, "select act from agreement_events order by id")] == ["draft", "sign", "sign"]
    assert rows(old, "select step from agreement_reminders") == [("begun",)], "nobody is told of it again"
    database.downgrade(old, BEFORE)
    assert rows(old, "select number, allows_variants from agreements") == [("1", False)]
