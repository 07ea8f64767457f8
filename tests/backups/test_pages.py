"""The pages about backups, as an admin uses them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.backups import restic
from registry.backups.models import Backup, BackupPolicy
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.hosting.models import Deployment
from tests.backups.conftest import serving, work_off
from tests.hosting.conftest import find

PAGE = "/console/bontang/plugins/papan/backups"


@pytest.fixture
def ready(bontang, settings) -> None:
    """A plugin that serves; the session of the fixture is put away, requests have their own."""
    serving(bontang, settings)
    db.session.remove()


def signed_in(app: Flask, who: str):
    client = app.test_client()
    with app.app_context():
        user = accounts.find_by_email(who)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user.get_id(), True
    return client


@pytest.fixture
def admin(app, ready):
    return signed_in(app, "admin@bontang.example")


def in_bontang(app: Flask, act):
    with app.app_context():
        scope.enter_city(find("bontang").id)
        return act()


def text(answer) -> str:
    assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
    return answer.get_data(as_text=True)


def test_a_plugin_without_a_backup_says_so(admin):
    shown = text(admin.get(f"{PAGE}?lang=en"))
    assert "No backup yet" in shown
    assert "On this machine only" in shown
    assert "LUMBUNG_BACKUP_REPOSITORY" in shown


def test_backing_up_now_shows_progress_and_then_the_backup(app, admin):
    assert admin.post(PAGE).status_code == 303
    assert "progress" in text(admin.get(PAGE))
    in_bontang(app, work_off)
    shown = text(admin.get(f"{PAGE}?lang=en"))
    assert "made by hand" in shown
    assert "Put back…" in shown
    assert "set aside as the snapshot of revision 1" in shown, "what will happen is said before"


def test_putting_back_leads_to_its_progress(app, admin):
    admin.post(PAGE)
    in_bontang(app, work_off)
    answer = admin.post(f"{PAGE}/1/restore")
    assert answer.status_code == 303
    assert "/jobs/" in answer.location


def test_the_policy_is_changed_and_bad_values_are_shown_beside_it(app, admin):
    good = {"every": "weekly", "hour": "3", "daily": "5", "weekly": "2", "monthly": "0", "drills": "y"}
    assert admin.post(f"{PAGE}/policy", data={**good, "hour": "99"}).status_code == 422
    assert admin.post(f"{PAGE}/policy", data=good).status_code == 303
    row = in_bontang(app, lambda: db.session.scalars(select(BackupPolicy)).one())
    assert (row.every, row.hour, row.monthly) == ("weekly", 3, 0)
    assert "every Sunday after 03.00" in text(admin.get(f"{PAGE}?lang=en"))


def test_removing_asks_for_the_name_and_can_be_undone(app, admin):
    remove = "/console/bontang/plugins/papan/remove"
    assert admin.post(remove, data={"confirm": "bukan"}).status_code == 422
    assert admin.post(remove, data={"confirm": "papan"}).status_code == 303
    overview = text(admin.get("/console/bontang/backups?lang=en"))
    assert "can be put back until" in overview
    assert "Remove for good now" in text(admin.get(f"{PAGE}?lang=en"))
    in_bontang(app, work_off)
    assert admin.post("/console/bontang/plugins/papan/put-back").status_code == 303
    assert in_bontang(app, lambda: hosting.get_deployment(find("bontang"), "papan").removed_at) is None


def test_a_copy_for_trying_says_what_it_is(app, admin, host):
    answer = admin.post("/console/bontang/plugins/papan/try", data={"ref": "main"})
    assert answer.status_code == 303
    in_bontang(app, lambda: (work_off(), host.settle()))
    shown = text(admin.get("/console/bontang/plugins/papan-coba/backups?lang=en"))
    assert "A copy of papan" in shown
    assert "Only your staff can enter" in shown
    assert "papan-coba" in text(admin.get(f"{PAGE}?lang=en"))


def test_the_overview_tells_what_is_not_backed_up(admin):
    shown = text(admin.get("/console/bontang/backups?lang=en"))
    assert "papan" in shown
    assert "none yet" in shown


def test_an_operator_sees_none_of_it(app, ready):
    operator = signed_in(app, "operator@bontang.example")
    assert operator.get(PAGE).status_code == 403
    assert operator.post(PAGE).status_code == 403


def test_another_citys_admin_finds_nothing(app, ready):
    stranger = signed_in(app, "admin@tegal.example")
    assert stranger.get(PAGE).status_code == 404
    assert stranger.post(f"{PAGE}/1/restore").status_code == 404
    assert stranger.get("/console/tegal/plugins/papan/backups").status_code == 404


def test_the_api_does_the_same(app, admin):
    with app.app_context(), unit_of_work():
        _token, secret = accounts.create_token(accounts.find_by_email("admin@bontang.example"), "test")
    bearer, client = {"Authorization": f"Bearer {secret}"}, app.test_client()
    one = "/api/v1/deployments/papan.bontang"
    assert client.post(f"{one}/backups", headers=bearer).status_code == 202
    in_bontang(app, work_off)
    (backup,) = client.get(f"{one}/backups", headers=bearer).get_json()["items"]
    assert (backup["state"], backup["revision"], backup["reason"]) == ("kept", 1, "manual")
    assert client.post(f"{one}/backups/{backup['id']}/drill", headers=bearer).status_code == 202
    assert client.post(f"{one}/backups/{backup['id']}/restore", headers=bearer).get_json()["kind"] == "restore"
    policy = {"every": "hourly", "hour": 0, "daily": 3, "weekly": 0, "monthly": 0, "drills": False}
    assert client.put(f"{one}/backup-policy", headers=bearer, json=policy).get_json() == policy
    assert client.put(f"{one}/backup-policy", headers=bearer, json={**policy, "daily": 0}).status_code == 422
    assert client.get(f"{one}/backup-policy", headers=bearer).get_json() == policy
    assert client.post(f"{one}/purge", headers=bearer, json={"confirm": "papan"}).status_code == 409
    assert client.post(f"{one}/backups/999/restore", headers=bearer).status_code == 404


def test_nothing_of_the_repositorys_password_is_shown(app, admin, monkeypatch):
    place = restic.Restic("rest:https://user:sangat-rahasia@backup.example/city", None, None)
    monkeypatch.setattr(restic, "open_repository", lambda settings: place)
    shown = text(admin.get(PAGE))
    assert "backup.example/city" in shown
    assert "sangat-rahasia" not in shown


def count_of(model) -> int:
    return len(db.session.scalars(select(model)).all())


def test_nothing_happens_by_reading(app, admin):
    for _time in range(3):
        admin.get(PAGE)
        admin.get("/console/bontang/backups")
    assert in_bontang(app, lambda: (count_of(Backup), count_of(Deployment))) == (0, 1)
