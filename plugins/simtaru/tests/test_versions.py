"""1.1.0: the matrix belongs to a version of the plan."""

from contextlib import closing

import pytest
from lumbung_plugin import connect, migrate
from simtaru.migrations import STEPS, upgrade


@pytest.fixture
def use_id(db):
    return db.execute("SELECT id FROM land_use WHERE code = 'KOS'").fetchone()[0]


def lay(administrator, use_id, letter, **query):
    return administrator.post("/admin/matriks/R-2", query_string=query, data={f"letter-{use_id}": letter})


def old_database(plans: int) -> None:
    """What 1.0.0 left behind: some versions, and one matrix for all of them."""
    with closing(connect()) as db:
        migrate(db, STEPS[:3])
        for serial, state in enumerate(("superseded", "in_force", "draft")[:plans]):
            db.execute("INSERT INTO plan (title, state, uploaded_at) VALUES (?, ?, '2026-01-01')", (f"{serial}", state))
        db.execute("INSERT INTO rule (class, use_id, letter, conditions) VALUES ('R-2', 1, 'B', 'Parkir')")
        db.execute("INSERT INTO rule (class, use_id, letter) VALUES ('K-1', 2, 'I')")
        db.commit()


@pytest.mark.parametrize(("plans", "owners"), [(3, [1, 2, 3]), (0, [None])])
def test_every_version_of_1_0_0_gets_the_rules_that_held_for_all(host, tmp_path, plans, owners):
    host.setenv("DATA_DIR", str(tmp_path / "old"))
    old_database(plans)
    upgrade()
    with closing(connect()) as db:
        rows = db.execute(
            "SELECT plan_id, class, use_id, letter, conditions FROM rule ORDER BY plan_id, class"
        ).fetchall()
    wanted = [(owner, *row) for owner in owners for row in (("K-1", 2, "I", ""), ("R-2", 1, "B", "Parkir"))]
    assert [tuple(row) for row in rows] == wanted


def test_rules_laid_down_before_the_first_plan_go_into_it(administrator, upload, db, use_id):
    assert lay(administrator, use_id, "I").status_code == 303
    upload()
    assert [tuple(row) for row in db.execute("SELECT plan_id, letter FROM rule ORDER BY id")] == [(None, "I"), (1, "I")]


def test_the_matrix_of_a_version_in_force_stands(published, administrator, db, use_id):
    plan_id = published()
    assert lay(administrator, use_id, "X", rencana=plan_id).status_code == 409
    assert db.execute("SELECT count(*) FROM rule").fetchone()[0] == 0


def test_a_draft_changes_and_the_plan_in_force_does_not(published, ruled, administrator, client, use_id):
    plan_id = published()
    ruled("R-2", "KOS", "I")
    draft = int(administrator.post(f"/admin/rencana/{plan_id}/salin").headers["Location"].rsplit("/", 1)[1])
    assert lay(administrator, use_id, "X", rencana=draft).status_code == 303
    ask = "/_zona?lat=0.1005&lon=117.4005&use=KOS"
    assert client.get(ask).json["verdict"] == "allowed"
    told = {"regulation": "Perwali 2", "decided_on": "2026-02-02", "seen": "y"}
    administrator.post(f"/admin/rencana/{draft}/berlaku", data=told)
    assert client.get(ask).json["verdict"] == "forbidden"
    assert "Rumah kos" in client.get(f"/rencana/banding?dari={plan_id}&ke={draft}&lang=id").text


def test_a_copy_has_every_zone_and_goes_without_the_original(published, administrator, db):
    plan_id = published()
    address = administrator.post(f"/admin/rencana/{plan_id}/salin").headers["Location"]
    assert db.execute("SELECT count(*) FROM zone").fetchone()[0] == 4
    administrator.post(f"{address}/buang")
    assert db.execute("SELECT count(*) FROM zone").fetchone()[0] == 2
