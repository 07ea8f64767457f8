"""Webhooks in the console and the API: the secret once, the deliveries always, each city its own."""

from __future__ import annotations

import html
import re
import subprocess
import sys

import pytest

from registry.accounts import service as accounts
from registry.catalog.open_data.webhooks import service
from registry.catalog.open_data.webhooks.models import Webhook
from registry.config import REPOSITORY
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.models import City, Membership

URL = "https://hooks.example/lumbung"
NEW = {"url": URL, "note": "Portal kota", "events": ["release.published", "release.yanked"]}


@pytest.fixture(autouse=True)
def names(monkeypatch):
    monkeypatch.setattr("registry.core.outgoing.resolve", lambda _host, _port: ["93.184.216.34"])


@pytest.fixture
def people(app, clean):
    """Who works where: an admin of Bontang, an auditor there, a maintainer. Each request has a session of its own."""
    with app.app_context(), unit_of_work() as session:
        bontang = City(code="64.74", slug="bontang", name="Kota Bontang", province="Kalimantan Timur", state="admitted")
        bandung = City(code="32.73", slug="bandung", name="Kota Bandung", province="Jawa Barat", publisher=True,
                       state="admitted")  # fmt: skip
        session.add_all([bontang, bandung])
        return {role: _person(session, city, role)
                for city, role in ((bontang, "admin"), (bontang, "auditor"), (bandung, "maintainer"))}  # fmt: skip


def _person(session, city, role) -> tuple[str, str]:
    """What their browser and what their program shows."""
    user = accounts.make_user(f"{role}@city.example", f"{role} (demo)", "a long demo password")
    session.flush()
    session.add(Membership(city_id=city.id, user_id=user.id, role=role))
    return user.get_id(), accounts.create_token(user, "test")[1]


@pytest.fixture
def visit(app, people):
    """A browser signed in as one of them."""

    def sign_in(role: str):
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = people[role][0], True
        return browser

    return sign_in


@pytest.fixture
def ask(app, people):
    """A program with the token of one of them."""

    def call(role: str, method: str, path: str, **given):
        headers = {"Authorization": f"Bearer {people[role][1]}"}
        return app.test_client().open(f"/api/v1/webhooks/{path}", method=method, headers=headers, **given)

    return call


def register(browser) -> str:
    """The address of a new webhook's page."""
    shown = browser.post("/console/bontang/webhooks", data=NEW)
    return re.search(r"/console/bontang/webhooks/\d+", shown.text)[0]


def test_the_secret_is_shown_once(visit):
    browser = visit("admin")
    shown = browser.post("/console/bontang/webhooks", data=NEW)
    assert shown.status_code == 201 and re.search(r"whsec_[A-Za-z0-9+/=]{44}", shown.text)
    place = re.search(r"/console/bontang/webhooks/\d+", shown.text)[0]
    assert "whsec_" not in re.sub(r"<pre.*?</pre>", "", browser.get(place).text, flags=re.S)
    assert "Portal kota" in browser.get("/console/bontang/webhooks").text


def test_a_form_that_is_wrong_says_where(visit):
    answer = visit("admin").post("/console/bontang/webhooks", data={**NEW, "url": "http://hooks.example/"})
    assert answer.status_code == 422 and "https://" in answer.text and 'aria-invalid="true"' in answer.text
    none = visit("admin").post("/console/bontang/webhooks", data={**NEW, "events": []})
    assert none.status_code == 422


def test_a_trial_is_seen_among_the_deliveries(visit):
    browser = visit("admin")
    page = browser.post(f"{register(browser)}/ping", follow_redirects=True)
    assert "ping" in page.text and page.status_code == 200


def test_it_can_be_changed_switched_off_and_removed(visit):
    browser = visit("admin")
    place = register(browser)
    browser.post(place, data={"note": "Lain", "events": ["app.published"]})
    assert "Lain" in browser.get(place).text and f"{place}/ping" in browser.get(place).text
    browser.post(f"{place}/off")
    assert f"{place}/ping" not in browser.get(place).text and f"{place}/on" in browser.get(place).text
    assert browser.post(f"{place}/remove").status_code == 303
    assert browser.get(place).status_code == 404


def test_an_auditor_sees_and_changes_nothing(visit):
    place, auditor = register(visit("admin")), visit("auditor")
    assert auditor.get(place).status_code == 200
    for path in (
        "/console/bontang/webhooks",
        place,
        *(f"{place}/{act}" for act in ("off", "ping", "secret", "remove")),
    ):
        assert auditor.post(path, data=NEW).status_code == 403


def test_another_city_does_not_exist_for_a_stranger(visit):
    place = register(visit("admin"))
    assert visit("maintainer").get(place).status_code == 404
    assert visit("admin").get("/console/bandung/webhooks").status_code == 404


def test_maintainers_have_the_programmes_own(visit):
    browser = visit("maintainer")
    assert browser.get("/programme/webhooks").headers["Location"] == "/console/bandung/webhooks"
    assert browser.post("/console/bandung/webhooks", data=NEW).status_code == 201


def test_the_api_does_all_the_console_does(ask):
    made = ask("admin", "POST", "bontang", json=NEW)
    assert made.status_code == 201 and made.json["secret"].startswith("whsec_")
    path = f"bontang/{made.json['id']}"
    assert "secret" not in ask("admin", "GET", path).json
    assert ask("admin", "PATCH", path, json={"events": ["app.published"]}).json["events"] == ["app.published"]
    sent = ask("admin", "POST", f"{path}/ping")
    assert sent.status_code == 202 and sent.json["state"] == "queued"
    (delivery,) = ask("admin", "GET", f"{path}/deliveries").json["items"]
    assert delivery["id"] == sent.json["id"] and delivery["event"] == "ping"
    assert ask("admin", "POST", f"{path}/deliveries/{delivery['id']}/again").status_code == 202
    assert ask("admin", "POST", f"{path}/secret").json["secret"] != made.json["secret"]
    assert ask("admin", "PATCH", path, json={"enabled": False}).json["off_reason"] == "person"
    assert ask("admin", "POST", f"{path}/ping").status_code == 409
    assert ask("auditor", "DELETE", path).status_code == 403
    assert ask("admin", "DELETE", path).status_code == 204
    assert ask("admin", "GET", "bontang").json == {"items": []}


@pytest.mark.parametrize(
    "wrong", [{"url": ""}, {"events": ["x"]}, {"events": []}, {"note": "x" * 121}, {"secret": "mine"}]
)
def test_the_api_refuses_what_is_wrong(ask, wrong):
    assert ask("admin", "POST", "bontang", json={**NEW, **wrong}).status_code == 422


def test_a_number_too_large_is_not_found(ask):
    assert ask("admin", "GET", f"bontang/{2**70}").status_code == 404


def test_the_check_the_page_shows_accepts_us_and_nobody_else(visit, app, tmp_path):
    page = visit("admin").post("/console/bontang/webhooks", data=NEW).text
    code = html.unescape(re.findall(r"<pre[^>]*><code>(import.*?)</code>", page, re.S)[0])
    secret = re.search(r"whsec_[A-Za-z0-9+/=]{44}", page)[0]
    with app.app_context():
        scope.enter_programme()
        assert service.secrets_of(db.session.query(Webhook).one()) == [secret]
    trial = tmp_path / "trial.py"
    trial.write_text(f"""{code}
import sys
sys.path[:0] = [{str(sys.path[0])!r}, "."]
from registry.catalog.open_data.webhooks.rules import signature
now, body = int(time.time()), b'{{"type": "ping"}}'
def headers(moment, signed=body):
    return {{"webhook-id": "m", "webhook-timestamp": str(moment),
            "webhook-signature": "v1,AAAA " + signature([{secret!r}], "m", moment, signed)}}
assert is_lumbung({secret!r}, headers(now), body)
assert not is_lumbung({secret!r}, headers(now), body + b" ")
assert not is_lumbung({secret!r}, headers(now - 301), body), "too old"
assert not is_lumbung("whsec_" + base64.b64encode(b"other").decode(), headers(now), body)
""")
    subprocess.run([sys.executable, trial], check=True, timeout=30)


def test_the_documentation_shows_the_same_check():
    shown = REPOSITORY / "registry" / "catalog" / "templates" / "catalog" / "webhook_check.txt"
    assert shown.read_text() in (REPOSITORY / "docs" / "open-data.md").read_text()
