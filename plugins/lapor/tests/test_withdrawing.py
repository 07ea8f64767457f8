"""What a reporter may take back with number and code, and staff may erase."""

import pytest
from lumbung_plugin import photos

OWN = "Kabel di depan rumah saya menjuntai"


def everything(db) -> str:
    """All a table of people's words and data could still hold."""
    tables = ("report", "event", "photo")
    return "\n".join(str(tuple(row)) for name in tables for row in db.execute(f"SELECT * FROM {name}"))


def test_a_contact_is_deleted_and_the_report_stays(client, published, db):
    number, code = published(reporter_name="Warga Uji", reporter_phone="081234567890")
    client.post(f"/ikuti/{number}/{code}/hapus-kontak")
    assert "Warga Uji" not in everything(db) and "81234567890" not in everything(db)
    assert client.get(f"/laporan/{number}").status_code == 200


def test_a_withdrawn_report_leaves_no_word_place_or_photo(client, send, operator, picture, db):
    number, code = send(body=OWN, reporter_name="Warga Uji", latitude="0.12", longitude="117.48", photos=[picture()])
    operator.post(f"/kerja/{number}/terima")
    operator.post(f"/kerja/{number}/catatan", data={"note-text": "Telepon Warga Uji dulu."})
    client.post(f"/ikuti/{number}/{code}/tarik")
    left = everything(db)
    assert OWN not in left and "Warga Uji" not in left and "117.48" not in left
    assert not list(photos.folder().iterdir())


@pytest.mark.parametrize("path", ["/laporan/{}", "/ikuti/{}/{}", "/laporan?q=kabel"])
def test_a_withdrawn_report_is_found_nowhere(client, published, path):
    number, code = published(body=OWN)
    client.post(f"/ikuti/{number}/{code}/tarik")
    answer = client.get(path.format(number, code))
    assert answer.status_code == 404 or number not in answer.text


def test_the_number_of_a_withdrawn_report_is_not_given_again(client, send):
    number, code = send()
    client.post(f"/ikuti/{number}/{code}/tarik")
    assert send()[0] > number


@pytest.mark.parametrize("act", ["hapus-kontak", "tarik"])
def test_nobody_takes_back_what_is_not_theirs(client, send, db, act):
    number, _ = send(reporter_name="Warga Uji")
    assert client.post(f"/ikuti/{number}/AAAA-AAAA-AAAA/{act}").status_code == 404
    assert "Warga Uji" in everything(db)


def test_only_an_administrator_erases_a_report(operator, administrator, published, db):
    number, _ = published(body=OWN)
    assert operator.post(f"/kerja/{number}/hapus").status_code == 403
    administrator.post(f"/kerja/{number}/hapus")
    assert OWN not in everything(db)
    assert db.execute("SELECT actor FROM event WHERE act = 'withdraw'").fetchone()["actor"] == "Petugas administrator"


def test_staff_can_still_open_what_is_left_of_a_withdrawn_report(client, operator, send):
    number, code = send()
    client.post(f"/ikuti/{number}/{code}/tarik")
    assert operator.get(f"/kerja/{number}").status_code == 200
    assert number in operator.get("/kerja?status=withdrawn").text


def test_a_duplicate_of_a_withdrawn_report_is_led_nowhere(client, operator, published, send):
    first, its_code = published()
    second, code = send()
    operator.post(f"/kerja/{second}/gabung", data={"merge-original": first})
    client.post(f"/ikuti/{first}/{its_code}/tarik")
    page = client.get(f"/ikuti/{second}/{code}")
    assert page.status_code == 200 and f"/laporan/{first}" not in page.text


def test_guessing_codes_ends(client, send):
    number, _ = send()
    tries = [
        client.post("/ikuti", data={"number": number, "code": f"AAAA-AAAA-AA{n:02}"}).status_code for n in range(21)
    ]
    assert tries == [400] * 20 + [429]
