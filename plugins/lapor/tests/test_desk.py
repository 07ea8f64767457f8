from datetime import datetime, timedelta

import pytest
from lapor import retention
from lumbung_plugin import clock
from lumbung_plugin.clock import now

OPD = "Dinas Perhubungan"


@pytest.mark.parametrize("path", ["/kerja", "/admin", "/admin/kategori", "/admin/opd"])
def test_citizens_find_no_staff_page(client, path):
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", ["terima", "tolak", "gabung", "disposisi", "jawab", "catatan", "kontak"])
def test_citizens_cannot_act_as_staff(client, send, path):
    number, _ = send()
    assert client.post(f"/kerja/{number}/{path}").status_code == 403


@pytest.mark.parametrize("path", ["/admin", "/admin/kategori/1", "/admin/opd/1"])
def test_operators_are_no_administrators(operator, path):
    assert operator.get(path).status_code == 403


def test_the_queue_starts_with_what_waits_for_a_check(operator, send, published):
    waiting, done = send()[0], published()[0]
    text = operator.get("/kerja").text
    assert waiting in text and done not in text


def test_an_offices_officer_starts_with_their_own_work(officer, published, operator, db):
    mine, other = published()[0], published()[0]
    own = db.execute("SELECT id FROM office WHERE name = ?", (OPD,)).fetchone()["id"]
    for number, office in ((mine, own), (other, own + 1)):
        data = {"assign-office_id": str(office), "assign-deadline": "2030-01-02"}
        operator.post(f"/kerja/{number}/disposisi", data=data)
    text = officer(OPD).get("/kerja").text
    assert mine in text and other not in text


def test_a_passed_deadline_has_its_own_tab(operator, published):
    number, _ = published()
    operator.post(f"/kerja/{number}/disposisi", data={"assign-office_id": "1", "assign-deadline": "2020-01-02"})
    assert number in operator.get("/kerja?status=late").text


def test_a_refusal_needs_a_reason_the_reporter_reads(operator, client, send):
    number, code = send()
    assert operator.post(f"/kerja/{number}/tolak", data={"reject-text": ""}).status_code == 400
    operator.post(f"/kerja/{number}/tolak", data={"reject-text": "Jalan ini milik pusat."})
    assert "Jalan ini milik pusat." in client.get(f"/ikuti/{number}/{code}").text


def test_a_duplicate_leads_its_reporter_to_the_first_report(operator, client, published, send):
    first, _ = published()
    second, code = send()
    operator.post(f"/kerja/{second}/gabung", data={"merge-original": first})
    assert f"/laporan/{first}" in client.get(f"/ikuti/{second}/{code}").text


def test_a_duplicate_of_a_duplicate_points_at_the_first(operator, published, send, db):
    first, second, third = published()[0], send()[0], send()[0]
    operator.post(f"/kerja/{second}/gabung", data={"merge-original": first})
    operator.post(f"/kerja/{third}/gabung", data={"merge-original": second})
    assert {row["duplicate_of"] for row in db.execute("SELECT * FROM report WHERE state = 'duplicate'")} == {1}


@pytest.mark.parametrize("original", ["LP-0000-0000", "own"])
def test_a_duplicate_needs_another_report_that_exists(operator, send, db, original):
    number, _ = send()
    operator.post(f"/kerja/{number}/gabung", data={"merge-original": number if original == "own" else original})
    assert db.execute("SELECT state FROM report").fetchone()["state"] == "new"


def test_an_answer_without_the_closing_tick_is_news(operator, client, published, db):
    number, _ = published()
    operator.post(f"/kerja/{number}/jawab", data={"answer-text": "Regu berangkat besok."})
    assert db.execute("SELECT state FROM report").fetchone()["state"] == "accepted"
    assert "Regu berangkat besok." in client.get(f"/laporan/{number}").text


def test_an_unknown_office_is_no_office(operator, published, db):
    number, _ = published()
    data = {"assign-office_id": "999", "assign-deadline": "2030-01-02"}
    assert operator.post(f"/kerja/{number}/disposisi", data=data).status_code == 400
    assert db.execute("SELECT office_id FROM report").fetchone()["office_id"] is None


def test_an_act_that_comes_too_late_says_so(operator, published):
    number, _ = published()
    answer = operator.post(f"/kerja/{number}/terima", follow_redirects=True)
    assert "sudah berubah" in answer.text


def test_contacts_are_masked_until_asked_for_and_each_look_is_recorded(operator, published, db):
    number, _ = published(reporter_name="Warga Uji", reporter_phone="081234567890")
    assert "81234567890" not in operator.get("/kerja?status=accepted").text + operator.get(f"/kerja/{number}").text
    assert "+6281234567890" in operator.post(f"/kerja/{number}/kontak").text
    assert db.execute("SELECT actor FROM event WHERE act = 'contact'").fetchone()["actor"] == "Petugas operator"


def test_another_office_does_not_see_the_contact(officer, answered):
    number, _ = answered(reporter_phone="081234567890")
    assert officer(OPD).post(f"/kerja/{number}/kontak").status_code == 403


def later(monkeypatch, days: int) -> None:
    """From now on it is `days` from now."""
    moment: datetime = now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_contacts_are_forgotten_in_time(answered, db, monkeypatch):
    answered(reporter_name="Warga Uji", reporter_phone="081234567890")
    later(monkeypatch, 179)
    assert retention.sweep(db, 180) == 0
    later(monkeypatch, 181)
    assert retention.sweep(db, 180) == 1
    row = db.execute("SELECT reporter_name, reporter_phone FROM report").fetchone()
    assert tuple(row) == (None, None)


def test_a_refused_report_is_forgotten_too(send, operator, db, monkeypatch):
    number, _ = send(reporter_name="Warga Uji")
    operator.post(f"/kerja/{number}/tolak", data={"reject-text": "Jalan ini milik pusat."})
    later(monkeypatch, 181)
    assert retention.sweep(db, 180) == 1


def test_a_report_nobody_ever_closes_is_forgotten_too(send, db, monkeypatch):
    send(reporter_name="Warga Uji")
    later(monkeypatch, 361)
    assert retention.sweep(db, 180) == 1
