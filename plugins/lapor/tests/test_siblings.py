"""`reports.create`: what another plugin of the city may send."""

import pytest

POST = {
    "kind": "complaint",
    "title": "Lampu taman padam",
    "body": "Min, lampu taman padam sejak kemarin",
    "kelurahan": "Kanaan",
    "category": "Penerangan jalan",
    "source": "lainnya",
    "source_name": "X/Twitter",
    "source_url": "https://x.example/warga/status/1",
    "reference": "x-1",
}


def test_a_post_becomes_a_report_that_waits_for_a_check(kanal, client, operator):
    answer = kanal.post("/_laporan", json=POST)
    number = answer.json["number"]
    assert answer.status_code == 201 and answer.json["url"].endswith(f"/laporan/{number}")
    assert number in operator.get("/kerja").text
    assert client.get(f"/laporan/{number}").status_code == 404


def test_its_source_is_said_honestly(kanal, client, operator, db):
    number = kanal.post("/_laporan", json=POST).json["number"]
    operator.post(f"/kerja/{number}/terima")
    page = client.get(f"/laporan/{number}").text
    assert "dari akun media sosial (X/Twitter)" in page and 'href="https://x.example/warga/status/1"' in page
    assert db.execute("SELECT source FROM report").fetchone()["source"] == "kanal", "not what the sender claims to be"


def test_the_same_reference_is_the_same_report(kanal, db):
    first = kanal.post("/_laporan", json=POST)
    again = kanal.post("/_laporan", json=POST | {"title": "Lain sama sekali"})
    assert (again.status_code, again.json) == (200, first.json)
    assert db.execute("SELECT count(*) FROM report").fetchone()[0] == 1


def test_how_it_stands_is_told_in_both_languages(kanal, operator):
    number = kanal.post("/_laporan", json=POST).json["number"]
    operator.post(f"/kerja/{number}/disposisi", data={"assign-office_id": "1", "assign-deadline": "2030-01-02"})
    told = kanal.get(f"/_laporan/{number}").json
    assert (told["state"], told["state_label"]["en"], told["answered_at"]) == ("assigned", "Being worked on", None)
    assert told["office"] == "Dinas Pekerjaan Umum dan Penataan Ruang"


def test_a_sibling_reads_only_what_it_has_sent(kanal, published):
    number, _ = published()
    assert kanal.get(f"/_laporan/{number}").status_code == 404


def test_nobody_else_sends_or_reads(client, operator):
    for stranger in (client, operator):
        assert stranger.post("/_laporan", json=POST).status_code == 403
        assert stranger.get("/_laporan/LP-2026-000001").status_code == 403


def test_what_the_city_does_not_know_as_kelurahan_is_an_address(kanal, db):
    kanal.post("/_laporan", json=POST | {"kelurahan": "dekat Pasar Rawa"})
    assert tuple(db.execute("SELECT kelurahan, address FROM report").fetchone()) == ("", "dekat Pasar Rawa")


def test_without_a_category_it_is_something_else(kanal, db):
    kanal.post("/_laporan", json={"title": "Tanya", "body": "Kapan pasar buka?", "kind": "question"})
    row = db.execute("SELECT name FROM category JOIN report ON report.category_id = category.id").fetchone()
    assert row["name"] == "Lainnya"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "spam"}, "kind"),
        ({"kind": ["complaint"]}, "kind"),
        ({"title": "x"}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"title": {"a": 1}}, "title"),
        ({"body": ""}, "body"),
        ({"body": "x" * 4001}, "body"),
        ({"category": "Tidak ada"}, "category"),
        ({"category": 7}, "category"),
        ({"source_name": "x" * 61}, "source_name"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"source_url": "http://x.example/1"}, "source_url"),
        ({"source_url": "https://[broken"}, "source_url"),
        ({"reference": "x" * 121}, "reference"),
        ({"reference": 5}, "reference"),
    ],
)
def test_bad_fields_are_named(kanal, db, change, field):
    answer = kanal.post("/_laporan", json=POST | change)
    assert answer.status_code == 422 and field in answer.json["errors"]
    assert db.execute("SELECT count(*) FROM report").fetchone()[0] == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b'"x"', b"[" * 5000])
def test_what_is_no_object_is_refused(kanal, body):
    assert kanal.post("/_laporan", data=body, content_type="application/json").status_code == 422


def test_a_flood_of_posts_ends_and_does_not_shut_out_citizens(kanal, send, monkeypatch):
    monkeypatch.setattr("lapor.siblings.MOST", 3)
    answers = [kanal.post("/_laporan", json=POST | {"reference": str(n)}).status_code for n in range(4)]
    assert answers == [201, 201, 201, 429]
    assert send()


def test_markup_in_a_post_is_text(kanal, operator):
    number = kanal.post(
        "/_laporan", json=POST | {"source_name": "<b>X", "body": "<script>alert(1)</script> rusak"}
    ).json
    page = operator.get(f"/kerja/{number['number']}").text
    assert "<script>alert" not in page and "<b>X" not in page
