"""The bundle as a repository of its own: complete, in both languages, with a demonstration, able to run alone."""

from anggaran import figures, sums
from lumbung_plugin.contract import BundleContract


class TestBundle(BundleContract):
    pages = ("/", "/kegiatan", "/banding")
    figures = frozenset({"anggaran.pagu"})


def test_a_demonstration_is_rich(demo, db):
    assert [tuple(row) for row in db.execute("SELECT count(*), sum(demo) FROM year")] == [(1, 1)]
    for row in db.execute("SELECT id FROM version").fetchall():
        total = sums.total(db, row["id"])
        assert total.struck and total.cut > total.struck and total.n > 400
    assert {row[0] for row in db.execute("SELECT DISTINCT state FROM item")} == {"draft", "submitted", "struck"}
    told = {figure.name: figure.value for figure in figures.figures(db)}
    assert told["anggaran.menunggu"] and told["anggaran.dihemat"]
    assert not db.execute("SELECT 1 FROM event WHERE actor_name NOT LIKE '%(demo)'").fetchall()


def test_made_up_sums_stay_marked_when_the_city_is_real(demo, client):
    demo.delenv("TENANT_DEMO")
    assert "contoh (demo)" in client.get("/").text
