"""1.1.0: milestones belong to stages, those of 1.0.0 by their dates."""

from contextlib import closing

from lumbung_plugin import connect, migrate, transaction
from rencana import stages
from rencana.migrations import FIRST, upgrade

DUE = ("2019-05-01", "2020-12-31", "2022-01-01", "2023-07-01", "2024-02-29", "2029-01-01", "2035-01-01")


def test_every_milestone_of_the_first_release_finds_its_stage(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "old"))
    with closing(connect()) as db:
        migrate(db, FIRST)
        with transaction(db):
            db.execute(
                "INSERT INTO programme (aim_id, name, owner_id, begins, ends)"
                " VALUES (1, 'Pusat kendali', 1, '2019-01-01', '2035-12-31')"
            )
            db.executemany(
                "INSERT INTO milestone (programme_id, title, due, done_at) VALUES (1, 'Tonggak', ?, '2021-01-01')",
                [(due,) for due in DUE],
            )
        upgrade()
        found = db.execute(
            "SELECT due, done_at, stage.name FROM milestone JOIN stage ON stage.id = stage_id ORDER BY due"
        ).fetchall()
    names = ["Inisiasi", "Inisiasi", "Pengembangan", "Pemanfaatan", "Penyempurnaan", "Penyempurnaan", "Penyempurnaan"]
    assert [tuple(row) for row in found] == [(due, "2021-01-01", name) for due, name in zip(DUE, names, strict=True)]


def test_a_milestone_goes_where_its_office_says_or_its_date_falls(owner, client, db, programme):
    form = {"new-title": "Ruang siap", "new-due": "2027-01-01", "new-app": "", "new-direction": "up"}
    owner.post(f"/kerja/program/{programme}/tonggak", data=form | {"new-stage_id": ""})
    owner.post(f"/kerja/program/{programme}/tonggak", data=form | {"new-stage_id": "1"})
    assert owner.post(f"/kerja/program/{programme}/tonggak", data=form | {"new-stage_id": "77"}).status_code == 400
    assert [row[0] for row in db.execute("SELECT stage_id FROM milestone ORDER BY id")] == [4, 1]
    assert [(part.row["id"], len(part.milestones), part.percent) for part in stages.parts(db)] == [
        (1, 1, 0), (2, 0, 0), (3, 0, 0), (4, 1, 0)
    ]  # fmt: skip
    assert "Penyempurnaan" in client.get("/tahap").text and "Penyempurnaan" in client.get("/unduh.csv").text
