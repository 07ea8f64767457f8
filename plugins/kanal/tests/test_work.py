import io
import re
from html import unescape

import pytest
from kanal import figures
from kanal.tasks import tidy
from lumbung_plugin import clock

CSV = "id,platform,teks,alamat,waktu,penulis,akun\n"
ACCOUNT = {"office_id": "2", "platform": "instagram", "handle": "https://www.instagram.com/Diskominfo.BTG/",
           "answerable": "Kabid IKP", "deputy": "Pranata Humas", "active": "y"}  # fmt: skip


def text(response) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.text).split()))


def load(staff, content: str | bytes):
    data = content.encode() if isinstance(content, str) else content
    return staff().post("/kerja/impor", data={"file": (io.BytesIO(data), "sebutan.csv")})


def state(db) -> tuple:
    return tuple(db.execute("SELECT state, reason FROM mention").fetchone())


def test_a_mention_is_answered_or_set_aside_for_a_reason(deliver, mention, staff, db) -> None:
    deliver(mention())
    staff().post("/kerja/sebutan/1/irrelevant", data={"reason": "because"})
    assert state(db) == ("new", "")
    staff().post("/kerja/sebutan/1/irrelevant", data={"reason": "praise"})
    assert state(db) == ("irrelevant", "praise")
    staff().post("/kerja/sebutan/1/new")
    staff().post("/kerja/sebutan/1/jawab", data={"text": "Sudah dijawab."})
    assert state(db) == ("answered", "") and "Sudah dijawab." in staff().get("/kerja/sebutan/1").text


def test_an_office_sees_its_own_mentions_and_those_of_nobody(deliver, mention, staff) -> None:
    deliver(mention(), mention(id="2", account="", text="Tanpa akun yang dikenal"))
    other = staff("operator", "Diskominfo")
    page = text(other.get("/kerja"))
    assert "Tanpa akun" in page and "Lampu jalan" not in page
    assert other.get("/kerja/sebutan/1").status_code == 404
    assert other.post("/kerja/sebutan/1/spam", data={"reason": "machine"}).status_code == 404
    assert "Lampu jalan" in text(staff("operator", "Dinas PUPR").get("/kerja"))
    assert "Lampu jalan" not in text(staff("operator", "Dinas lain").get("/kerja"))


def test_a_mention_is_given_to_another_office(deliver, mention, staff) -> None:
    deliver(mention())
    staff().post("/kerja/sebutan/1/unit", data={"office_id": "2"})
    assert staff("operator", "Diskominfo").get("/kerja/sebutan/1").status_code == 200
    assert staff().post("/kerja/sebutan/1/unit", data={"office_id": "99"}).status_code == 422


def test_writers_are_masked_in_lists(deliver, mention, staff) -> None:
    deliver(mention(author="warga_kanaan"))
    assert "warga_kanaan" not in staff().get("/kerja").text and "warga_kanaan" in staff().get("/kerja/sebutan/1").text


def test_what_people_write_cannot_become_markup(deliver, mention, staff) -> None:
    deliver(mention(text="<script>alert(1)</script>", author="<b>"))
    assert "<script>alert" not in staff().get("/kerja/sebutan/1").text + staff().get("/kerja").text


def test_mentions_are_forgotten_after_their_time(deliver, mention, staff, db) -> None:
    deliver(mention())
    db.execute("UPDATE mention SET received_at = '2020-01-01T00:00:00+00:00'")
    db.commit()
    tidy()
    assert tuple(db.execute("SELECT author, text, url, state FROM mention").fetchone()) == (None, None, None, "new")
    assert "forgotten" in text(staff().get("/kerja/sebutan/1"))
    assert staff().post("/kerja/sebutan/1/laporan").status_code == 409


def test_a_csv_is_taken_in_by_id(staff, db) -> None:
    line = f'7,x,"Lampu, mati",https://x.com/a/7,{clock.now().isoformat()},warga,puprbontang\n'
    assert load(staff, CSV + line).status_code == 303
    assert load(staff, CSV + line).status_code == 303
    assert db.execute("SELECT count(*), max(source), max(office_id) FROM mention").fetchone()[:] == (1, "csv", 1)


def test_problems_of_a_csv_are_told_by_line_and_nothing_is_taken(staff, db, mention) -> None:
    at = mention()["at"]
    rows = (
        f"1,x,Baik,https://x.com/a/1,{at},,\n2,gopher,Salah,https://x.com/a/2,{at},,\n3,x,Salah,javascript:x,{at},,\n"
    )
    page = load(staff, CSV + rows)
    assert page.status_code == 422 and db.execute("SELECT count(*) FROM mention").fetchone()[0] == 0
    assert re.search(r'class="num">3<.*?class="num">4<', page.text, re.S)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a,b\n1,2\n", b"\x00" * 50, CSV.encode() + b'"' * 5])
def test_a_file_that_is_none_is_explained(staff, content) -> None:
    answer = load(staff, content)
    assert answer.status_code in (303, 422)
    assert answer.status_code == 303 or "Nothing was taken in" in text(answer)


def test_an_account_is_listed_in_one_spelling_once(staff, db) -> None:
    admin = staff("administrator")
    assert admin.post("/admin/akun/baru", data=ACCOUNT).status_code == 303
    row = db.execute("SELECT handle, url FROM account WHERE platform = 'instagram'").fetchone()
    assert tuple(row) == ("diskominfo.btg", "https://www.instagram.com/diskominfo.btg/")
    assert "listed already" in text(admin.post("/admin/akun/baru", data=ACCOUNT | {"handle": "@diskominfo.btg"}))


@pytest.mark.parametrize("wrong", [
    {"handle": "https://evil.example/diskominfo"}, {"handle": "dua kata"}, {"answerable": ""},
    {"deputy": "kabid ikp"}, {"platform": "gopher"}, {"office_id": "99"},
])  # fmt: skip
def test_a_wrong_account_is_explained(staff, wrong) -> None:
    assert staff("administrator").post("/admin/akun/baru", data=ACCOUNT | wrong).status_code == 422


def test_verified_and_checked_by_its_own_office(client, staff) -> None:
    own, other = staff("operator", "Dinas PUPR"), staff("operator", "Diskominfo")
    assert other.get("/kerja/akun/1").status_code == 404
    assert own.post("/kerja/akun/1", data={"how": "trust me"}).status_code == 422
    assert "not verified yet" in text(client.get("/?q=@puprbontang"))
    own.post("/kerja/akun/1", data={"how": "letter"})
    page = text(client.get("/?q=@puprbontang"))
    assert "Official: @puprbontang" in page and "official letter" in page
    assert "Kasubbag" not in page and "Petugas" not in page


def test_another_handle_has_to_be_verified_anew(client, staff) -> None:
    staff().post("/kerja/akun/1", data={"how": "letter"})
    staff("administrator").post("/admin/akun/1", data=ACCOUNT | {"office_id": "1", "platform": "x", "handle": "baru"})
    assert "not verified yet" in text(client.get("/?q=@baru"))


@pytest.mark.parametrize(("asked", "words"), [
    ("https://x.com/PuprBontang?s=20", "Official: @puprbontang"), ("x.com/puprbontang", "Official"),
    ("https://x.com.evil.example/puprbontang", "Not in the list"), ("@bukanresmi", "Not in the list"),
    ("https://instagram.com/puprbontang", "Not in the list"),
])  # fmt: skip
def test_citizens_learn_whether_an_account_is_genuine(client, asked, words) -> None:
    assert words in text(client.get("/", query_string={"q": asked}))


def test_offices_without_an_account_are_named(client, staff) -> None:
    assert "Diskominfo" in text(client.get("/")).split("Offices without an account")[1]
    assert "Diskominfo" in text(staff("administrator").get("/admin")).split("Offices without an account")[1]


def test_a_fake_is_reported_judged_and_public(client, staff, db) -> None:
    assert client.post("/lapor-palsu", data={"url": "instagram.com/bansos", "words": "Minta uang."}).status_code == 303
    assert "bansos" not in client.get("/").text
    staff().post("/kerja/palsu/1", data={"state": "confirmed", "reason": "Meminta uang atas nama dinas."})
    page = text(client.get("/?q=https://instagram.com/bansos"))
    assert "Fake: @bansos" in page and "Meminta uang" in page and 'href="https://instagram.com/bansos' not in page


def test_an_official_account_cannot_be_reported_as_fake(client, db) -> None:
    assert "This is an official account" in text(client.post("/lapor-palsu", data={"url": "https://x.com/puprbontang"}))


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "x" * 300, "https://a b", "palsu"])
def test_a_report_of_a_fake_needs_an_address(client, db, url) -> None:
    assert client.post("/lapor-palsu", data={"url": url}).status_code == 422
    assert db.execute("SELECT count(*) FROM fake").fetchone()[0] == 0


def test_machines_and_floods_are_stopped(client, db) -> None:
    client.post("/lapor-palsu", data={"url": "https://x.com/palsu", "website": "spam"})
    assert db.execute("SELECT count(*) FROM fake").fetchone()[0] == 0
    answers = [client.post("/lapor-palsu", data={"url": f"https://x.com/palsu{at}"}).status_code for at in range(6)]
    assert answers == [303] * 5 + [429]


@pytest.mark.parametrize("path", ["/kerja", "/kerja/impor", "/kerja/waktu", "/kerja/akun", "/kerja/palsu", "/admin",
                                  "/admin/akun/baru", "/admin/webhook", "/admin/opd"])  # fmt: skip
def test_citizens_do_not_see_staff_pages(client, path) -> None:
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/admin", "/admin/akun/1", "/admin/webhook", "/admin/opd"])
def test_the_set_up_is_for_administrators(staff, path) -> None:
    assert staff("operator").get(path).status_code == 403 and staff("administrator").get(path).status_code == 200


def test_the_secret_is_never_shown(staff) -> None:
    page = staff("administrator").get("/admin/webhook").text
    assert "rahasia-yang" not in page and "https://kanal" not in page.split("POST ")[0]


def test_open_data_has_no_names_of_roles(client, staff) -> None:
    told = client.get("/akun.csv", buffered=True).text
    assert "puprbontang" in told and "Kasubbag" not in told


def test_figures_are_counts_only(app, client, deliver, mention, staff, db) -> None:
    deliver(mention(), mention(id="2"))
    staff().post("/kerja/sebutan/1/jawab", data={"text": "Sudah."})
    told = {one["name"]: one["value"] for one in client.get("/_kpi").json["figures"]}
    assert (told["kanal.menunggu"], told["kanal.unit-tanpa-akun"], told["kanal.pemeriksaan"]) == (1, 1, 1)
    assert told["kanal.median-jam"] == 0.0 and "warga" not in client.get("/_kpi").text
    with app.test_request_context():
        assert [(name, waiting, one.responded) for name, waiting, one in figures.speeds(db)] == [("Dinas PUPR", 1, 1)]
    assert "Dinas PUPR" in text(staff().get("/kerja/waktu"))


def test_nothing_personal_is_logged(deliver, mention, caplog) -> None:
    deliver(mention(author="warga_kanaan", text="Rahasia warga"), secret="j" * 40)
    assert "refused" in caplog.text and "Rahasia" not in caplog.text and "warga_kanaan" not in caplog.text


def test_a_first_page_is_light(client) -> None:
    page = client.get("/")
    linked = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js)[^"]*)"', page.text)
    assert sum(len(client.get(address).data) for address in linked) + len(page.data) < 100_000
