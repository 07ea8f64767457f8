"""Cities that run what was withdrawn, or is being retired, are written to and warned until they run something else."""

from __future__ import annotations

import email
import email.policy

import pytest
from sqlalchemy import update

from registry.accounts import service as accounts
from registry.catalog import service as catalog
from registry.catalog.models import App
from registry.catalog.trust import maintenance
from registry.core import jobs, scope
from registry.core.db import db
from registry.core.secrets import open_vault
from registry.core.uow import unit_of_work
from registry.hosting import jobs as work
from registry.hosting import withdrawn
from registry.hosting.models import Revision
from tests.hosting.conftest import find
from tests.hosting.serving import plugin

REASON = "Laporan hilang saat basis data penuh."


@pytest.fixture
def papan(world, app):
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        plugin(city)


def queued(task: str) -> list[dict]:
    rows = db.session.connection().exec_driver_sql(
        "select args from procrastinate_jobs where task_name = %s order by id", (task,)
    )
    return [row[0] for row in rows]


def act(app, work_) -> None:
    """As a maintainer does, then the worker."""
    with app.app_context(), app.test_request_context():
        scope.enter_programme()
        with unit_of_work():
            work_(catalog.get_app("papan"))


def letters(app, monkeypatch) -> list[tuple[str, str, str]]:
    """To, subject and text of what is told, in order."""
    monkeypatch.setattr(jobs, "application", app)
    with app.app_context():
        told = queued("hosting.tell_withdrawn")
    for arguments in told:
        work.tell_withdrawn(**arguments)
    with app.app_context():
        vault = open_vault(app.extensions["lumbung"].secrets)
        sealed = [vault.open(one["sealed"].encode()) for one in queued("core.mail")]
    read = [email.message_from_string(text, policy=email.policy.default) for text in sealed]
    return [(one["To"], one["Subject"], one.get_body(("plain",)).get_content()) for one in read]


def serve(app, version: str) -> None:
    """The plugin runs this version from now on."""
    with app.app_context():
        scope.enter_programme()
        with unit_of_work() as session:
            session.execute(update(Revision).values(version=version))


def withdraw(app, version: str = "1.0.0") -> None:
    act(app, lambda papan: catalog.yank_release(catalog.get_release(papan, version), REASON))


def notices(app) -> list[tuple[str, str]]:
    with app.app_context(), app.test_request_context(headers={"Accept-Language": "en"}):
        city = find("bontang")
        scope.enter_city(city.id)
        return [(one.title, one.advice) for one in withdrawn.notices_of(city)]


def test_the_admins_of_a_city_that_runs_a_withdrawn_release_are_written_to(papan, app, monkeypatch):
    withdraw(app)
    (letter,) = letters(app, monkeypatch)
    assert letter[0] == "admin@bontang.example" and REASON in letter[2]
    assert "/console/bontang/plugins/papan" in letter[2]


def test_nobody_is_written_to_of_a_release_no_city_runs(papan, app, monkeypatch):
    serve(app, "0.9.0")
    withdraw(app)
    assert letters(app, monkeypatch) == []
    assert notices(app) == []


def test_a_withdrawal_that_is_rolled_back_is_told_to_nobody(papan, app, monkeypatch):
    def fail(papan: App) -> None:
        catalog.yank_release(catalog.get_release(papan, "1.0.0"), REASON)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        act(app, fail)
    assert letters(app, monkeypatch) == []


def test_the_console_warns_until_something_else_runs(papan, app):
    withdraw(app)
    ((title, advice),) = notices(app)
    assert title == "papan runs Papan 1.0.0, which was withdrawn" and "ask the publisher" in advice
    serve(app, "1.1.0")
    assert notices(app) == []


def test_the_console_says_nothing_of_a_release_that_was_put_back(papan, app):
    withdraw(app)
    act(app, lambda papan: maintenance.restore_release(catalog.get_release(papan, "1.0.0")))
    assert notices(app) == []


def test_the_pages_of_the_city_and_of_the_plugin_say_it(papan, app, client):
    withdraw(app)
    with app.app_context():
        user = accounts.find_by_email("admin@bontang.example")
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user.get_id(), True
    for page in ("/console/bontang", "/console/bontang/plugins/papan", "/console/bontang/plugins"):
        assert REASON in client.get(page, follow_redirects=True).get_data(as_text=True), page


def test_who_runs_a_retired_app_is_told_of_its_successor(papan, app, monkeypatch):
    with app.app_context(), unit_of_work() as session:
        told = {"publiccode": "", "facts": {}, "maturity": "stable", "licence": "MIT"}
        session.add(App(slug="papan-baru", name="Papan Baru", publisher_id=find("bandung").id, **told))
    act(app, lambda papan: maintenance.deprecate(papan, REASON, "papan-baru"))
    ((_to, _subject, text),) = letters(app, monkeypatch)
    assert "Papan Baru" in text and REASON in text
    assert [advice for _title, advice in notices(app)] == ["Plan to move to Papan Baru, which takes its place."]
    act(app, maintenance.keep)
    assert notices(app) == []


def test_a_city_never_reads_of_anothers_plugins(papan, app):
    withdraw(app)
    with app.app_context(), app.test_request_context():
        city = find("tegal")
        scope.enter_city(city.id)
        assert withdrawn.notices_of(city) == []


def test_the_api_tells_a_citys_notices_to_its_own_people(papan, app, client):
    withdraw(app)
    with app.app_context(), unit_of_work():
        own, other = (accounts.create_token(accounts.find_by_email(f"admin@{city}.example"), "test")[1]
                      for city in ("bontang", "tegal"))  # fmt: skip
    told = client.get("/api/v1/notices?city=bontang", headers={"Authorization": f"Bearer {own}"}).json["items"]
    assert [(one["plugin"], one["kind"], one["reason"]) for one in told] == [("papan.bontang", "withdrawn", REASON)]
    answer = client.get("/api/v1/notices?city=bontang", headers={"Authorization": f"Bearer {other}"})
    assert answer.status_code == 404
