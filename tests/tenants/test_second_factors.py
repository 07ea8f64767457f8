"""Whose roles need a second factor, and who resets whose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.accounts.factors import codes
from registry.accounts.factors import service as factors
from registry.accounts.notices.models import Notification
from registry.core import clock, scope
from registry.core.audit import AuditEntry
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants import rules
from registry.tenants.models import City, Membership
from registry.tenants.people import service as people
from tests.accounts.factors.conftest import SECRET, code, own_clock  # noqa: F401 a fixture
from tests.tenants.conftest import PASSWORD


@pytest.fixture
def required(app):
    before = app.extensions["lumbung"]
    app.extensions["lumbung"] = replace(before, second_factor="required")
    yield
    app.extensions["lumbung"] = before


def give_factor(app, email: str) -> None:
    with app.app_context(), unit_of_work():
        codes.add(accounts.find_by_email(email), SECRET, code())
    clock.move(timedelta(minutes=5))


def has_factor(app, email: str) -> bool:
    with app.app_context():
        return factors.has_any(accounts.find_by_email(email))


def role_of(app, email: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Membership.id).join(accounts.User).where(accounts.User.email == email)).first()


def reset(app, client, email: str, city: str = "bontang"):
    return client.post(f"/console/{city}/people/{role_of(app, email)}/reset-second-factor")


@pytest.mark.parametrize(
    ("email", "page"),
    [("maintainer@bandung.example", "/programme/"), ("admin@bontang.example", "/console/bontang/"),
     ("admin@bontang.example", "/account/tokens"), ("admin@tegal.example", "/console/tegal/")],
)  # fmt: skip
def test_who_decides_for_many_gets_nowhere_without_a_second_factor(browser, required, email, page):
    answer = browser(email).get(page)
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/account/security")


def test_nothing_is_done_on_the_way_around_either(browser, required):
    client = browser("admin@bontang.example")
    assert client.post("/console/bontang/opd", data={"name": "Dinas Baru"}).status_code == 403
    assert client.get("/account/security").status_code == 200
    assert client.post("/sign-out").status_code == 303


def test_with_the_second_step_the_door_is_open(app, client, world, required):
    give_factor(app, "admin@bontang.example")
    client.post("/sign-in", data={"email": "admin@bontang.example", "password": PASSWORD})
    assert client.post("/sign-in/second", data={"code": code()}).status_code == 303
    assert client.get("/console/bontang/").status_code == 200


@pytest.mark.parametrize("email", ["auditor@bontang.example", "operator@bontang.example"])
def test_other_roles_may_have_one_and_need_none(browser, required, email):
    assert browser(email).get("/console/").status_code in (200, 302)
    assert "/account/security" not in (browser(email).get("/console/").location or "")


def test_a_demo_citys_people_need_none(app, browser, required):
    with app.app_context(), unit_of_work():
        db.session.scalars(select(City).where(City.slug == "bontang")).one().demo = True
    assert browser("admin@bontang.example").get("/console/bontang/").status_code == 200


def test_where_it_is_only_offered_nobody_is_stopped(browser):
    assert browser("admin@bontang.example").get("/console/bontang/").status_code == 200


def test_the_last_factor_of_an_admin_stays(app, client, world, required):
    give_factor(app, "admin@bontang.example")
    client.post("/sign-in", data={"email": "admin@bontang.example", "password": PASSWORD})
    client.post("/sign-in/second", data={"code": code()})
    assert client.post("/account/security/app/remove").status_code == 409
    assert has_factor(app, "admin@bontang.example")


def test_a_program_of_an_admin_without_factor_gets_no_token_by_password(client, world, required):
    answer = client.post("/api/v1/tokens", auth=("admin@bontang.example", PASSWORD))
    assert answer.status_code == 403


def test_an_admin_resets_somebody_of_the_own_city(app, client, browser):
    give_factor(app, "operator@bontang.example")
    admin = browser("admin@bontang.example")
    assert "reset-second-factor" in admin.get("/console/bontang/people").text
    assert reset(app, admin, "operator@bontang.example").status_code == 303
    assert not has_factor(app, "operator@bontang.example")
    with app.app_context():
        scope.enter_programme()
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "factor.reset")).one()
        assert entry.actor == "admin bontang" and entry.subject == "operator@bontang.example" and entry.tenant_id
        told = db.session.scalars(select(Notification).order_by(Notification.id.desc())).first()
        assert "admin bontang" in " ".join(told.paragraphs)


def test_a_reset_ends_every_session(app, world, browser):
    give_factor(app, "operator@bontang.example")
    theirs = app.test_client()
    theirs.post("/sign-in", data={"email": "operator@bontang.example", "password": PASSWORD})
    theirs.post("/sign-in/second", data={"code": code()})
    assert theirs.get("/account").status_code == 200
    reset(app, browser("admin@bontang.example"), "operator@bontang.example")
    assert theirs.get("/account").status_code == 302


def test_an_admin_of_another_city_resets_nobody(app, browser):
    give_factor(app, "operator@bontang.example")
    assert reset(app, browser("admin@tegal.example"), "operator@bontang.example").status_code == 404
    assert reset(app, browser("admin@tegal.example"), "operator@bontang.example", "tegal").status_code == 404
    assert has_factor(app, "operator@bontang.example")


def test_giving_somebody_of_another_city_a_role_is_no_way_to_reset_them(app, browser):
    give_factor(app, "operator@bontang.example")
    with app.app_context(), unit_of_work():
        tegal = db.session.scalars(select(City).where(City.slug == "tegal")).one()
        user = accounts.find_by_email("operator@bontang.example")
        planted = people.add_member(tegal, user, rules.AUDITOR).id
    answer = browser("admin@tegal.example").post(f"/console/tegal/people/{planted}/reset-second-factor")
    assert answer.status_code == 409
    assert has_factor(app, "operator@bontang.example")


def test_a_maintainer_is_reset_by_the_operator_alone(app, browser):
    give_factor(app, "maintainer@bandung.example")
    with app.app_context(), unit_of_work():
        bandung = db.session.scalars(select(City).where(City.slug == "bandung")).one()
        people.add_member(bandung, accounts.find_by_email("auditor@bontang.example"), rules.ADMIN)
    answer = reset(app, browser("auditor@bontang.example"), "maintainer@bandung.example", "bandung")
    assert answer.status_code == 409
    assert has_factor(app, "maintainer@bandung.example")


@pytest.mark.parametrize("email", ["auditor@bontang.example", "operator@bontang.example"])
def test_no_other_role_resets_anybody(app, browser, email):
    give_factor(app, "admin@bontang.example")
    assert reset(app, browser(email), "admin@bontang.example").status_code == 403


def test_nobody_resets_the_own_factor_that_way(app, browser, client):
    give_factor(app, "admin@bontang.example")
    client.post("/sign-in", data={"email": "admin@bontang.example", "password": PASSWORD})
    client.post("/sign-in/second", data={"code": code()})
    assert reset(app, client, "admin@bontang.example").status_code == 409


@pytest.mark.parametrize(("email", "status"), [("admin@bontang.example", 204), ("admin@tegal.example", 404),
                                               ("auditor@bontang.example", 403)])  # fmt: skip
def test_a_program_resets_what_its_person_may(app, client, world, email, status):
    give_factor(app, "operator@bontang.example")
    with app.app_context(), unit_of_work():
        _token, text = accounts.create_token(accounts.find_by_email(email), "ci")
    path = f"/api/v1/cities/bontang/people/{role_of(app, 'operator@bontang.example')}/second-factor"
    assert client.delete(path, headers={"Authorization": f"Bearer {text}"}).status_code == status
    assert has_factor(app, "operator@bontang.example") is (status != 204)


def test_the_token_of_an_admin_with_a_factor_is_not_enough(app, client, world):
    for email in ("operator@bontang.example", "admin@bontang.example"):
        give_factor(app, email)
    with app.app_context(), unit_of_work():
        _token, text = accounts.create_token(accounts.find_by_email("admin@bontang.example"), "ci")
    bearer = {"Authorization": f"Bearer {text}"}
    path = f"/api/v1/cities/bontang/people/{role_of(app, 'operator@bontang.example')}/second-factor"
    assert client.delete(path, headers=bearer).status_code == 401
    assert client.delete(path, headers=bearer | {"X-One-Time-Code": code()}).status_code == 204
