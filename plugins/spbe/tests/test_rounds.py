"""1.1.0: three rounds of assessment; the later one counts."""

import io
from contextlib import closing

from lumbung_plugin import connect, migrate
from spbe import store
from spbe.migrations import STEPS, upgrade

from .conftest import ANSWER, YEAR


def send(administrator, text: str):
    data = {"file": (io.BytesIO(text.encode()), "hasil.csv")}
    return administrator.post(f"/admin/{YEAR}/kementerian", data=data, content_type="multipart/form-data")


OLD = """
INSERT INTO year (id, year, instrument, state, opened_at)
    VALUES (1, 2025, 'permenpanrb-59-2020', 'final', '2025-01-01');
INSERT INTO answer (id, year_id, number) VALUES (1, 1, 1);
INSERT INTO answer (id, year_id, number, level, note, filled_by, filled_name, filled_at, reviewed, review_note,
    reviewed_by, reviewed_name, reviewed_at)
    VALUES (2, 1, 2, 4, 'alasan', '7', 'Operator (demo)', '2025-02-01',
    3, 'temuan', '8', 'Asesor (demo)', '2025-03-01');
INSERT INTO answer (id, year_id, number, level, note, filled_by, filled_name, filled_at)
    VALUES (3, 1, 3, 2, 'alasan', '7', 'Operator (demo)', '2025-02-01');
INSERT INTO answer (id, year_id, number, level, note, filled_by, filled_name, filled_at, returned, review_note,
    reviewed_by, reviewed_name, reviewed_at)
    VALUES (4, 1, 4, 5, 'alasan', '7', 'Operator (demo)', '2025-02-01',
    1, 'unggah', '8', 'Asesor (demo)', '2025-03-01');
INSERT INTO evidence (answer_id, title, url, added_at) VALUES (2, 'Perwali', 'https://a.example', '2025-02-02');
"""


def test_each_claim_and_review_of_1_0_0_becomes_a_row_of_its_round(host, tmp_path):
    host.setenv("DATA_DIR", str(tmp_path / "old"))
    with closing(connect()) as db:
        migrate(db, STEPS[:2])
        db.executescript(OLD)
    upgrade()
    with closing(connect()) as db:
        rows = db.execute("SELECT answer_id, round, level, note, by_id, by_name, at FROM score ORDER BY 1, 3 DESC")
        assert [tuple(row) for row in rows] == [
            (2, "self", 4, "alasan", "7", "Operator (demo)", "2025-02-01"),
            (2, "internal", 3, "temuan", "8", "Asesor (demo)", "2025-03-01"),
            (3, "self", 2, "alasan", "7", "Operator (demo)", "2025-02-01"),
            (4, "self", 5, "alasan", "7", "Operator (demo)", "2025-02-01"),
        ]
        assert [store.standing(row) for row in store.answers(db, 1).values()] == [
            "empty", "changed", "claimed", "returned",
        ]  # fmt: skip
        assert store.answer(db, 1, 4)["returned_note"] == "unggah"
        assert db.execute("SELECT count(*) FROM evidence").fetchone()[0] == 1
        assert store.levels(db, 1) == {2: 3, 3: 2, 4: 5}


def test_the_ministrys_levels_count_before_all_others_even_in_a_final_year(begun, operator, administrator, db):
    begun()
    operator.post(f"/kerja/{YEAR}/1", data=ANSWER)
    administrator.post(f"/admin/{YEAR}/final", data={})
    assert send(administrator, "nomor,tingkat,catatan\n1,5,Baik sekali\n").status_code == 303
    assert store.levels(db, 1)[1] == 5


def test_a_new_file_takes_the_place_of_the_one_before(begun, administrator, db):
    begun()
    send(administrator, "nomor,tingkat\n1,5\n2,5\n")
    send(administrator, "nomor,tingkat\n1,2\n")
    assert store.levels(db, 1) == {1: 2}


def test_a_wrong_file_changes_nothing_and_names_its_lines(begun, administrator, db):
    begun()
    for text, line in (
        ("nomor,tingkat\n1,5\n99,5\n", 3),
        ("nomor,tingkat\n1,0\n", 2),
        ("nomor,tingkat\n1,2\n1,3\n", 3),
    ):
        answer = send(administrator, text)
        assert answer.status_code == 422 and f"Baris {line}" in answer.text
    assert store.levels(db, 1) == {}


def test_operators_do_not_lay_down_the_ministrys_levels(begun, operator):
    begun()
    assert operator.get(f"/admin/{YEAR}/kementerian").status_code == 403
