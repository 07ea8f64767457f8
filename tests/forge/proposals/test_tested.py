"""What brings tests is merged when they have passed for the very tree that comes of it; the host is played here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.catalog.trust.models import Proving
from registry.core.clock import now
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge.proposals import rules
from registry.hosting.models import Host
from tests.forge.proposals.conftest import Table
from tests.forge.proposals.test_api import bearer


@pytest.fixture
def host(table: Table) -> Iterator[None]:
    """One was heard a moment ago."""
    with table.house.app.app_context(), unit_of_work() as session:
        session.add(Host(name="host", beat_at=now(), pid=1, facts={}))
    yield
    with table.house.app.app_context(), unit_of_work() as session:
        session.delete(session.get(Host, "host"))


@pytest.fixture
def place(table: Table) -> str:
    """Bontang's proposal, with a test."""
    table.house.change({"tests/test_lapor.py": "def test_lapor():\n    assert True\n"})
    return f"/apps/lapor/proposals/{table.offer()}"


def end(table: Table, state: str, **found: object) -> None:
    """What the host writes of the run that is open."""
    with table.house.app.app_context(), unit_of_work() as session:
        [run] = session.scalars(select(Proving).where(Proving.finished_at.is_(None)))
        for name, value in {"state": state, "finished_at": now(), "seconds": 2.0, **found}.items():
            setattr(run, name, value)


def decide(table: Table, client: FlaskClient, place: str, **more: str):
    head = table.now(int(place.rpartition("/")[2])).head
    return client.post(f"{place}/decide", data={"act": "merge", "head": head, **more})


def test_it_is_merged_when_its_tests_have_passed_and_not_before(table, host, place):
    client = table.client("a@example.id")
    refused = decide(table, client, place)
    assert refused.status_code == 409 and "run them in the sandbox first" in refused.text
    assert f'action="{place}/tests"' in refused.text and 'name="untested"' not in refused.text
    assert client.post(f"{place}/tests").status_code == 303
    assert "wait until they have passed" in decide(table, client, place).text
    end(table, "passed", passed=1)
    assert "1 passed" in client.get(place).text
    assert decide(table, client, place).status_code == 303
    assert "Merged on" in client.get(place).text


def test_tests_that_failed_keep_it_out_until_they_pass(table, host, place):
    client = table.client("a@example.id")
    client.post(f"{place}/tests")
    end(table, "failed", failed=1, failures=["tests/test_lapor.py::test_lapor"])
    for given in ({}, {"untested": "1"}):
        refused = decide(table, client, place, **given)
        assert refused.status_code == 409 and "Its own tests failed in the sandbox" in refused.text
    assert "Run its tests again" in refused.text and "test_lapor" in client.get(f"{place}/checks").text
    client.post(f"{place}/tests")
    end(table, "passed", passed=1)
    assert decide(table, client, place).status_code == 303


def test_either_side_has_them_run_and_nobody_else(table, host, place):
    assert table.client("c@example.id").post(f"{place}/tests").status_code in (403, 404)
    assert table.client("b@example.id").post(f"{place}/tests").status_code == 303
    with table.house.app.app_context():
        assert db.session.scalar(select(Proving.state)) == "wanted"


def test_what_the_city_pushed_since_must_be_tested_anew(table, host, place):
    client = table.client("a@example.id")
    client.post(f"{place}/tests")
    end(table, "passed", passed=1)
    table.house.change({"more.md": "more\n"})
    assert "run them in the sandbox first" in decide(table, client, place).text


def test_without_a_host_a_maintainer_merges_untested_when_he_says_so_and_everybody_reads_it(table, place):
    client = table.client("a@example.id")
    refused = decide(table, client, place)
    assert refused.status_code == 409 and 'name="untested"' in refused.text
    assert decide(table, client, place, untested="1").status_code == 303
    assert "merged untested" in table.client().get(place).text


def test_programs_are_told_why_by_a_code(table, place):
    number, client = int(place.rpartition("/")[2]), table.house.app.test_client()
    asked = {"act": "merge", "head": table.now(number).head}
    address, maintainer = f"/api/v1{place}/decision", bearer(table, "a@example.id")
    refused = client.post(address, json=asked, headers=maintainer)
    assert (refused.status_code, refused.json["code"]) == (409, rules.UNCONFIRMED)
    assert client.post(address, json=asked | {"untested": True}, headers=maintainer).json["state"] == "merged"
