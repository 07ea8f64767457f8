"""The bundle as a repository of its own: complete, in both languages, and able to run alone."""

import json

from lumbung_plugin.contract import BundleContract
from perizinan import tasks


class TestBundle(BundleContract):
    pages = (
        "/", "/izin", "/izin/reklame", "/izin/reklame/ajukan", "/ikuti", "/periksa", "/daftar", "/angka", "/tentang",
    )  # fmt: skip
    figures = frozenset({"perizinan.terlambat"})


def test_the_manifest_asks_for_zones_only(bundle):
    assert bundle.manifest["connect"]["uses"] == ["simtaru:zoning.read"]


def test_every_file_of_facts_names_its_source(bundle):
    for path in (bundle.package / "data").glob("*.json"):
        assert len(json.loads(path.read_text())["source"]) > 40


def test_the_demonstration_has_every_state_and_names_nobody(demo, db):
    row = db.execute("SELECT count(*) AS n, count(DISTINCT state) AS states FROM application").fetchone()
    assert (row["n"], row["states"]) == (140, 8)
    assert not db.execute("SELECT 1 FROM application WHERE name NOT LIKE '%(demo)%'").fetchone()


def test_the_demonstration_has_permits_of_every_standing_and_late_applications(demo, client):
    for standing in ("valid", "expired", "revoked"):
        assert "/periksa/" in client.get(f"/daftar?status={standing}").text
    late = {one["name"]: one["value"] for one in client.get("/_kpi").json["figures"]}["perizinan.terlambat"]
    assert 1 <= late <= 6


def test_the_demonstrations_code_opens_made_up_applications_only_there(demo, client, db):
    number = db.execute("SELECT number FROM application WHERE state = 'correction'").fetchone()["number"]
    form = {"number": number, "code": "demo-2026"}
    assert client.post("/ikuti", data=form).status_code == 302
    demo.delenv("TENANT_DEMO")
    assert client.post("/ikuti", data=form).status_code == 400


def test_without_the_wish_there_is_no_demonstration(db):
    assert db.execute("SELECT count(*) FROM application").fetchone()[0] == 0


def test_eight_figures_are_told(demo, client):
    assert len(client.get("/_kpi").json["figures"]) == 8


def test_tidying_says_how_much_was_forgotten(capsys):
    tasks.tidy()
    assert capsys.readouterr().out == "0 applications forgotten\n"
