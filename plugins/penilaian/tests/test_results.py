import re
from datetime import timedelta
from html import unescape

import pytest
from lumbung_plugin import clock
from penilaian import figures, results
from penilaian.tasks import tidy
from penilaian.voting import part


def text(response) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.text).split()))


@pytest.fixture
def rated(someone, code):
    """So many people rate."""

    def rate(times: int, score: str = "4", name: str = "KTP elektronik") -> None:
        for _ in range(times):
            assert someone().post(f"/nilai/{code(name)}", data={"score": score}).status_code == 303

    return rate


@pytest.fixture
def surveyed(someone, code, answers):
    def survey(times: int, value: int = 4, name: str = "KTP elektronik", **more: str) -> None:
        for _ in range(times):
            assert someone().post(f"/survei/{code(name)}", data=answers(value, **more)).status_code == 303

    return survey


def test_nothing_is_shown_below_the_minimum(client, surveyed, code) -> None:
    surveyed(4)
    for address in ("/hasil", "/hasil/unit/1", f"/hasil/{code('KTP elektronik')}"):
        assert "Not enough answers yet: 4 of 5" in text(client.get(address))
    assert "KTP" not in client.get("/hasil/data.csv", buffered=True).text


def test_from_the_minimum_on_the_index_is_public(client, surveyed) -> None:
    surveyed(5, 3)
    assert "75.00" in text(client.get("/hasil")) and "75,00" in text(client.get("/hasil?lang=id"))
    assert "KTP elektronik,5,75.0,C" in client.get("/hasil/data.csv", buffered=True).text


def test_a_burst_is_set_aside_at_once_and_said_openly(client, rated, db, code) -> None:
    rated(8)
    assert db.execute("SELECT count(*) FROM counted_rating").fetchone()[0] == 0
    assert [row["state"] for row in db.execute("SELECT state FROM burst")] == ["waiting"]
    assert "8 ratings" in text(client.get(f"/hasil/{code('KTP elektronik')}"))


def test_staff_decide_about_a_burst_with_a_public_reason(client, staff, rated, db, code) -> None:
    rated(8)
    work = staff("operator")
    assert work.post("/kerja/lonjakan/1", data={"state": "counted", "reason": ""}).status_code == 422
    assert work.post("/kerja/lonjakan/1", data={"state": "counted", "reason": "Rombongan sekolah."}).status_code == 303
    assert db.execute("SELECT count(*) FROM counted_rating").fetchone()[0] == 8
    assert "Rombongan sekolah." in text(client.get(f"/hasil/{code('KTP elektronik')}"))
    rated(1)
    assert db.execute("SELECT count(*) FROM burst").fetchone()[0] == 1


def test_surveys_in_a_burst_are_not_in_the_index(client, surveyed) -> None:
    surveyed(7, 4, "Akta kelahiran")
    page = text(client.get("/hasil"))
    assert "7 answers of this period are not counted" in page and "Not enough answers yet: 0" in page


def test_small_groups_of_the_profile_are_folded(client, surveyed, host) -> None:
    surveyed(5, 4, "KTP elektronik", sex="P")
    surveyed(1, 4, "Akta kelahiran", sex="L")
    page = text(client.get("/hasil"))
    assert "Others, together 6" in page and "Man 1" not in page


def test_who_is_set_aside_is_not_in_the_profile_either(client, staff, surveyed, db) -> None:
    surveyed(5, 4, "Akta kelahiran", sex="L")
    surveyed(8, 4, "KTP elektronik", sex="P")
    for later in (timedelta(), timedelta(hours=1)):
        part(db, clock.now() + later)
        db.commit()
        assert results.profile(db, results.present()) == {"sex": {"L": 5}}
    staff("operator").post("/kerja/lonjakan/1", data={"state": "counted", "reason": "Rombongan sekolah."})
    assert results.profile(db, results.present()) == {"sex": {"L": 5, "P": 8}}


def _comment(client, code, words: str = "Kursinya kurang.") -> None:
    client.post(f"/nilai/{code('KTP elektronik')}", data={"score": "2"})
    client.post("/terima-kasih", data={"text": words})


def test_a_comment_is_public_after_a_check_and_answered(client, staff, code) -> None:
    _comment(client, code)
    work, address = staff("operator"), f"/hasil/{code('KTP elektronik')}"
    assert "Kursinya kurang." in text(work.get("/kerja"))
    work.post("/kerja/komentar/1", data={"text": "Kursi ditambah bulan ini."})
    assert "Kursi" not in text(client.get(address))
    work.post("/kerja/komentar/1/tampilkan")
    assert "Kursinya kurang." in text(client.get(address)) and "Kursi ditambah bulan ini." in text(client.get(address))


def test_hiding_has_a_reason_and_the_words_are_erased_later(client, staff, code, db) -> None:
    _comment(client, code)
    work = staff("operator")
    work.post("/kerja/komentar/1/sembunyikan", data={"reason": "because"})
    assert db.execute("SELECT state FROM comment").fetchone()[0] == "waiting"
    work.post("/kerja/komentar/1/sembunyikan", data={"reason": "person"})
    db.execute("UPDATE comment SET judged_at = '2020-01-01T00:00:00+00:00'")
    db.commit()
    tidy()
    assert tuple(db.execute("SELECT text, state, score FROM comment").fetchone()) == (None, "hidden", 2)


def test_words_cannot_become_markup(client, staff, code) -> None:
    _comment(client, code, "<script>alert(1)</script>")
    staff().post("/kerja/komentar/1/tampilkan")
    assert "<script>alert" not in client.get(f"/hasil/{code('KTP elektronik')}").text


def test_an_operator_of_an_office_sees_only_its_own(client, staff, code, rated) -> None:
    _comment(client, code)
    rated(6, name="Akta kelahiran")
    other = staff("operator", "DPMPTSP")
    assert "Kursinya" not in other.get("/kerja").text
    assert other.get("/kerja/komentar/1").status_code == 404
    assert other.post("/kerja/komentar/1/tampilkan").status_code == 404
    assert other.get(f"/kerja/poster/{code('KTP elektronik')}").status_code == 404
    assert staff("operator", "Disdukcapil").get("/kerja/lonjakan/1").status_code == 404
    assert "KTP" not in other.get("/kerja/laporan?unit=1").text
    assert "KTP" not in other.get("/kerja/laporan.csv?unit=1", buffered=True).text


def test_an_operator_of_an_unknown_office_sees_nothing(client, staff, code) -> None:
    _comment(client, code)
    assert "Kursinya" not in staff("operator", "Dinas lain").get("/kerja").text


def test_the_report_is_a_letter_and_a_table(staff, surveyed) -> None:
    surveyed(5, 3)
    work = staff("operator")
    letter = work.get("/kerja/laporan.pdf?unit=1")
    assert letter.data.startswith(b"%PDF-") and letter.headers["Content-Disposition"].startswith("attachment")
    assert work.get("/kerja/laporan.pdf?unit=2").status_code == 200
    assert "75.0" in work.get("/kerja/laporan.csv", buffered=True).text


def test_the_poster_and_the_slips_are_pdf(staff, code, db) -> None:
    work = staff("operator")
    assert work.get(f"/kerja/poster/{code('KTP elektronik')}.pdf").data.startswith(b"%PDF-")
    made = work.post(f"/kerja/poster/{code('KTP elektronik')}/kode", data={"number": "13"})
    assert made.data.startswith(b"%PDF-") and db.execute("SELECT count(*) FROM token").fetchone()[0] == 13
    assert work.post(f"/kerja/poster/{code('KTP elektronik')}/kode", data={"number": "999"}).status_code == 422


def test_an_official_needs_a_number_and_a_code_stays(staff, db, code) -> None:
    work = staff()
    form = {"office_id": "1", "kind": "official", "name": "Petugas informasi", "active": "y"}
    assert "not rated by name" in text(work.post("/admin/sasaran/baru", data=form))
    assert "has a digit" in text(work.post("/admin/sasaran/baru", data=form | {"number": "Budi"}))
    assert work.post("/admin/sasaran/baru", data=form | {"number": "12"}).status_code == 303
    before = code("KTP elektronik")
    work.post("/admin/sasaran/1", data={"office_id": "1", "kind": "service", "name": "KTP", "active": "y"})
    assert code("KTP") == before


def test_two_alike_are_refused_in_words(staff) -> None:
    form = {"office_id": "1", "kind": "service", "name": "KTP elektronik", "place": "Loket 1", "active": "y"}
    assert "already one like this" in text(staff().post("/admin/sasaran/baru", data=form))


@pytest.mark.parametrize("path", ["/kerja", "/kerja/lonjakan", "/kerja/laporan", "/kerja/poster", "/admin",
                                  "/admin/sasaran/baru", "/admin/opd", "/kerja/laporan.pdf",
                                  "/kerja/laporan.csv"])  # fmt: skip
def test_citizens_do_not_see_staff_pages(client, path) -> None:
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/admin", "/admin/sasaran/1", "/admin/opd"])
def test_the_set_up_is_for_administrators(staff, path) -> None:
    assert staff("operator").get(path).status_code == 403 and staff().get(path).status_code == 200


@pytest.mark.parametrize("query", ["periode=kemarin", "periode=9999-1", "q=" + "x" * 500, "q=%00", "unit=-1"])
def test_nonsense_in_the_address_counts_as_absent(client, query) -> None:
    assert client.get(f"/hasil?{query}").status_code == 200 and client.get(f"/?{query}").status_code == 200


def test_figures_are_counts_without_words_and_wait_for_the_minimum(app, client, surveyed, code, db) -> None:
    _comment(client, code, "Kursi rahasia")
    with app.test_request_context():
        assert "penilaian.ikm" not in [one.name for one in figures.count(db)]
    surveyed(5, 4)
    told = client.get("/_kpi").json["figures"]
    assert {one["name"]: one["value"] for one in told}["penilaian.ikm"] == 100.0
    assert "rahasia" not in str(told) and all(one["label"]["id"] and one["label"]["en"] for one in told)
