"""Pages: who sees what, in both languages, as text files and on paper."""

from datetime import timedelta

import pytest
from lumbung_plugin import clock
from lumbung_plugin.kpi import Figure
from lumbung_plugin.testing import as_sibling
from pusatkendali import board, history

from .conftest import LATE

STAFF = ["/kerja", "/kerja/dinding", "/kerja/peringatan", "/kerja/disposisi", "/kerja/angka.csv"]
LEADER = ["/kerja/ringkasan", "/kerja/ringkasan/harian.pdf", "/kerja/disposisi/baru", "/kerja/disposisi/disposisi.csv",
          "/admin", "/admin/angka", "/admin/ambang", "/admin/ambang/baru", "/admin/kontak", "/admin/opd"]  # fmt: skip


@pytest.mark.parametrize("address", STAFF)
def test_staff_pages_are_for_staff(client, health, address):
    assert client.get(address).status_code == 403
    assert health.get(address).status_code == 200


@pytest.mark.parametrize("address", LEADER)
def test_the_leaders_pages_are_for_the_leaders_office(health, leader, address):
    assert health.get(address).status_code == 403
    assert leader.get(address).status_code == 200


@pytest.mark.parametrize(
    "address", ["/kerja/angka/99", "/kerja/angka/99.csv", "/kerja/disposisi/DSP-1", "/admin/angka/9"]
)
def test_what_is_not_there_is_said(leader, address):
    assert leader.get(address).status_code == 404


def test_the_public_sees_what_was_released_and_nothing_else(client, leader, tell):
    figure = tell(LATE)
    tell(Figure("antrian.menunggu", 777, "orang", "Menunggu dilayani", "Waiting"))
    assert "belum ada angka yang dirilis" in client.get("/").text.lower()
    leader.post(f"/admin/angka/{figure}", data={"theme": "voice", "position": "1", "released": "y"})
    page = client.get("/").text
    assert "Lewat tenggat" in page and "777" not in page
    leader.post(f"/admin/angka/{figure}", data={"theme": "voice", "position": "1"})
    assert "Lewat tenggat" not in client.get("/").text


def test_what_was_released_and_withheld_is_in_the_journal(leader, tell):
    leader.post(f"/admin/angka/{tell(LATE)}", data={"theme": "voice", "position": "1", "released": "y"})
    assert "Merilis angka ke publik: Lewat tenggat" in leader.get("/admin").text


def test_a_hidden_figure_is_neither_on_board_nor_public(client, leader, tell):
    data = {"theme": "voice", "position": "1", "released": "y", "hidden": "y"}
    leader.post(f"/admin/angka/{tell(LATE)}", data=data)
    assert "Lewat tenggat" not in leader.get("/kerja").text + client.get("/").text


@pytest.mark.parametrize("data", [{"theme": "x", "position": "1"}, {"theme": "voice", "position": "0"}, {}])
def test_a_place_that_cannot_be_is_refused(leader, tell, data):
    assert leader.post(f"/admin/angka/{tell(LATE)}", data=data).status_code == 422


def test_the_wall_turns_by_the_clock_and_can_be_held(leader, tell, host):
    for number in range(8):
        tell(Figure(f"lapor.x{number}", number, "", f"Angka nomor {number}"))
    pages = {leader.get(f"/kerja/dinding?hal={number}").text.count('wall-kpi"') for number in (1, 2, 3)}
    assert pages == {6, 2, 0}
    seen = set()
    now = clock.now()
    for turn in range(3):
        host.setattr(clock, "now", lambda turn=turn: now + timedelta(seconds=20 * turn))
        seen.add("Angka nomor 0" in leader.get("/kerja/dinding").text)
    assert seen == {True, False}


def test_without_scripts_the_wall_asks_for_itself_again(leader):
    page = leader.get("/kerja/dinding").text
    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in page


def test_figures_as_csv_are_no_formulas(leader, tell):
    tell(Figure("lapor.x", 5, "=1+1", "=cmd|x", "y"))
    text = leader.get("/kerja/angka.csv").text
    assert "'=cmd|x" in text and "5.0" in text


def test_a_figures_page_shows_its_curve_and_its_csv(leader, tell, db):
    figure = tell(LATE)
    for days in range(1, 40):
        history.record(db, figure, days, clock.now() - timedelta(days=days))
    db.commit()
    for closeness in ("raw", "hour", "day", "nonsense"):
        assert leader.get(f"/kerja/angka/{figure}?rentang={closeness}").status_code == 200
    assert len(leader.get(f"/kerja/angka/{figure}.csv?rentang=day").text.splitlines()) == 41


def test_the_summary_compares_with_the_day_and_the_week_before(leader, tell, db):
    figure = tell(LATE)
    for days, value in ((1, 10), (7, 24)):
        history.record(db, figure, value, clock.now() - timedelta(days=days))
    db.commit()
    page = leader.get("/kerja/ringkasan").text
    assert "naik 20 %" in page and "turun 50 %" in page


def test_a_past_day_is_told_as_it_was_and_no_day_to_come(leader, tell, db):
    figure = tell(LATE)
    past = clock.today() - timedelta(days=3)
    history.record(db, figure, 4321, clock.now() - timedelta(days=3))
    db.commit()
    assert "4.321" in leader.get(f"/kerja/ringkasan?hari={past}").text
    assert leader.get("/kerja/ringkasan?hari=2999-01-01").status_code == 200
    assert leader.get("/kerja/ringkasan?hari=kemarin").status_code == 200


def test_the_summary_as_pdf(leader, tell):
    tell(LATE)
    answer = leader.get("/kerja/ringkasan/harian.pdf")
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")


def test_its_own_figures_are_told_to_siblings(client, leader, given):
    told = {one["name"]: one for one in as_sibling(client, "rencana", "kpi.read").get("/_kpi").json["figures"]}
    assert told["pusatkendali.disposisi"]["value"] == 1 and told["pusatkendali.terlambat"]["good"] == "down"
    assert all(one["label"]["id"] and one["label"]["en"] for one in told.values())


def test_the_median_and_the_share_appear_with_the_first_verdict(client, leader, health, given):
    health.post(f"/kerja/disposisi/{given}/tindak-lanjut", data={"report-text": "Sudah dikerjakan semua."})
    leader.post(f"/kerja/disposisi/{given}/terima")
    told = {one["name"]: one["value"] for one in as_sibling(client, "rencana", "kpi.read").get("/_kpi").json["figures"]}
    assert told["pusatkendali.tepat_waktu"] == 100


def test_many_points_are_thinned_and_the_last_stays(db):
    rows = list(range(2_000))
    thinned = board.thin(rows)
    assert len(thinned) <= 180 and thinned[-1] == 1_999
