"""1.1.0: survey, four eyes, and what 1.0.0 left behind."""

import io
import json
from contextlib import closing

import pytest
from lumbung_plugin import connect, migrate, photos, settings
from lumbung_plugin.testing import as_staff, hosted
from perizinan import retention
from perizinan.migrations import STEPS, upgrade
from perizinan.rules import Officer, may_decide
from perizinan.tasks import BUNDLE
from PIL import Image

ONE, TWO = Officer("1", "Satu"), Officer("2", "Dua")


@pytest.mark.parametrize(
    ("officer", "verifiers", "four_eyes", "may"),
    [
        (ONE, [TWO], True, True),
        (ONE, [ONE], True, False),
        (ONE, [ONE], False, True),
        (ONE, [TWO, ONE], True, False),
        (Officer("1", "Baru menikah"), [ONE], True, False),
        (Officer("3", "Satu"), [ONE], True, True),
        (Officer("3", "Satu"), [Officer("", "Satu")], True, False),
        (ONE, [], True, True),
    ],
)
def test_who_verifies_does_not_decide(officer, verifiers, four_eyes, may):
    assert may_decide(officer, verifiers, four_eyes) is may


@pytest.mark.parametrize("act", ["terbitkan", "tolak"])
def test_the_verifier_is_kept_from_deciding(checked, operator, decider, row, act):
    number = checked()
    form = {"approve-terms": "", "refuse-text": "Alasan yang cukup panjang."}
    operator.post(f"/kerja/{number}/{act}", data=form)
    assert row(number)["state"] == "deciding"
    assert "somebody else must decide" in operator.get(f"/kerja/{number}?lang=en").text
    decider.post(f"/kerja/{number}/{act}", data=form)
    assert row(number)["state"] in ("issued", "refused")


def test_a_small_city_switches_four_eyes_off(checked, operator, row, host, tmp_path):
    number = checked()
    config = tmp_path / "other.json"
    config.write_text(json.dumps({"four_eyes": False}))
    host.setenv("CONFIG_FILE", str(config))
    operator.post(f"/kerja/{number}/terbitkan", data={"approve-terms": ""})
    assert row(number)["state"] == "issued"


@pytest.fixture
def surveying(db, checked):
    """An application whose type asks for a survey, verified."""
    db.execute("UPDATE permit_type SET survey = 1")
    db.commit()
    return checked()


def picture(size=(900, 600)):
    exif = Image.Exif()
    exif[0x010F] = "KameraRahasia"
    buffer = io.BytesIO()
    Image.new("RGB", size, "#3a7").save(buffer, "JPEG", exif=exif.tobytes())
    buffer.seek(0)
    return buffer, "lokasi.jpg"


def result(**changes):
    given = {"survey-good": "1", "survey-day": "2026-11-20", "survey-note": "Sesuai gambar, jarak 3 m."}
    return given | changes


def test_a_type_with_survey_is_surveyed_before_the_decision(surveying, decider, row):
    assert row(surveying)["state"] == "surveying"
    decider.post(f"/kerja/{surveying}/terbitkan", data={"approve-terms": ""})
    assert row(surveying)["state"] == "surveying"
    decider.post(f"/kerja/{surveying}/survei", data=result())
    assert row(surveying)["state"] == "deciding"


def test_the_applicant_reads_the_day_of_the_survey_but_not_what_was_found(surveying, decider, client):
    decider.post(f"/kerja/{surveying}/survei/jadwal", data={"plan-day": "2026-12-01"})
    assert "1 Dec 2026" in client.get(f"/permohonan/{surveying}?lang=en").text
    decider.post(f"/kerja/{surveying}/survei", data=result())
    assert "Sesuai gambar" in decider.get(f"/kerja/{surveying}").text
    assert "Sesuai gambar" not in client.get(f"/permohonan/{surveying}").text


@pytest.mark.parametrize(
    "wrong", [{"survey-good": ""}, {"survey-day": "besok"}, {"survey-note": "ok"}, {"survey-note": "x" * 2001}]
)
def test_a_survey_without_result_day_or_note_is_none(surveying, decider, row, wrong):
    assert decider.post(f"/kerja/{surveying}/survei", data=result(**wrong)).status_code == 400
    assert row(surveying)["state"] == "surveying"


def test_a_survey_ahead_has_no_result(at, surveying, decider, row):
    decider.post(f"/kerja/{surveying}/survei", data=result(**{"survey-day": "2026-12-24"}))
    assert row(surveying)["state"] == "surveying"


def test_photos_of_the_survey_lose_camera_data_and_are_for_staff(surveying, decider, client, db):
    decider.post(f"/kerja/{surveying}/survei", data=result(**{"survey-photos": [picture(), picture()]}))
    names = [row["name"] for row in db.execute("SELECT name FROM survey_photo")]
    assert len(names) == 2
    address = f"/kerja/{surveying}/survei/foto/{names[0]}"
    assert b"KameraRahasia" not in decider.get(address).data
    assert decider.get(f"{address}-kecil").status_code == 200 and client.get(address).status_code == 403
    assert decider.get(f"/kerja/{surveying}/survei/foto/{'0' * 32}").status_code == 404


@pytest.mark.parametrize("uploads", [[(io.BytesIO(b"no photo"), "x.jpg")], "five"])
def test_what_is_no_photo_is_refused_and_none_is_kept(surveying, decider, row, uploads):
    files = [picture() for _ in range(5)] if uploads == "five" else [picture(), *uploads]
    assert decider.post(f"/kerja/{surveying}/survei", data=result(**{"survey-photos": files})).status_code == 400
    assert row(surveying)["state"] == "surveying" and not list(photos.folder().glob("*"))


def test_a_survey_may_send_the_application_back(surveying, decider, client, row):
    decider.post(f"/kerja/{surveying}/perbaikan", data={"wrong-0": "1", "reason-0": "Lokasi tidak sesuai gambar."})
    assert row(surveying)["state"] == "correction"


def test_forgetting_takes_photos_and_notes_along(surveying, decider, db):
    decider.post(f"/kerja/{surveying}/survei", data=result(**{"survey-photos": [picture()]}))
    decider.post(f"/kerja/{surveying}/tolak", data={"refuse-text": "Alasan yang cukup panjang."})
    db.execute("UPDATE application SET closed_at = '2020-01-01'")
    db.commit()
    retention.run(db, settings(BUNDLE))
    assert not list(photos.folder().glob("*"))
    assert {row["note"] for row in db.execute("SELECT note FROM step")} <= {""}


MOMENT = "2026-10-01T01:00:00+00:00"
OLD = (
    "INSERT INTO application (number, code_hash, type_id, state, name, purpose, created_at, touched_at, sent_on,"
    " standard_days, deadline, checked_by, checked_at, checked_note, recommended, decided_by, decided_at, decided_note,"
    f" used_days, in_time, closed_at, erased) VALUES (?, 'x', 1, ?, 'Pemohon', 'Papan nama', '{MOMENT}', '{MOMENT}',"
    " '2026-10-01', 7, '2026-10-12', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
CHECKED, DECIDED = "2026-10-05T02:00:00+00:00", "2026-10-08T06:00:00+00:00"
NOBODY = (None, None, None, None)
DECISION = (4, 1, DECIDED)


@pytest.fixture
def old(host, tmp_path):
    """A database as 1.0.0 left it: its steps only, rows as it wrote them."""
    (tmp_path / "old").mkdir()
    hosted(host, tmp_path / "old", {}, "perizinan")
    with closing(connect()) as db:
        migrate(db, STEPS[:4])
        rows = [
            ("PRZ-2026-000001", "checking", *NOBODY, None, None, None, None, None, None, 0),
            ("PRZ-2026-000002", "deciding", "Ani", CHECKED, "Lengkap", 1, None, None, None, None, None, None, 0),
            ("PRZ-2026-000003", "issued", "Ani", CHECKED, "Lengkap", 1, "Budi", DECIDED, "Syarat A", *DECISION, 0),
            ("PRZ-2026-000004", "refused", "Ani", CHECKED, "Kurang", 0, "Budi", DECIDED, "Alasan B", *DECISION, 0),
            ("PRZ-2026-000005", "refused", "Ani", CHECKED, "Rahasia", 0, "Budi", DECIDED, "Rahasia", *DECISION, 1),
            ("PRZ-2026-000006", "withdrawn", "Ani", CHECKED, None, None, None, None, None, None, None, DECIDED, 0),
        ]
        db.executemany(OLD, rows)
        db.execute(
            "INSERT INTO permit (number, seal, application_id, type_id, holder, purpose, issued_on, signatory_office,"
            " signatory_name) VALUES ('REK-2025-000009', 'AAAA-AAAA', 3, 1, 'Pemohon', 'Papan', '2026-10-08', 'K', 'N')"
        )
        db.commit()
    upgrade()
    with closing(connect()) as db:
        yield db


def steps(db, number):
    query = "SELECT kind, by_id, by_name, at, good, note FROM step s JOIN application a ON a.id = s.application_id"
    return [tuple(row) for row in db.execute(f"{query} WHERE number = ? ORDER BY s.id", (f"PRZ-2026-00000{number}",))]


def test_who_checked_and_decided_in_the_first_release_becomes_steps(old):
    verified = ("verification", "", "Ani", CHECKED, 1, "Lengkap")
    assert steps(old, 1) == []
    assert steps(old, 2) == [verified]
    assert steps(old, 3) == [verified, ("decision", "", "Budi", DECIDED, 1, "Syarat A")]
    assert steps(old, 4) == [
        ("verification", "", "Ani", CHECKED, 0, "Kurang"),
        ("decision", "", "Budi", DECIDED, 0, "Alasan B"),
    ]


def test_what_was_erased_stays_erased(old):
    assert [row[-1] for row in steps(old, 5)] == ["", ""]


def test_a_verification_without_recommendation_counts_as_good(old):
    assert steps(old, 6) == [("verification", "", "Ani", CHECKED, 1, "")]


def test_everything_else_is_as_it_was(old):
    rows = old.execute("SELECT number, state, used_days, in_time, closed_at FROM application ORDER BY id").fetchall()
    assert [row["state"] for row in rows] == ["checking", "deciding", "issued", "refused", "refused", "withdrawn"]
    assert [tuple(row)[2:] for row in rows[2:4]] == [(4, 1, DECIDED)] * 2
    assert "checked_by" not in old.execute("SELECT * FROM application").fetchone().keys()
    assert old.execute("SELECT sum(survey) FROM permit_type").fetchone()[0] == 0
    assert old.execute("PRAGMA foreign_key_check").fetchall() == []


def test_permits_of_the_first_release_get_the_words_of_their_type(old):
    row = old.execute("SELECT p.*, t.legal AS now FROM permit p JOIN permit_type t ON t.id = p.type_id").fetchone()
    assert row["title"] == "Izin Penyelenggaraan Reklame" and row["office_name"].startswith("Dinas Penanaman Modal")
    assert row["legal"] == row["now"] != ""


def test_four_eyes_hold_for_what_was_verified_before(old, client):
    ani = as_staff(client, "operator", name="Ani")
    ani.post("/kerja/PRZ-2026-000002/terbitkan", data={"approve-terms": ""})
    assert old.execute("SELECT count(*) FROM permit").fetchone()[0] == 1
    budi = as_staff(client, "operator", name="Budi")
    budi.post("/kerja/PRZ-2026-000002/terbitkan", data={"approve-terms": ""})
    assert old.execute("SELECT count(*) FROM permit").fetchone()[0] == 2
