import os

import pytest
from lumbung_plugin import city, facts, kpi, mail, outside, settings, siblings, tenant
from lumbung_plugin.testing import Siblings, as_sibling, as_staff, hosted


@pytest.mark.parametrize("code", outside.CODES)
def test_every_refusal_can_be_tried(monkeypatch, code):
    with Siblings(monkeypatch) as lumbung:
        lumbung.refuses(code)
        with pytest.raises(outside.CODES[code]) as caught:
            siblings.ask("simtaru", "zoning.read")
        assert caught.value.code == code


def test_a_refusal_nobody_gives_is_a_mistake_of_the_test(monkeypatch):
    with pytest.raises(ValueError, match="not-granted"):
        Siblings(monkeypatch).refuses("no")


def test_a_sibling_that_was_given_no_answer_is_absent(monkeypatch):
    with Siblings(monkeypatch) as lumbung, pytest.raises(outside.SiblingAway):
        lumbung.answers("simtaru", "other", {})
        siblings.ask("simtaru", "zoning.read")


def test_one_sibling_may_refuse_while_mail_goes(monkeypatch):
    with Siblings(monkeypatch) as lumbung:
        lumbung.refuses("sibling-off", "simtaru", "zoning.read")
        assert mail.send("warga@example.org", "Halo", "Isi")
        with pytest.raises(outside.SiblingAway):
            siblings.ask("simtaru", "zoning.read")
        assert lumbung.mails == [{"to": ["warga@example.org"], "subject": "Halo", "text": "Isi"}]


def test_what_was_asked_is_remembered(monkeypatch):
    with Siblings(monkeypatch) as lumbung:
        lumbung.answers("simtaru", "zoning.read", {"zone": "K-1"}, status=409)
        reply = siblings.ask("simtaru", "zoning.read", "parcel/3", {"tahun": 2026}, method="POST", data=[1])
        assert (reply.status, reply.json()) == (409, {"zone": "K-1"})
        found = lumbung.asked[0]
        assert (found.path, found.params, found.data) == (
            "/siblings/simtaru/zoning.read/parcel/3",
            {"tahun": "2026"},
            [1],
        )


def test_figures_and_the_citys_units_are_told(monkeypatch):
    with Siblings(monkeypatch, units=[(7, "Dinas PUPR")]) as lumbung:
        kpi.report(kpi.Figure("laporan.baru", 3))
        assert lumbung.figures[0]["name"] == "laporan.baru"
        assert [unit.name for unit in facts.units()] == ["Dinas PUPR"] and tenant() == city()


@pytest.mark.parametrize(("slug", "name"), [("bandung", "Kota Bandung"), ("solok", "Kota Solok")])
def test_a_bundle_is_hosted_for_any_city(monkeypatch, tmp_path, slug, name):
    monkeypatch.setenv("TENANT_DEMO", "1")
    data = hosted(monkeypatch, tmp_path, {"title": "Lapor"}, "lapor", slug)
    assert (city().name, city().demo, os.environ["DATA_DIR"]) == (name, False, str(data))
    assert settings()["title"] == "Lapor" and not outside.there()


def test_a_client_may_be_staff_while_another_stays_a_citizen(client):
    assert as_staff(client).get("/kerja").status_code == 200
    assert as_staff(client).get("/admin").status_code == 403
    assert as_staff(client, "administrator").get("/admin").status_code == 200
    assert as_sibling(client, "spbe", "kpi.read").get("/kerja").status_code == 403
    assert client.get("/kerja").status_code == 403
