import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from lumbung_plugin import clock
from penilaian import tasks, voting


def text(response) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.text).split()))


def taken(db, table="rating") -> int:
    return db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_one_tap_is_enough(client, code, db) -> None:
    answer = client.post(f"/nilai/{code('KTP elektronik')}", data={"score": "4"})
    assert answer.status_code == 303 and taken(db) == 1
    assert "Thank you, that is counted" in text(client.get(answer.location))


def test_the_page_has_four_buttons_and_needs_no_script(client, code) -> None:
    page = client.get(f"/nilai/{code('KTP elektronik')}").text
    assert len(re.findall(r'<button class="face" name="score" value="[1-4]"', page)) == 4 and "<script" not in page


def test_a_poster_read_in_capitals_leads_to_the_same_page(client, code) -> None:
    answer = client.post("/kode", data={"code": f" {code('KTP elektronik').upper()} "})
    assert answer.location == f"/nilai/{code('KTP elektronik')}"


def test_the_same_browser_counts_once_until_the_time_is_over(client, code, db) -> None:
    client.post(f"/nilai/{code('KTP elektronik')}", data={"score": "4"})
    again = client.post(f"/nilai/{code('KTP elektronik')}", data={"score": "1"})
    assert again.status_code == 409 and "a short while ago" in text(again) and taken(db) == 1
    assert client.post(f"/nilai/{code('Akta kelahiran')}", data={"score": "3"}).status_code == 303


@pytest.mark.parametrize("score", ["", "0", "5", "-1", "4.5", "puas", "9" * 400])
def test_a_score_that_is_none_is_refused(client, code, db, score) -> None:
    answer = client.post(f"/nilai/{code('KTP elektronik')}", data={"score": score})
    assert answer.status_code == 409 and "one of the four" in text(answer) and taken(db) == 0


def test_a_machine_that_fills_in_everything_is_thanked_and_not_counted(client, code, db) -> None:
    answer = client.post(f"/nilai/{code('KTP elektronik')}", data={"score": "4", "website": "https://spam.example"})
    assert answer.status_code == 303 and taken(db) == 0


def test_a_rating_without_the_forms_token_is_refused(app, client, code, db) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post(f"/nilai/{code('KTP elektronik')}", data={"score": "4"}).status_code == 400 and taken(db) == 0


def test_an_unknown_poster_is_said_kindly(client) -> None:
    assert "No poster has this code" in text(client.get("/nilai/zzzzzz"))


def test_what_is_closed_cannot_be_rated(client, code, db) -> None:
    db.execute("UPDATE target SET active = 0")
    db.commit()
    answer = client.post(f"/nilai/{code('KTP elektronik')}", data={"score": "4"})
    assert answer.status_code == 409 and "no longer be rated" in text(answer) and taken(db) == 0


@pytest.fixture
def slip(app, db, code) -> str:
    """A visit code for the service that asks for one."""
    with app.app_context():
        made = voting.make_tokens(db, 4, 1)[0]
    db.commit()
    return f"/nilai/{code('Kartu keluarga')}/{made}"


def test_a_visit_code_counts_once_whoever_has_it(client, someone, db, slip) -> None:
    assert client.post(slip, data={"score": "4"}).status_code == 303
    again = someone().post(slip, data={"score": "1"})
    assert again.status_code == 409 and "has been used" in text(again) and taken(db) == 1


def test_a_visit_code_is_good_for_the_survey_too(client, slip, db, answers) -> None:
    client.post(slip, data={"score": "4"})
    assert client.post(slip.replace("nilai", "survei"), data=answers()).status_code == 303
    assert taken(db, "response") == 1


def test_without_a_code_such_a_service_is_not_rated(client, code, db) -> None:
    answer = client.post(f"/nilai/{code('Kartu keluarga')}", data={"score": "4"})
    assert answer.status_code == 409 and "code on your slip" in text(answer) and taken(db) == 0


def test_a_code_of_another_service_is_unknown_here(client, slip, code) -> None:
    stolen = slip.replace(code("Kartu keluarga"), code("KTP elektronik"))
    assert "not known here" in text(client.post(stolen, data={"score": "4"}))


def test_an_old_code_is_refused(client, slip, db) -> None:
    db.execute("UPDATE token SET until = '2020-01-01T00:00:00+00:00'")
    db.commit()
    assert "too old" in text(client.post(slip, data={"score": "4"}))


def test_guessing_codes_ends_soon(client, code) -> None:
    for _ in range(voting.TRIES):
        client.post(f"/nilai/{code('Kartu keluarga')}/AAAA-BBBB", data={"score": "4"})
    assert "very often" in text(client.post(f"/nilai/{code('Kartu keluarga')}/AAAA-BBBB", data={"score": "4"}))


def test_codes_are_kept_as_hashes_only(db, slip) -> None:
    assert slip.rsplit("/", 1)[1] not in str([tuple(row) for row in db.execute("SELECT * FROM token")])


def test_the_survey_is_nine_answers(client, code, db, answers) -> None:
    address = f"/survei/{code('KTP elektronik')}"
    lacking = answers()
    lacking.pop("u5")
    refused = client.post(address, data=lacking)
    assert refused.status_code == 422 and "Choose one of the four" in text(refused)
    assert 'value="4" checked' in refused.text or "checked" in refused.text
    assert client.post(address, data=answers()).status_code == 303 and taken(db, "response") == 1


@pytest.mark.parametrize("wrong", [{"u1": "5"}, {"u1": "0"}, {"sex": "X"}, {"age": "17"}, {"text": "x" * 601}])
def test_answers_outside_the_scale_are_refused(client, code, db, answers, wrong) -> None:
    assert client.post(f"/survei/{code('KTP elektronik')}", data=answers() | wrong).status_code == 422
    assert taken(db, "response") == 0


def test_the_profile_is_parted_from_the_answers_before_long(client, code, db, answers, monkeypatch) -> None:
    client.post(f"/survei/{code('KTP elektronik')}", data=answers(sex="P", age="20-29"))
    columns = {row[1] for row in db.execute("PRAGMA table_info(response)")}
    assert not columns & {"sex", "age", "education", "occupation"}
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(minutes=11))
    tasks.kpi()
    assert {tuple(row) for row in db.execute("SELECT field, value, people FROM profile")} == {
        ("sex", "P", 1), ("age", "20-29", 1)}  # fmt: skip
    assert taken(db, "told") == 0


def test_words_wait_for_a_check_and_can_be_taken_back(client, someone, code, db) -> None:
    client.post(f"/nilai/{code('KTP elektronik')}", data={"score": "2"})
    client.post("/terima-kasih", data={"text": "Antreannya lama."})
    page = text(client.get("/terima-kasih"))
    number, secret = re.search(r"(KMT-\d{4}-\d{6}).*?([A-Z0-9]{4}-[A-Z0-9]{4})", page).groups()
    assert "Antreannya lama" not in client.get(f"/hasil/{code('KTP elektronik')}").text
    assert someone().post("/hapus", data={"number": number, "code": "AAAA-AAAA"}).status_code == 422
    assert someone().post("/hapus", data={"number": number, "code": secret}).status_code == 303
    row = db.execute("SELECT text, state FROM comment").fetchone()
    assert tuple(row) == (None, "withdrawn") and taken(db) == 1


def test_words_can_be_left_once_for_each_rating(client, code, db) -> None:
    client.post("/terima-kasih", data={"text": "Tanpa menilai."})
    client.post(f"/nilai/{code('KTP elektronik')}", data={"score": "2"})
    client.post("/terima-kasih", data={"text": "Pertama."})
    client.post("/terima-kasih", data={"text": "Kedua."})
    assert [row[0] for row in db.execute("SELECT text FROM comment")] == ["Pertama."]


def test_nothing_of_the_sender_is_kept(client, code, db) -> None:
    client.post(f"/nilai/{code('KTP elektronik')}", data={"score": "2"}, headers={"User-Agent": "Rahasia/1"},
                environ_base={"REMOTE_ADDR": "203.0.113.9"})  # fmt: skip
    dump = "\n".join(db.iterdump())
    assert "Rahasia" not in dump and "203.0.113.9" not in dump


def test_officials_are_rated_by_role_and_number(client, code) -> None:
    assert "Petugas loket, number 7" in text(client.get(f"/nilai/{code('Petugas loket')}"))


def test_a_first_page_is_light(client) -> None:
    page = client.get("/")
    linked = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js)[^"]*)"', page.text)
    assert sum(len(client.get(address).data) for address in linked) + len(page.data) < 100_000
