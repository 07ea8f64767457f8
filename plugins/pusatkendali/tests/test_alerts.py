"""Alerts as people meet them."""

from lumbung_plugin.kpi import Figure
from pusatkendali import alerts

BOUND = {"side": "above", "bound": "15", "clear": "10", "minutes": "0", "note": "Telepon dinasnya", "active": "y"}


def set_bound(leader, figure, **changes):
    return leader.post(f"/admin/angka/{figure}/ambang", data=BOUND | changes)


def late(value):
    return Figure("lapor.terlambat", value, "laporan", "Lewat tenggat", "Past the deadline", good="down")


def test_a_crossed_bound_is_seen_on_board_wall_and_list(leader, tell):
    figure = tell(late(12))
    set_bound(leader, figure)
    tell(late(16))
    for page in ("/kerja", "/kerja/dinding?hal=2", "/kerja/peringatan"):
        text = leader.get(page).text
        assert "Lewat tenggat" in text and "di atas 15" in text, page


def test_one_crossing_is_one_alert_with_its_worst_value(leader, tell, db):
    set_bound(leader, tell(late(12)))
    for value in (16, 19, 17, 12, 16):
        tell(late(value))
    rows = db.execute("SELECT * FROM alert").fetchall()
    assert [(row["value"], row["worst"], row["ended_at"]) for row in rows] == [(16, 19, None)]


def test_it_ends_when_the_value_is_back_and_stays_in_the_history(leader, tell, db):
    set_bound(leader, tell(late(16)))
    tell(late(10))
    assert alerts.standing(db) == [] and alerts.past(db)[0][0]["end_value"] == 10
    assert "Lewat tenggat" in leader.get("/kerja/peringatan").text


def test_taking_notice_is_recorded_once_with_name_and_note(leader, tell, db):
    set_bound(leader, tell(late(16)))
    leader.post("/kerja/peringatan/1/baca", data={"note": "Sudah ditelepon"})
    again = leader.post("/kerja/peringatan/1/baca", data={"note": "Saya juga"}, follow_redirects=True)
    row = db.execute("SELECT * FROM alert").fetchone()
    assert (row["read_by"], row["read_note"]) == ("Kantor wali kota (demo)", "Sudah ditelepon")
    assert "sudah ditandai" in again.text


def test_only_the_leaders_office_takes_notice(leader, health, tell, db):
    set_bound(leader, tell(late(16)))
    assert health.post("/kerja/peringatan/1/baca").status_code == 403
    assert db.execute("SELECT read_at FROM alert").fetchone()["read_at"] is None


def test_an_end_on_the_wrong_side_is_explained_and_typed_values_stay(leader, tell, db):
    answer = set_bound(leader, tell(late(12)), clear="20")
    assert answer.status_code == 422 and "sisi aman" in answer.text and 'value="20"' in answer.text
    assert alerts.thresholds(db) == []


def test_bad_input_is_explained(leader, tell):
    figure = tell(late(12))
    for changes in (
        {"bound": "banyak"},
        {"minutes": "99999999"},
        {"side": "beside"},
        {"note": "x" * 201},
        {"bound": ""},
    ):
        assert set_bound(leader, figure, **changes).status_code == 422, changes


def test_a_threshold_that_is_changed_begins_anew(leader, tell, db):
    set_bound(leader, tell(late(16)))
    leader.post("/admin/ambang/1", data=BOUND | {"bound": "30"})
    assert alerts.standing(db) == []


def test_a_removed_threshold_leaves_its_alerts_as_history(leader, tell, db):
    set_bound(leader, tell(late(16)))
    leader.post("/admin/ambang/1/hapus")
    assert alerts.thresholds(db) == [] and len(alerts.past(db)[0]) == 1


def test_out_of_force_it_alerts_nobody(leader, tell, db):
    set_bound(leader, tell(late(12)), active="")
    tell(late(99))
    assert alerts.standing(db) == []
