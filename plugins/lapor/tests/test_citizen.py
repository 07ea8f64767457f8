import pytest
from lapor.citizen import PER_BROWSER, TOGETHER

from .conftest import REPORT


def test_a_report_gets_a_number_and_a_code_that_open_it(client, send):
    number, code = send()
    page = client.get(f"/ikuti/{number}/{code}?baru=1").text
    assert number in page and code in page and "Lampu jalan mati" in page


def test_the_link_to_keep_is_on_the_plugins_own_origin(client, send):
    number, code = send()
    page = client.get(f"/ikuti/{number}/{code}?baru=1", headers={"Host": "evil.example"}).text
    assert f"http://lapor.bontang.localhost:8000/ikuti/{number}/{code}" in page


def test_numbers_run_on_within_the_year(send):
    first, second = send()[0], send()[0]
    assert int(second[-6:]) == int(first[-6:]) + 1


def test_the_code_may_be_typed_carelessly(client, send):
    number, code = send()
    answer = client.post("/ikuti", data={"number": number.lower(), "code": code.lower().replace("-", " ")})
    assert answer.status_code == 302


def test_a_wrong_code_opens_nothing(client, send):
    number, _ = send()
    assert client.get(f"/ikuti/{number}/AAAA-AAAA-AAAA").status_code == 404
    assert "tidak cocok" in client.post("/ikuti", data={"number": number, "code": "AAAA-AAAA-AAAA"}).text


def test_follow_pages_are_neither_indexed_nor_kept(client, send):
    number, code = send()
    headers = client.get(f"/ikuti/{number}/{code}").headers
    assert headers["X-Robots-Tag"] == "noindex" and headers["Cache-Control"] == "no-store"


def test_only_a_digest_of_the_code_is_stored(send, db):
    _, code = send()
    stored = " ".join(str(value) for row in db.execute("SELECT * FROM report") for value in row)
    assert code not in stored and code.replace("-", "") not in stored


def test_an_anonymous_report_stores_nothing_about_its_sender(send, db):
    send(anonymous="y", reporter_name="Warga Uji", reporter_phone="0812 3456 7890")
    everything = "\n".join(db.iterdump())
    assert "Warga Uji" not in everything and "3456" not in everything and "127.0.0.1" not in everything


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": "x"}, "8 sampai 100"),
        ({"body": "pendek"}, "20 sampai 4000"),
        ({"body": "x" * 4001}, "20 sampai 4000"),
        ({"category_id": ""}, "Kategori"),
        ({"category_id": "999"}, "tidak tersedia"),
        ({"category_id": "a"}, "tidak sah"),
        ({"kelurahan": ""}, "Sebutkan tempatnya"),
        ({"kelurahan": "Lain"}, "tidak tersedia"),
        ({"latitude": "0.1"}, "bersama-sama"),
        ({"latitude": "91", "longitude": "117"}, "antara"),
        ({"latitude": "nan", "longitude": "nan"}, 'class="error"'),
        ({"reporter_phone": "telepon saya"}, "0812 3456 7890"),
        ({"kind": "spam"}, "tidak tersedia"),
    ],
)
def test_bad_input_is_explained(client, change, words):
    answer = client.post("/lapor", data=REPORT | change)
    assert answer.status_code == 400 and words in answer.text


def test_what_was_typed_survives_a_mistake(client):
    assert "Lampu di depan pasar" in client.post("/lapor", data=REPORT | {"title": "x"}).text


def test_a_city_without_a_list_of_kelurahan_takes_the_street_alone(host, request):
    host.delenv("CONFIG_FILE")
    client = request.getfixturevalue("client")
    assert 'name="kelurahan"' not in client.get("/lapor").text
    shown = {name: value for name, value in REPORT.items() if name != "kelurahan"}
    assert client.post("/lapor", data=shown | {"address": "Jalan Pasar Pagi"}).status_code == 302


def test_a_filled_hidden_field_sends_nothing(client, db):
    assert client.post("/lapor", data=REPORT | {"website": "http://spam.example"}).status_code == 302
    assert db.execute("SELECT count(*) FROM report").fetchone()[0] == 0


def test_one_browser_cannot_flood(client):
    codes = [client.post("/lapor", data=REPORT).status_code for _ in range(PER_BROWSER + 1)]
    assert codes == [302] * PER_BROWSER + [429]


def test_all_browsers_together_cannot_flood(app, db):
    for _ in range(TOGETHER):
        assert app.test_client().post("/lapor", data=REPORT).status_code == 302
    assert app.test_client().post("/lapor", data=REPORT).status_code == 429


def test_an_answer_is_rated_once(client, answered, db):
    number, code = answered()
    for stars in ("5", "1"):
        client.post(f"/ikuti/{number}/{code}/nilai", data={"stars": stars, "note": "cepat"})
    assert db.execute("SELECT rating FROM report").fetchone()["rating"] == 5


def test_a_report_without_answer_cannot_be_rated(client, published, db):
    number, code = published()
    client.post(f"/ikuti/{number}/{code}/nilai", data={"stars": "5"})
    assert db.execute("SELECT rating FROM report").fetchone()["rating"] is None


@pytest.mark.parametrize("stars", ["0", "6", "x", ""])
def test_a_rating_is_one_to_five(client, answered, stars):
    number, code = answered()
    assert client.post(f"/ikuti/{number}/{code}/nilai", data={"stars": stars}).status_code == 400


def test_reopening_gives_the_office_a_new_deadline_and_drops_the_rating(client, answered, db):
    number, code = answered()
    client.post(f"/ikuti/{number}/{code}/nilai", data={"stars": "1"})
    client.post(f"/ikuti/{number}/{code}/buka-lagi", data={"reason": "Lampunya mati lagi tadi malam."})
    row = db.execute("SELECT * FROM report").fetchone()
    assert (row["state"], row["rating"], row["reopened"], row["answered_at"]) == ("assigned", None, 1, None)
    assert row["deadline"] != "2030-01-02"


def test_who_reports_anonymously_is_not_asked_to_correct_what_is_thrown_away(client, db):
    data = REPORT | {"anonymous": "y", "reporter_phone": "rahasia", "reporter_name": "x" * 200}
    assert client.post("/lapor", data=data).status_code == 302
    assert tuple(db.execute("SELECT reporter_name, reporter_phone FROM report").fetchone()) == (None, None)
