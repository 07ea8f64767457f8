import re
import sqlite3

import pytest
from antrian import create_app, tickets
from antrian.models import Slot
from antrian.settings import Settings
from flask import Flask
from flask.testing import FlaskClient
from lumbung_plugin.testing import as_sibling, as_staff
from werkzeug.test import TestResponse

from tests.conftest import MONDAY, at, wish

STAFF_PAGES = (
    "/kerja/",
    "/admin/",
    "/admin/layanan",
    "/admin/layanan/1",
    "/admin/layanan/baru",
    "/admin/loket",
    "/admin/loket/1",
    "/admin/libur",
    "/admin/opd",
    "/kerja/pintu",
)


@pytest.fixture
def staff(client: FlaskClient) -> FlaskClient:
    return as_staff(client, "administrator")


def send(client: FlaskClient, **changed: object) -> TestResponse:
    """Fill in the form of service 1 as a person would."""
    page = client.get("/ambil/1?lang=en").text
    nonce = re.search(r'name="nonce"[^>]*value="([^"]+)"', page)
    form = {
        "day": MONDAY.isoformat(),
        "slot": "1",
        "nonce": nonce[1] if nonce else "",
        "name": "",
        "phone": "",
        "need": "",
    }
    return client.post("/ambil/1", data=form | changed)


def text(response: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def test_a_citizen_takes_a_number_without_a_name(client: FlaskClient) -> None:
    answer = send(client)
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert "A-001" in page.text and "<svg" in page.text and "0 people" in text(page)


def test_a_double_submit_leads_to_the_same_ticket(client: FlaskClient) -> None:
    first = send(client, nonce="the-same-nonce")
    second = send(client, nonce="the-same-nonce")
    assert first.location == second.location
    assert "You sent the form twice" in text(client.get(second.location))


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"website": "https://spam.example"}, 409, "could not be accepted"),
        ({"phone": "12"}, 409, "Write a phone number"),
        ({"need": "vip"}, 422, "Not a valid choice"),
        ({"name": "x" * 61}, 409, "longer than 60 characters"),
        ({"slot": ""}, 422, "Choose one of the times"),
        ({"slot": "999"}, 409, "Choose one of the times shown"),
        ({"day": "2026-11-16"}, 409, "That day is past"),
        ({"day": "kemarin"}, 409, "That day is past"),
        ({"day": "2027-01-04"}, 409, "only a few days ahead"),
    ],
)
def test_bad_input_is_explained(client: FlaskClient, changed: dict[str, str], status: int, words: str) -> None:
    answer = send(client, **changed)
    assert answer.status_code == status and words in text(answer)


def test_a_full_slot_is_explained(
    client: FlaskClient, connection: sqlite3.Connection, slot: Slot, chosen: Settings
) -> None:
    for nonce in "abc":
        tickets.take(connection, wish(slot, nonce), at("08:30"), chosen)
    assert "have just run out" in text(send(client))


def test_the_third_number_of_one_browser_is_refused(client: FlaskClient) -> None:
    send(client), send(client)
    assert "You already hold 2 numbers" in text(send(client))


def test_the_purpose_of_personal_data_is_said_on_the_form(client: FlaskClient) -> None:
    assert "serve only to call you for this visit" in text(client.get("/ambil/1?lang=en"))


def test_the_phone_is_masked_and_only_for_the_one_who_took_the_number(client: FlaskClient, app: Flask) -> None:
    address = send(client, name="Warga", phone="081234567890").location
    own, other = client.get(address).text, app.test_client().get(address).text
    assert "••••890" in own and "81234567890" not in own
    assert "890" not in other and "Warga" not in other


def test_cancelling_asks_first(client: FlaskClient) -> None:
    address = send(client).location
    assert client.get(f"{address}/batal").status_code == 200
    assert "Waiting" in text(client.get(address))
    client.post(f"{address}/batal")
    assert "no longer valid" in text(client.get(address))


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert app.test_client().post("/ambil/1", data={"slot": "1"}).status_code == 400


def test_the_display_shows_numbers_but_no_names(client: FlaskClient, staff: FlaskClient) -> None:
    send(client, name="Warga Rahasia")
    staff.post("/kerja/loket", data={"counter": "1"})
    staff.post("/kerja/panggil")
    page = client.get("/layar").text
    assert "A-001" in page and "Loket 1" in page and "Warga Rahasia" not in page


def test_the_display_refreshes_without_javascript(client: FlaskClient) -> None:
    assert '<noscript><meta http-equiv="refresh" content="10">' in client.get("/layar").text


def test_the_operator_calls_transfers_and_finishes(client: FlaskClient, staff: FlaskClient) -> None:
    address = send(client).location
    staff.post("/kerja/loket", data={"counter": "1"})
    staff.post("/kerja/panggil")
    assert "It is your turn." in text(client.get(address))
    staff.post("/kerja/tiket/1/transfer", data={"target": "s2"})
    assert "sent on to Perizinan" in text(client.get(address))
    staff.post("/kerja/panggil")
    staff.post("/kerja/tiket/1/finish")
    assert "You have been served" in text(client.get(address))


def test_the_operator_gives_a_number_at_the_place(staff: FlaskClient) -> None:
    answer = staff.post("/kerja/nomor", data={"service": "1", "nonce": "from-the-page", "need": "elderly"})
    slip = staff.get(answer.location, query_string={"lang": "id"})
    assert "A-001" in slip.text and "Prioritas: 60 tahun atau lebih" in text(slip) and "<svg" in slip.text


def test_the_code_on_a_slip_leads_to_its_page_however_it_is_typed(client: FlaskClient) -> None:
    code = send(client).location.rpartition("/")[2]
    found = client.get("/cari", query_string={"kode": code.replace("-", " ").lower()})
    assert found.status_code == 303 and found.location.endswith(code)
    assert "No number has this code" in text(client.get("/cari?kode=%00nonsense&lang=en"))


def test_a_slip_is_only_for_today_and_only_for_staff(client: FlaskClient, staff: FlaskClient) -> None:
    send(client)
    assert (client.get("/kerja/karcis/1").status_code, staff.get("/kerja/karcis/1").status_code) == (403, 200)
    assert staff.get("/kerja/karcis/99").status_code == 404


def test_the_ticket_page_says_when_it_is_nearly_the_turn(client: FlaskClient) -> None:
    page = client.get(send(client).location + "?lang=en")
    assert "It is nearly your turn." in text(page) and "<title>Nearly your turn" in page.text
    assert '<meta http-equiv="refresh" content="30">' in page.text


def test_the_table_of_figures_holds_nobodys_data(client: FlaskClient, staff: FlaskClient) -> None:
    send(client, name="Warga Rahasia", phone="081234567890")
    found = staff.get("/admin/angka.csv").text
    assert "2026-11-23,08:00,A,Kependudukan,1" in found and "Rahasia" not in found and "81234" not in found


def test_an_administrator_opens_a_holiday_and_takes_it_back(staff: FlaskClient) -> None:
    staff.post("/admin/libur", data={"kind": "open", "day": "2026-12-25", "reason": "Piket"})
    page = text(staff.get("/admin/libur?lang=en"))
    assert "Christmas Day Open" in page
    staff.post("/admin/libur/2026-12-25/hapus")
    assert "Christmas Day Closed" in text(staff.get("/admin/libur?lang=en"))


def test_the_operator_without_a_counter_is_asked_to_choose_one(staff: FlaskClient) -> None:
    assert "Choose your counter" in text(staff.get("/kerja/?lang=en"))


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_citizens_do_not_see_staff_pages(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", STAFF_PAGES)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_administrators_see_staff_pages_in_both_languages(staff: FlaskClient, path: str, lang: str) -> None:
    assert staff.get(path, query_string={"lang": lang}).status_code == 200


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("operator", "/kerja/", 200),
        ("operator", "/admin/", 403),
        ("administrator", "/admin/", 200),
    ],
)
def test_in_lumbung_the_verified_person_decides(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, role: str, path: str, status: int
) -> None:
    monkeypatch.setenv("PLUGIN_ORIGIN", "http://antrian.uji.localhost")
    person = {"id": "7", "name": "Operator uji", "role": role, "opd": None}
    answer = create_app().test_client().get(path, environ_overrides={"lumbung.person": person})
    assert answer.status_code == status


def test_an_administrator_adds_a_service_and_its_week(staff: FlaskClient) -> None:
    staff.post(
        "/admin/layanan/baru",
        data={"code": "C", "name": "Pajak", "minutes": "5", "day_quota": "50", "active": "y", "office_id": "0"},
    )
    answer = staff.post(
        "/admin/layanan/3/minggu",
        data={
            "plan-weekdays": ["0", "1"],
            "plan-start": "08:00",
            "plan-end": "10:00",
            "plan-minutes": "60",
            "plan-quota": "4",
        },
    )
    assert answer.status_code == 303
    assert "08:00–09:00" in staff.get("/ambil/3").text


def test_a_bad_week_is_explained(staff: FlaskClient) -> None:
    answer = staff.post(
        "/admin/layanan/1/minggu?lang=en",
        data={
            "plan-weekdays": ["0"],
            "plan-start": "10:00",
            "plan-end": "08:00",
            "plan-minutes": "60",
            "plan-quota": "4",
        },
    )
    assert answer.status_code == 422 and "a start and a later end" in text(answer)


def test_siblings_read_figures_with_counts_only(client: FlaskClient) -> None:
    send(client, name="Warga Rahasia")
    told = as_sibling(client, "pusatkendali", "kpi.read").get("/_kpi")
    assert {figure["name"]: figure["value"] for figure in told.json["figures"]}["antrian.menunggu"] == 1
    assert "Rahasia" not in told.text


def test_a_first_page_is_light(client: FlaskClient) -> None:
    page = client.get("/")
    linked = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js)[^"]*)"', page.text)
    assert sum(len(client.get(address).data) for address in linked) + len(page.data) < 100_000


def test_healthz_answers(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
