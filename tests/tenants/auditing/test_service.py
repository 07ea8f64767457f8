"""Against a real database: what its owner can do to the log, the chain tells."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from registry.core import audit, clock, scope
from registry.core.uow import unit_of_work
from registry.tenants.auditing import chain, service
from registry.tenants.auditing.jobs import tie
from registry.tenants.service import find_city


@pytest.fixture
def log(app, world):
    """In the programme's scope: every act of `world` is tied, three more in Bontang. Answers with Bontang's id."""
    with app.app_context():
        scope.enter_programme()
        bontang = find_city("bontang").id
        for subject in ("lapor", "antrian", "simtaru"):
            with unit_of_work():
                audit.record("deployment.on", subject, tenant_id=bontang)
        tie()
        yield bontang


@pytest.fixture
def owner(settings):
    """Who owns the database can do what nobody else can: switch the guard off."""

    @contextmanager
    def acting():
        engine = create_engine(settings.owner_url)
        with engine.begin() as connection:
            for table in ("audit_entries", "audit_links"):
                connection.exec_driver_sql(f"alter table {table} no force row level security")
                connection.exec_driver_sql(f"alter table {table} disable trigger append_only")
            yield connection
            for table in ("audit_entries", "audit_links"):
                connection.exec_driver_sql(f"alter table {table} enable trigger append_only")
                connection.exec_driver_sql(f"alter table {table} force row level security")
        engine.dispose()

    return acting


def test_every_act_has_a_place_in_the_chain_of_its_city(log):
    assert service.check(log).number >= 3
    assert service.late(log) == 0
    assert {None, log} <= set(service.tenants())
    assert service.check_all().fault == ""


def test_tying_twice_ties_nothing_twice(log):
    before = service.head(log)
    assert tie() == tie(everything=True) == 0
    assert service.head(log) == before


def test_an_export_is_verified_without_the_database(log):
    lines = list(service.lines(log))
    assert chain.whole(lines) == service.head(log)
    assert '"subject":"simtaru"' in lines[-1]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("update audit_entries set subject = 'kanal' where subject = 'antrian'", "was changed: deployment.on kanal"),
        ("update audit_entries set detail = '{\"x\": 1}' where subject = 'antrian'", "was changed"),
        ("delete from audit_links using audit_entries e where e.id = entry_id and e.subject = 'antrian'", "is gone"),
        ("update audit_entries set tenant_id = null where subject = 'antrian'", "moved to another city"),
    ],
)  # fmt: skip
def test_what_the_owner_of_the_database_changes_is_found(log, owner, statement, told):
    with owner() as connection:
        assert connection.execute(text(statement)).rowcount == 1
    with unit_of_work():
        assert told in service.check_all().fault


def test_an_act_that_was_never_tied_is_told_after_an_hour(log, monkeypatch):
    with unit_of_work():
        audit.record("deployment.off", "lapor", tenant_id=log)
    assert service.late(log) == 0
    monkeypatch.setattr(service, "now", lambda: clock.now() + timedelta(hours=2))
    assert service.late(log) == 1
    with unit_of_work():
        assert "not tied" in service.check_all().fault


def test_two_workers_never_give_one_place_twice(app, log):
    for number in range(6):
        with unit_of_work():
            audit.record("deployment.off", str(number), tenant_id=log)
    waiting = service.head(log).number
    with unit_of_work():
        assert service.link() == 6
        with app.app_context():
            scope.enter_programme()
            assert service.head(log).number == waiting, "not committed, so nobody else counts on it"
    assert service.check(log).number == waiting + 6
