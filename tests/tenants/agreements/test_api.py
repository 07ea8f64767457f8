"""Agreements by API: what the pages do, programs do too."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from registry.accounts import service as accounts
from registry.core import clock
from registry.core.uow import unit_of_work

HOME = "/api/v1/agreements"
TERM = {"starts_on": str(clock.today()), "ends_on": str(clock.today() + timedelta(500))}


@pytest.fixture
def asked(app, world):
    """Ask as the person with this address; answers with status and JSON."""
    client = app.test_client()

    def ask(email: str, method: str, path: str, body: object = None, **given):
        with app.app_context(), unit_of_work():
            _token, text = accounts.create_token(accounts.find_by_email(email), "test")
        answer = client.open(
            HOME + path, method=method, json=body, headers={"Authorization": f"Bearer {text}"}, **given
        )
        return answer.status_code, answer.get_json(silent=True)

    return ask


ADMIN, MAINTAINER, AUDITOR = "admin@bontang.example", "maintainer@bandung.example", "auditor@bontang.example"
SIDE = "?city=bontang"


def test_from_a_draft_to_its_end(asked):
    status, made = asked(ADMIN, "POST", SIDE, {"kind": "memorandum", "number": "1", **TERM})
    assert (status, made["state"], made["partner"]["office"]) == (201, "draft", "Wali Kota Bontang")
    one = f"/{made['id']}"
    assert asked(ADMIN, "PATCH", one + SIDE, {"place": "Bontang", "version": 7})[0] == 409
    assert asked(ADMIN, "PATCH", one + SIDE, {"place": "Bontang", "version": 1})[1]["version"] == 2
    assert asked(ADMIN, "POST", f"{one}/propose{SIDE}", {})[1]["state"] == "proposed"
    assert asked(ADMIN, "POST", f"{one}/sign{SIDE}", {"signatory": "Wali Kota Bontang", "number": "K-1"})[0] == 200
    signed = asked(MAINTAINER, "POST", f"{one}/sign", {"signatory": "Wali Kota Bandung"})[1]
    assert (signed["state"], signed["partner_number"]) == ("active", "K-1")
    assert asked(MAINTAINER, "GET", f"{one}/terminate")[1] == {"effects": []}
    later = {"reason": "Both sides agreed.", "effective_on": str(clock.today() + timedelta(9))}
    assert asked(MAINTAINER, "POST", f"{one}/terminate", later)[1]["state"] == "active"
    assert asked(ADMIN, "POST", f"{one}/keep", {"reason": "Not yet."})[0] == 403
    assert asked(MAINTAINER, "POST", f"{one}/keep", {"reason": "Not yet."})[1]["terminates_on"] is None
    ended = asked(MAINTAINER, "POST", f"{one}/terminate", {"reason": "Both sides agreed."})[1]
    assert (ended["state"], ended["terminates_on"]) == ("terminated", str(clock.today()))
    acts = [line["act"] for line in asked(AUDITOR, "GET", f"{one}/history{SIDE}")[1]["items"]]
    assert acts == ["draft", "edit", "propose", "sign", "sign", "begin", "terminate", "keep", "terminate"]


def test_an_unknown_app_and_a_wrong_term_are_named(asked):
    body = {"kind": "memorandum", "scope_apps": ["tidak-ada"], "starts_on": "2027-01-02", "ends_on": "2027-01-01"}
    status, told = asked(ADMIN, "POST", SIDE, body)
    assert status == 422 and {one["path"] for one in told["findings"]} == {"apps", "ends_on"}


def test_a_scan_goes_in_and_comes_out(asked):
    number = asked(MAINTAINER, "POST", "", {"kind": "memorandum", "number": "1", "for_city": "bontang", **TERM})[1][
        "id"
    ]
    asked(MAINTAINER, "POST", f"/{number}/propose", {})
    written = io.BytesIO()
    Image.new("L", (6, 6)).save(written, "PNG")
    file = {"file": (io.BytesIO(written.getvalue()), "a.png")}
    status, kept = asked(ADMIN, "POST", f"/{number}/papers{SIDE}", data=file, content_type="multipart/form-data")
    assert (status, kept["media"], kept["size"]) == (201, "image/png", len(written.getvalue()))
    assert asked(AUDITOR, "GET", f"/{number}/papers/{kept['id']}{SIDE}")[0] == 200
    assert asked("admin@tegal.example", "GET", f"/{number}/papers/{kept['id']}{SIDE}")[0] == 404
    assert asked("admin@tegal.example", "GET", f"/{number}/papers/{kept['id']}")[0] == 403


def test_settings_are_the_maintainers(asked):
    held = asked(MAINTAINER, "GET", "/settings")[1]
    wish = {**held, "memorandum_label": "Kesepakatan Bersama", "reminder_days": [60, 14]}
    status, told = asked(MAINTAINER, "PUT", "/settings", wish)
    assert (status, told["memorandum_label"], told["reminder_days"]) == (200, "Kesepakatan Bersama", [60, 14])
    assert asked(MAINTAINER, "PUT", "/settings", wish)[0] == 409, "the version is an old one now"
    assert asked(ADMIN, "GET", "/settings")[0] == 403
