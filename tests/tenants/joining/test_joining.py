"""The form: four steps that keep everything, are left and gone on with, and end in one city."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest

from registry.accounts import rules as limits
from registry.accounts import service as accounts
from registry.core import clock, jobs, scope
from registry.core.errors import ConflictError
from registry.core.secrets import open_vault
from registry.core.uow import unit_of_work
from registry.tenants import service as tenants
from registry.tenants.joining import drafts, sending
from registry.tenants.joining import service as joining
from registry.tenants.joining.jobs import forget
from tests.tenants.conftest import PASSWORD
from tests.tenants.joining.conftest import SEND, STEP1, STEP2, STEP3, STEPS, fill, join


@pytest.fixture
def mails(app, monkeypatch):
    """What is written into the queue, as texts."""
    written: list[str] = []
    vault = open_vault(app.extensions["lumbung"].secrets)
    real = jobs.defer

    def defer(work, lane=None, **arguments):
        if work == "core.mail":
            written.append(vault.open(arguments["sealed"].encode()).replace("=\r\n", "").replace("=\n", ""))
        real(work, lane, **arguments)

    monkeypatch.setattr(jobs, "defer", defer)
    return written


def test_a_city_signs_up_and_its_first_admin_is_in(client, world):
    answer = join(client)
    assert (answer.status_code, answer.location) == (303, "/console/manado/?welcome=1")
    assert client.get("/console/manado/").status_code == 200
    assert client.get("/console/manado/application").status_code == 200


@pytest.mark.parametrize("path", ["/join", "/join/1"])
def test_the_form_is_open_to_everybody(client, world, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/join/2", "/join/3", "/join/4"])
def test_no_step_is_skipped(client, world, path):
    assert client.get(path, follow_redirects=False).location == "/join/1"


@pytest.mark.parametrize("path", ["/join/0", "/join/5", "/join/99999999999999999999"])
def test_there_are_four_steps(client, world, path):
    assert client.get(path).status_code == 404


def test_a_bps_code_is_refused_with_the_reason(client, world):
    answer = client.post("/join/1", data={**STEP1, "code": "7171", "go": "next"})
    assert answer.status_code == 422 and "BPS" in answer.text and 'id="code-error"' in answer.text


def test_what_was_typed_is_kept_back_and_forward_right_or_wrong(client, world):
    client.post("/join/1", data={**STEP1, "go": "next"})
    answer = client.post("/join/2", data={**STEP2, "phone": "bukan nomor", "go": "back"})
    assert answer.location == "/join/1"
    assert "Kota Manado" in client.get("/join/1").text
    assert "bukan nomor" in client.get("/join/2").text
    assert client.post("/join/2", data={**STEP2, "phone": "bukan nomor", "go": "next"}).status_code == 422


def test_a_refused_step_is_kept_too(client, world):
    client.post("/join/1", data={**STEP1, "code": "7171", "go": "next"})
    assert "7171" in client.get("/join/1").text


@pytest.mark.parametrize(
    ("step", "change"),
    [(2, {"mail": "kominfo"}), (2, {"mail": "a@b.c\nBcc: x@y.z"}), (2, {"phone": "12"}), (2, {"contact_office": "x"}),
     (2, {"mail": "a" * 300 + "@manadokota.go.id"}), (2, {"head": "x" * 500}), (3, {"contact_name": ""}),
     (3, {"proof": "gift"}), (3, {"proof": ""}), (3, {"proof": "mail", "proof_mail": "x@gmail.com"}),
     (3, {"email": "nobody"})],
)  # fmt: skip
def test_what_is_wrong_in_a_step_is_said_there(client, world, step, change):
    for number in range(1, step):
        client.post(f"/join/{number}", data={**STEPS[number], "go": "next"})
    answer = client.post(f"/join/{step}", data={**STEPS[step], **change, "go": "next"})
    assert answer.status_code == 422 and "field-error" in answer.text


def test_the_link_opens_the_draft_on_another_machine(app, client, world, mails):
    client.post("/join/1", data={**STEP1, "go": "later"})
    client.post("/join/1", data={**STEP1, "go": "next"})
    assert client.post("/join/later", data={"address": "kominfo@manadokota.go.id"}).status_code == 303
    path = re.search(r"/join/continue/[\w-]+", mails[-1])[0]
    other = app.test_client()
    assert other.get(path).location == "/join/2"
    assert "Kota Manado" in other.get("/join/2").text


def test_an_account_finds_its_draft_on_another_machine(browser):
    browser("auditor@bontang.example").post("/join/1", data={**STEP1, "go": "next"})
    assert "Kota Manado" in browser("auditor@bontang.example").get("/join").text
    assert "Kota Manado" not in browser("admin@bontang.example").get("/join").text


@pytest.mark.parametrize("text", ["x", "a" * 32, "a" * 5000, "%00"])
def test_a_link_that_is_none_opens_nothing(client, world, text):
    answer = client.get(f"/join/continue/{text}")
    assert answer.location == "/join" and client.get("/join/2").location == "/join/1"


def test_the_link_is_not_mailed_again_and_again(client, world):
    client.post("/join/1", data={**STEP1, "go": "next"})
    told = [client.post("/join/later", data={"address": "kominfo@manadokota.go.id"}).status_code for _ in range(2)]
    assert told == [303, 429]


def test_a_draft_of_an_account_is_nobody_elses(app, client, world, mails, browser):
    admin = browser("admin@bontang.example")
    admin.post("/join/1", data={**STEP1, "go": "next"})
    admin.post("/join/later", data={"address": "admin@bontang.example"})
    path = re.search(r"/join/continue/[\w-]+", mails[-1])[0]
    assert client.get(path).location == "/join"


def test_a_draft_is_forgotten_when_nobody_comes_back(app, client, world):
    client.post("/join/1", data={**STEP1, "go": "next"})
    clock.move(drafts.KEPT + timedelta(days=1))
    try:
        assert client.get("/join/2").location == "/join/1"
        with app.app_context():
            scope.enter_programme()
            forget()
    finally:
        clock.back()
    assert client.get("/join/2").location == "/join/1"


def test_a_draft_can_be_thrown_away(client, world):
    client.post("/join/1", data={**STEP1, "go": "next"})
    client.post("/join/forget")
    assert client.get("/join/2").location == "/join/1"


@pytest.mark.parametrize(
    ("change", "said"),
    [({"code": "64.74"}, "code-error"), ({"slug": "bontang"}, "slug-error"), ({"slug": "api"}, "slug-error"),
     ({"slug": "../x"}, "slug-error"), ({"code": "99.01"}, "code-error"), ({"name": "x"}, "name-error")],
)  # fmt: skip
def test_what_is_taken_or_wrong_is_said_at_its_field(client, world, change, said):
    answer = client.post("/join/1", data={**STEP1, **change, "go": "next"})
    assert answer.status_code == 422 and f'id="{said}"' in answer.text


def test_an_address_that_has_an_account_signs_in_first(client, world):
    fill(client, email="admin@bontang.example")
    answer = client.post("/join/4", data=SEND)
    assert answer.status_code == 409 and "/sign-in?next=" in answer.text
    assert client.get("/console/manado/").status_code != 200


def test_a_draft_comes_along_when_one_signs_in(client, world):
    fill(client)
    path = re.search(r"/sign-in\?next=([^\"]+)\"", client.get("/join/4").text)[1].replace("%2F", "/")
    client.post("/sign-in", data={"email": "admin@bontang.example", "password": PASSWORD})
    assert client.get(path).location == "/join/4"
    assert client.post("/join/4", data={"authorised": "y"}).location == "/console/manado/?welcome=1"


@pytest.mark.parametrize("change", [{"password": "short"}, {"password": ""}, {"authorised": ""}])
def test_nothing_of_a_refused_application_is_kept(client, world, change):
    fill(client)
    given = {name: value for name, value in {**SEND, **change}.items() if value}
    assert client.post("/join/4", data=given).status_code == 422
    assert client.post("/join/4", data=SEND).status_code == 303


def test_sending_twice_makes_one_city(client, world):
    join(client)
    assert client.post("/join/4", data=SEND).location == "/join/1"


def test_one_address_does_not_sign_up_city_after_city(app, world, monkeypatch):
    monkeypatch.setitem(limits.MAX_FAILURES, "sign-up", 2)
    told = []
    for number in range(1, 4):
        wanted = {"code": f"71.0{number}", "name": f"Kabupaten {number}", "slug": f"kota-{number}",
                  "email": f"admin{number}@manado.example"}  # fmt: skip
        told.append(join(app.test_client(), **wanted).status_code)
    assert told == [303, 303, 429]


def test_one_address_begins_a_bounded_number_of_forms(app, world, monkeypatch):
    monkeypatch.setitem(limits.MAX_FAILURES, "join", 2)
    told = [app.test_client().post("/join/1", data={**STEP1, "go": "next"}).status_code for _ in range(3)]
    assert told == [303, 303, 429]


def test_with_a_list_a_name_is_enough(client, listed):
    answer = client.post("/join/1", data={"region": "kab. kutai kartanegara", "slug": "", "timezone": "", "go": "next"})
    assert answer.location == "/join/2"
    page = client.get("/join/2").text
    assert "Kabupaten Kutai Kartanegara" in page and "64.02" in page
    assert 'value="kutai-kartanegara"' in client.get("/join/1").text
    assert "Asia/Makassar" in re.search(r'<option selected value="([^"]+)"', client.get("/join/1").text)[0]


def test_with_a_list_a_code_that_does_not_exist_is_refused_with_what_is_near(client, listed):
    answer = client.post("/join/1", data={"region": "64.75", "go": "next"})
    assert answer.status_code == 422 and "64.74" in answer.text and 'id="region-error"' in answer.text


def test_of_several_one_is_chosen_without_scripts(client, listed):
    answer = client.post("/join/1", data={"region": "bogor", "go": "next"})
    assert answer.status_code == 422 and answer.text.count('name="choice"') == 2
    chosen = client.post("/join/1", data={"region": "bogor", "choice": "Kabupaten Bogor (32.01)"})
    assert chosen.location == "/join/2" and "Kabupaten Bogor" in client.get("/join/2").text


def test_another_region_takes_another_name_in_addresses(client, listed):
    client.post("/join/1", data={"region": "Kota Manado", "slug": "", "timezone": "", "go": "next"})
    client.post("/join/1", data={"region": "Kota Bogor", "slug": "manado", "timezone": "Asia/Makassar", "go": "next"})
    assert 'value="bogor"' in client.get("/join/1").text


def test_what_one_types_is_completed(client, listed):
    answer = client.get("/join/regions?region=kut")
    assert "Kabupaten Kutai Kartanegara (64.02)" in answer.text
    assert client.get("/join/regions?region=%00").status_code == 200


def test_two_who_apply_for_one_region_at_the_same_moment(app, world):
    """Both forms are in order; one city is made, the other is told."""
    clients = [app.test_client(), app.test_client()]
    for number, client in enumerate(clients):
        fill(client, email=f"admin{number}@manado.example")
    told: list[int] = []
    threads = [
        threading.Thread(target=lambda one=client: told.append(one.post("/join/4", data=SEND).status_code))
        for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == [303, 409]


def test_a_declined_city_is_taken_over_by_who_really_speaks_for_it(app, client, world, maintainer):
    join(client)
    maintainer.post("/programme/applications/manado/decline", data={"reason": "Bukan dari Diskominfo"})
    right = app.test_client()
    assert join(right, email="kabid@manado.example").status_code == 303
    assert client.get("/console/manado/").status_code == 404, "who was declined is out"
    assert right.get("/console/manado/").status_code == 200
    assert "Bukan dari Diskominfo" not in right.get("/console/manado/application").text
    assert "Bukan dari Diskominfo" in maintainer.get("/programme/applications/manado").text


def test_a_program_cannot_take_what_is_taken(app, applied):
    with app.test_request_context(), pytest.raises(ConflictError), unit_of_work():
        city = tenants.find_city("manado")
        wanted = joining.Application(city.code, city.name, "manado-2", contact_office="Kominfo", contact_name="Kabid")
        user = accounts.find_by_email("admin@bontang.example")
        sending.submit(sending.SignUp(wanted, "", "a@manadokota.go.id", "0431 123456", "other"), user)


def test_step_three_asks_nothing_of_who_is_known(browser):
    admin = browser("admin@bontang.example")
    for number in (1, 2):
        admin.post(f"/join/{number}", data={**STEPS[number], "go": "next"})
    assert 'name="email"' not in admin.get("/join/3").text
    assert admin.post("/join/3", data={**STEP3, "go": "next"}).location == "/join/4"
    assert "admin@bontang.example" in admin.get("/join/4").text
