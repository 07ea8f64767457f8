"""Maintainers withdraw, retire and classify what is out; with reasons, and each can be undone."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.accounts import service as accounts
from registry.catalog import service
from registry.catalog.models import App
from registry.catalog.trust import maintenance
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError
from registry.core.uow import unit_of_work
from registry.tenants.models import City, Membership

REASON = "Laporan hilang saat basis data penuh."
PLACE = "/programme/apps/antrian"
RELEASE = "/api/v1/apps/antrian/releases/1.0.0/withdrawal"


@pytest.fixture
def antrian(app: Flask, publisher: City, bundle) -> App:
    with unit_of_work():
        made = service.record_app(publisher, "antrian", bundle())
        for version in ("1.0.0", "1.1.0"):
            service.record_release(made, bundle(), version, f"v{version}", "c" * 40, "a" * 40, "d" * 64, 1, None)
    return made


def person(role: str) -> tuple[str, str]:
    """What the browser and the program of somebody in the publisher's city show."""
    with unit_of_work() as session:
        user = accounts.make_user(f"{role}@city.example", f"{role} (demo)", "a long demo password")
        session.flush()
        city = db.session.query(City).filter_by(publisher=True).one()
        session.add(Membership(city_id=city.id, user_id=user.id, role=role))
        return user.get_id(), accounts.create_token(user, "test")[1]


def browser(app: Flask, role: str) -> FlaskClient:
    client = app.test_client()
    identity = person(role)[0]
    db.session.remove()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = identity, True
    return client


def fresh() -> App:
    db.session.rollback()
    db.session.expire_all()
    return service.get_app("antrian")


def test_a_withdrawn_release_is_not_the_newest_and_can_be_put_back(antrian):
    newest = service.get_release(antrian, "1.1.0")
    with unit_of_work():
        service.yank_release(newest, REASON)
    assert service.latest_release(antrian).version == "1.0.0"
    with unit_of_work():
        maintenance.restore_release(newest)
    assert (service.latest_release(antrian).version, newest.yank_reason) == ("1.1.0", "")


def test_what_is_offered_cannot_be_put_back(antrian):
    with pytest.raises(ConflictError), unit_of_work():
        maintenance.restore_release(service.get_release(antrian, "1.0.0"))


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_retirement_says_why_in_few_words(antrian, reason):
    with pytest.raises(InvalidError), unit_of_work():
        maintenance.deprecate(antrian, reason)


@pytest.mark.parametrize("successor", ["antrian", "tidak-ada", "x" * 10_000, "../etc"])
def test_a_successor_is_another_app_of_the_catalog(antrian, successor):
    with pytest.raises(InvalidError) as refused, unit_of_work():
        maintenance.deprecate(antrian, REASON, successor)
    assert refused.value.findings[0].path == "successor"


def test_successors_never_run_in_a_circle(antrian, publisher, bundle):
    with unit_of_work():
        later = service.record_app(publisher, "antrian-baru", bundle())
        maintenance.deprecate(antrian, REASON, "antrian-baru")
    with pytest.raises(InvalidError) as refused, unit_of_work():
        maintenance.deprecate(later, REASON, "antrian")
    assert refused.value.findings[0].path == "successor"


def test_a_retired_app_stays_with_its_reason_until_it_is_kept(antrian):
    with unit_of_work():
        maintenance.deprecate(antrian, REASON)
    assert antrian.deprecated_at and antrian.deprecation == REASON
    with unit_of_work():
        maintenance.keep(antrian)
    assert (antrian.deprecated_at, antrian.deprecation) == (None, "")


def test_the_page_withdraws_and_puts_back(antrian, app):
    client = browser(app, "maintainer")
    assert client.post(f"{PLACE}/releases/1.0.0/withdraw", data={"reason": REASON}).status_code == 303
    assert service.get_release(fresh(), "1.0.0").yank_reason == REASON
    assert REASON in client.get(PLACE).get_data(as_text=True)
    client.post(f"{PLACE}/releases/1.0.0/restore")
    assert service.get_release(fresh(), "1.0.0").yanked_at is None


def test_the_page_says_what_a_withdrawal_lacks(antrian, app):
    answer = browser(app, "maintainer").post(f"{PLACE}/releases/1.0.0/withdraw", data={"reason": ""})
    assert answer.status_code == 422 and "field-error" in answer.get_data(as_text=True)
    assert service.get_release(fresh(), "1.0.0").yanked_at is None


def test_the_page_retires_and_names_what_is_wrong_with_the_successor(antrian, app):
    client = browser(app, "maintainer")
    answer = client.post(f"{PLACE}/retire", data={"why": REASON, "successor": "antrian"})
    assert answer.status_code == 422 and "is-invalid" in answer.get_data(as_text=True)
    assert client.post(f"{PLACE}/retire", data={"why": REASON}).status_code == 303
    assert fresh().deprecation == REASON
    client.post(f"{PLACE}/keep")
    assert fresh().deprecated_at is None


def test_classes_are_chosen_by_hand_and_derived_again(antrian, app):
    derived, client = list(antrian.dimensions), browser(app, "maintainer")
    client.post(f"{PLACE}/classes", data={"dimensions": ["living"]})
    assert (fresh().dimensions, fresh().classed_by_hand) == (["living"], True)
    client.post(f"{PLACE}/classes", data={})
    assert (fresh().dimensions, fresh().classed_by_hand) == (derived, False)


def test_only_maintainers_maintain(antrian, app):
    client = browser(app, "admin")
    assert client.get("/programme/apps").status_code == client.get(PLACE).status_code == 403
    assert client.post(f"{PLACE}/releases/1.0.0/withdraw", data={"reason": REASON}).status_code == 403
    assert service.get_release(fresh(), "1.0.0").yanked_at is None


def test_the_api_does_the_same(antrian, app):
    headers = {"Authorization": f"Bearer {person('maintainer')[1]}"}
    db.session.remove()
    client = app.test_client()
    told = client.put(RELEASE, json={"reason": REASON}, headers=headers)
    assert (told.status_code, told.json["reason"], bool(told.json["yanked_at"])) == (200, REASON, True)
    assert client.delete(RELEASE, headers=headers).status_code == 204
    assert client.delete(RELEASE, headers=headers).status_code == 409
    retired = client.put("/api/v1/apps/antrian/deprecation", json={"reason": REASON}, headers=headers)
    assert retired.status_code == 200 and retired.json["deprecated_at"]
    assert client.delete("/api/v1/apps/antrian/deprecation", headers=headers).status_code == 204
    classed = client.put("/api/v1/apps/antrian/classes", json={"dimensions": ["living"]}, headers=headers)
    assert classed.json == {"dimensions": ["living"], "affairs": [], "by_hand": True}
    unknown = client.put("/api/v1/apps/antrian/classes", json={"affairs": ["no"]}, headers=headers)
    assert unknown.status_code == 422


def test_the_api_refuses_strangers(antrian, app):
    assert app.test_client().put(RELEASE, json={"reason": REASON}).status_code == 401
