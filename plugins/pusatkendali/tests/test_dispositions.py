"""Dispositions from giving to verdict, and who sees them."""

import io
import sqlite3
from datetime import timedelta

import pytest
from lumbung_plugin import clock, workdays
from lumbung_plugin.testing import as_staff
from pusatkendali import files, tasks

from .conftest import ORDER

DONE = {"report-text": "Loket kedua sudah dibuka sejak pagi."}


def state(db, number):
    return db.execute("SELECT state FROM disposition WHERE number = ?", (number,)).fetchone()["state"]


def post(client, number, path, **data):
    return client.post(f"/kerja/disposisi/{number}/{path}", data=data)


def test_from_giving_to_done_with_every_step_in_the_trail(leader, health, given, db):
    assert given.startswith("DSP-") and given.endswith("-000001")
    post(health, given, "mulai")
    post(health, given, "tindak-lanjut", **DONE)
    post(leader, given, "terima", **{"accept-text": "Terima kasih."})
    assert state(db, given) == "accepted"
    acts = [row["act"] for row in db.execute("SELECT act FROM step ORDER BY id")]
    assert acts == ["give", "start", "report", "accept"]
    assert "Terima kasih." in health.get(f"/kerja/disposisi/{given}").text


def test_due_is_counted_in_working_days(given, db):
    due = db.execute("SELECT due FROM disposition").fetchone()["due"]
    assert due == workdays.add_working_days(clock.today(), 3).isoformat()


def test_sent_back_it_has_a_reason_and_a_new_day(leader, health, given, db):
    post(health, given, "tindak-lanjut", **DONE)
    assert post(leader, given, "kembalikan", **{"return-text": "", "return-days": "2"}).status_code == 422
    post(leader, given, "kembalikan", **{"return-text": "Foto loketnya mana?", "return-days": "2"})
    assert state(db, given) == "returned"
    assert "Foto loketnya mana?" in health.get(f"/kerja/disposisi/{given}").text


def test_another_office_neither_sees_nor_answers(works, given, db):
    assert works.get(f"/kerja/disposisi/{given}").status_code == 403
    assert post(works, given, "tindak-lanjut", **DONE).status_code == 403
    assert given not in works.get("/kerja/disposisi?tab=all").text
    assert state(db, given) == "given"


def test_an_office_cannot_judge_itself_nor_the_leader_answer_for_it(leader, health, given, db):
    post(health, given, "tindak-lanjut", **DONE)
    post(health, given, "terima")
    assert state(db, given) == "reported"
    post(leader, given, "tindak-lanjut", **DONE)
    assert [row["act"] for row in db.execute("SELECT act FROM step")] == ["give", "report"]


def test_an_operator_gives_no_disposition(health):
    assert health.get("/kerja/disposisi/baru").status_code == 403
    assert health.post("/kerja/disposisi/baru", data=ORDER).status_code == 403


def test_an_operator_without_an_office_is_told_why_the_list_is_empty(client, given):
    page = as_staff(client, "operator").get("/kerja/disposisi?tab=all").text
    assert "belum terhubung dengan OPD" in page and given not in page


@pytest.mark.parametrize(
    "changes",
    [{"office_id": "999"}, {"office_id": ""}, {"office_id": "x"}, {"title": ""}, {"instruction": "pendek"},
     {"days": "0"}, {"days": "9999999999"}, {"title": "x" * 121}, {"instruction": "x" * 2001}],
)  # fmt: skip
def test_a_bad_order_is_explained_and_what_was_typed_stays(leader, db, changes):
    answer = leader.post("/kerja/disposisi/baru", data=ORDER | changes)
    assert answer.status_code == 422 and 'class="error"' in answer.text
    assert (ORDER | changes)["instruction"] in answer.text
    assert db.execute("SELECT count(*) FROM disposition").fetchone()[0] == 0


def test_numbers_have_no_gaps_after_a_refusal(leader, db):
    leader.post("/kerja/disposisi/baru?peringatan=77", data=ORDER)
    leader.post("/kerja/disposisi/baru", data=ORDER)
    assert [row["number"][-6:] for row in db.execute("SELECT number FROM disposition")] == ["000001"]


def test_a_pdf_is_handed_in_and_only_its_people_open_it(health, works, leader, given):
    proof = (io.BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"), "../bukti.pdf")
    data = DONE | {"report-file": proof}
    health.post(f"/kerja/disposisi/{given}/tindak-lanjut", data=data, content_type="multipart/form-data")
    address = f"/kerja/disposisi/{given}/berkas/2"
    assert leader.get(address).headers["Content-Disposition"].startswith("attachment")
    assert works.get(address).status_code == 403
    assert leader.get(f"/kerja/disposisi/{given}/berkas/1").status_code == 404


def test_a_file_that_acts_is_refused_and_the_words_stay(health, given, db):
    data = DONE | {"report-file": (io.BytesIO(b"%PDF-1.4 /JavaScript (app.alert(1))"), "bukti.pdf")}
    answer = health.post(f"/kerja/disposisi/{given}/tindak-lanjut", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422 and DONE["report-text"] in answer.text
    assert state(db, given) == "given"


def test_the_trail_is_never_rewritten(given, db):
    with pytest.raises(sqlite3.IntegrityError, match="never rewritten"):
        db.execute("UPDATE step SET text = 'lain'")


def test_reminders_go_out_once_and_by_mail_where_an_address_is_known(leader, given, db, lumbung, capsys):
    leader.post("/admin/kontak/1", data={"email": "umum@dinkes.example"})
    db.execute("UPDATE disposition SET due = ?", ((clock.today() - timedelta(days=2)).isoformat(),))
    db.commit()
    tasks.remind()
    tasks.remind()
    assert [mail["to"] for mail in lumbung.mails] == [["umum@dinkes.example"]]
    assert given in lumbung.mails[0]["text"]
    assert "0 reminders" in capsys.readouterr().out
    assert "Pengingat" in leader.get(f"/kerja/disposisi/{given}").text


def test_a_mail_that_is_not_allowed_stops_no_reminder(leader, given, db, lumbung):
    leader.post("/admin/kontak/1", data={"email": "umum@dinkes.example"})
    db.execute("UPDATE disposition SET due = '2020-01-01'")
    db.commit()
    lumbung.refuses("not-granted")
    tasks.remind()
    assert db.execute("SELECT count(*) FROM step WHERE act = 'remind'").fetchone()[0] == 1


@pytest.mark.parametrize("address", ["bukan surel", "a@b", "a@b.id\r\nBcc: c@d.id", "x" * 130 + "@kota.go.id"])
def test_an_address_that_is_none_is_explained(leader, db, address):
    assert leader.post("/admin/kontak/1", data={"email": address}).status_code == 422
    assert db.execute("SELECT count(*) FROM contact").fetchone()[0] == 0


def test_what_was_closed_long_ago_goes_with_its_trail(given, db, capsys):
    db.execute("UPDATE disposition SET state = 'accepted', closed_at = '2019-01-01T00:00:00+00:00'")
    db.commit()
    tasks.tidy()
    assert files.one(db, given) is None and db.execute("SELECT count(*) FROM step").fetchone()[0] == 0


def test_search_takes_words_as_words(leader, given):
    assert given in leader.get("/kerja/disposisi?q=PUSKESMAS").text
    assert given not in leader.get("/kerja/disposisi?q=%25").text
    assert leader.get("/kerja/disposisi?q='&sesudah=99999999999&opd=x&tab=zzz").status_code == 200
