"""The spatial plan: every answer has its words, and without an answer it goes on."""

import pytest
from perizinan.zoning import kept

from .conftest import PLACE

ANSWER = {
    "zone": {"code": "K-1", "name": "Perdagangan", "name_en": "Trade", "class": "K"},
    "use": {"code": "TOWER", "name": "Menara", "name_en": "Tower"},
    "verdict": "allowed", "conditions": "", "conditions_en": "", "url": "http://simtaru.bontang.localhost/peta",
}  # fmt: skip


def says(lumbung, **changes):
    lumbung.answers("simtaru", "zoning.read", ANSWER | changes)


def test_only_place_and_use_are_told(lumbung, begin, client):
    says(lumbung)
    client.post(f"/permohonan/{begin('menara')}/tempat", data=PLACE)
    asked = [one for one in lumbung.asked if "simtaru" in one.path]
    assert [one.params for one in asked] == [{"lat": "0.133", "lon": "117.5", "use": "TOWER"}]


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("allowed", "allows this use here"),
        ("limited", "within limits"),
        ("conditional", "under conditions"),
        ("forbidden", "does not allow this use here"),
        ("unknown", "says nothing of this place"),
    ],
)
def test_every_verdict_has_its_words(lumbung, begin, client, verdict, words):
    says(lumbung, verdict=verdict, conditions="Jarak 50 m.", conditions_en="Keep 50 m.")
    number = begin("menara")
    client.post(f"/permohonan/{number}/tempat", data=PLACE)
    page = client.get(f"/permohonan/{number}/tempat?lang=en").text
    assert words in page and "Keep 50 m." in page and "Trade" in page


@pytest.mark.parametrize("code", ["not-granted", "sibling-absent", "sibling-off", "sibling-away", "too-many", "quota"])
def test_without_an_answer_it_goes_on_and_says_so(lumbung, begin, client, row, code):
    lumbung.refuses(code)
    number = begin("menara")
    assert client.post(f"/permohonan/{number}/tempat", data=PLACE).status_code == 302
    assert kept(row(number)["zoning"]).verdict == "away"
    assert "checks the place by hand" in client.get(f"/permohonan/{number}/tempat?lang=en").text


def test_alone_it_goes_on_too(begin, client, row):
    number = begin("menara")
    client.post(f"/permohonan/{number}/tempat", data=PLACE)
    assert kept(row(number)["zoning"]).verdict == "away"


def complete(number, slug, db):
    for need in db.execute(
        "SELECT r.id FROM requirement r JOIN permit_type t ON t.id = r.type_id WHERE slug = ? AND needed = 1", (slug,)
    ):
        db.execute(
            "INSERT INTO file (application_id, requirement_id, name, title, kind, size, added_at)"
            " SELECT id, ?, hex(randomblob(8)), 'x', 'pdf', 1, '2026-01-01' FROM application WHERE number = ?",
            (need["id"], number),
        )
    db.commit()


def test_a_forbidden_use_is_warned_of_and_sent_knowingly(lumbung, begin, client, db, row):
    says(lumbung, verdict="forbidden")
    number = begin("menara")
    client.post(f"/permohonan/{number}/tempat", data=PLACE)
    complete(number, "menara", db)
    client.post(f"/permohonan/{number}/kirim")
    assert row(number)["state"] == "draft"
    client.post(f"/permohonan/{number}/kirim", data={"warned": "y"})
    assert row(number)["state"] == "checking"


def test_where_the_type_says_so_a_forbidden_use_is_not_sent(lumbung, begin, client, db, row):
    says(lumbung, verdict="forbidden")
    number = begin("rencana-kota")
    client.post(f"/permohonan/{number}/tempat", data=PLACE)
    complete(number, "rencana-kota", db)
    client.post(f"/permohonan/{number}/kirim", data={"warned": "y"})
    assert row(number)["state"] == "draft"
    assert "cannot be sent" in client.get(f"/permohonan/{number}?lang=en").text


def test_a_place_is_needed_where_the_type_asks_for_one(begin, client, db, row):
    number = begin("menara")
    complete(number, "menara", db)
    client.post(f"/permohonan/{number}/kirim")
    assert row(number)["state"] == "draft"


@pytest.mark.parametrize("bad", [{"latitude": "95"}, {"latitude": "abc"}, {"longitude": ""}, {"latitude": "nan"}])
def test_a_place_outside_the_country_is_refused(begin, client, row, bad):
    number = begin("menara")
    assert client.post(f"/permohonan/{number}/tempat", data=PLACE | bad).status_code == 400
    assert row(number)["latitude"] is None


def test_officers_ask_again(lumbung, begin, client, operator, db, row):
    number = begin("menara")
    client.post(f"/permohonan/{number}/tempat", data=PLACE)
    complete(number, "menara", db)
    lumbung.refuses("sibling-away")
    client.post(f"/permohonan/{number}/kirim")
    lumbung.refuses("")
    says(lumbung)
    operator.post(f"/kerja/{number}/zona")
    assert kept(row(number)["zoning"]).zone == "Perdagangan"


def test_the_administrator_is_offered_the_uses_of_the_plan(lumbung, administrator):
    lumbung.answers("simtaru", "zoning.read", {"uses": [{"code": "TOWER", "name": "Menara"}, "nonsense"]})
    assert '<option value="TOWER">' in administrator.get("/admin/jenis/1").text
