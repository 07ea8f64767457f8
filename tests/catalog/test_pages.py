"""The public list and an app's page."""

import pytest
from flask_babel import refresh

from registry.accounts import service as accounts
from registry.catalog import sdk, service
from registry.core import scope
from registry.core.clock import today
from registry.core.uow import unit_of_work
from registry.tenants.agreements.models import Agreement
from registry.tenants.models import Membership
from tests.catalog.conftest import PUBLICCODE


@pytest.fixture
def antrian(publisher, partner, bundle):
    with unit_of_work():
        app = service.record_app(publisher, "antrian", bundle())
        service.record_release(app, bundle(), "1.1.0", "v1.1.0", "c" * 40, "a" * 40, "d" * 64, 1234, None)
        service.note_adoption(app.id, partner.id, "1.1.0", True)
    return app


def page(client, path, language="en"):
    refresh()
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.text


def test_the_list_shows_each_app_in_the_visitors_language(antrian, client):
    assert "Online queue" in page(client, "/", "en")
    assert "Antrian Online" in page(client, "/", "id")


def test_an_empty_catalog_says_so(context, client):
    assert "The barn is still empty" in page(client, "/")


def test_a_search_without_hits_says_what_to_do(antrian, client):
    assert "No app fits" in page(client, "/?q=zeppelin")


def test_filters_live_in_the_address_and_keep_the_words(antrian, client):
    told = page(client, "/?q=antrian&maturity=stable&maturity=beta&needs=-postgresql")
    assert "/?q=antrian&amp;maturity=beta&amp;needs=-postgresql" in told  # without "stable"
    assert "/?q=antrian&amp;maturity=stable&amp;maturity=beta&amp;needs=-postgresql&amp;used=yes" in told


@pytest.mark.parametrize("query", ["page=0", "page=-5", "page=x", "page=99999999999999999999", "q=%00", "maturity=%27"])
def test_no_address_breaks_the_list(antrian, client, query):
    assert client.get(f"/?{query}").status_code == 200


def test_the_app_page_tells_all_one_needs_to_adopt_it(antrian, client):
    text = page(client, "/apps/antrian")
    for told in ("Citizens take a queue number", "Waiting-room display", "MIT", "Kota Bontang", "128 MB", "Faster."):
        assert told in text
    for way in ("/git/antrian.git", "/apps/antrian/releases/1.1.0.tar.gz", "d" * 64, "/apps/antrian/source/"):
        assert way in text


def test_a_yanked_release_says_why(antrian, client):
    with unit_of_work():
        service.yank_release(service.get_release(antrian, "1.1.0"), "loses tickets")
    assert "loses tickets" in page(client, "/apps/antrian")


@pytest.mark.parametrize("name", ["nothing", "%00", "a%00b", "%FF", "..", "x" * 300])
def test_an_app_that_is_not_there_is_404(context, client, name):
    assert client.get(f"/apps/{name}").status_code == 404


def test_the_words_of_a_publiccode_are_shown_and_never_run(publisher, client, bundle):
    hostile = PUBLICCODE.replace("Citizens take a queue number on their phone.", "'<script>alert(1)</script>'")
    hostile = hostile.replace("Numbers online", "'<img src=x onerror=alert(1)>'")
    with unit_of_work():
        service.record_app(publisher, "antrian", bundle(**{"publiccode.yml": hostile.encode()}))
    for path in ("/", "/apps/antrian"):
        assert "<script>alert" not in page(client, path) and "<img src=x" not in page(client, path)


def test_an_app_for_complaints_names_sp4n_lapor(publisher, client, bundle):
    text = PUBLICCODE.replace("appointment-scheduling", "feedback-and-reviews-management").encode()
    with unit_of_work():
        service.record_app(publisher, "lapor", bundle(**{"publiccode.yml": text}))
    assert "SP4N-LAPOR!" in page(client, "/apps/lapor")


def test_an_app_outside_the_eight_fields_has_no_notice(antrian, client):
    assert "Perpres 95/2018" not in page(client, "/apps/antrian")


@pytest.fixture
def admin(client, partner):
    with unit_of_work() as session:
        user = accounts.register("admin@bontang.example", "Admin Bontang", "a long enough password")
        session.add(Membership(city_id=partner.id, user_id=user.id, role="admin"))
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = user.get_id(), True
    return user


def test_a_visitor_is_told_how_to_join(antrian, client):
    text = page(client, "/apps/antrian")
    assert 'href="/join"' in text and "Fork for" not in text


def test_an_admin_without_an_active_pks_is_led_to_the_agreements(antrian, admin, client):
    text = page(client, "/apps/antrian?lang=en")
    assert "/console/bontang/agreements" in text and "Fork for" not in text


def test_an_admin_with_an_active_pks_may_fork(app, antrian, admin, partner, client):
    day = today().replace(month=1, day=1)
    with app.app_context(), unit_of_work() as session:
        from_now = {"starts_on": day, "ends_on": day.replace(year=day.year + 3)}
        signed = {"publisher_signed_on": day, "partner_signed_on": day}
        scope.enter_programme()
        session.add(Agreement(tenant_id=partner.id, kind="pks", state="active", **from_now, **signed))
    text = page(client, "/apps/antrian?lang=en")
    assert "Fork for Kota Bontang" in text and "/console/bontang/forks" in text


def test_an_apps_page_tells_how_to_run_it_without_lumbung(antrian, client):
    told = page(client, "/apps/antrian")
    assert f"pip install http://localhost:8000/sdk/{sdk.present().name}" in told
    assert "flask --app antrian:create_app run" in told
