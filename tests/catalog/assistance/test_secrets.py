"""Nobody but both sides reads a thread, nobody but helpers an internal note, and no file is what its name says."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.backups.export_assistance import pack
from registry.backups.export_packing import packing
from registry.backups.import_reading import unpack
from registry.catalog.assistance.models import AssistanceFile, AssistanceNote
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.service import find_city
from tests.catalog.assistance.conftest import say

OURS, THEIRS = "/console/bontang/assistance/{}", "/programme/assistance/{}"
SECRET = "rahasia-pengelola"


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("L", (5, 5)).save(written, "PNG")
    return written.getvalue()


def attach(client, number: int, *given: tuple[bytes, str], version: int = 1):
    return say(client, OURS.format(number), "See the file.", version,
               files=[(io.BytesIO(content), name) for content, name in given])  # fmt: skip


@pytest.fixture
def noted(maintainer, number) -> int:
    assert maintainer.post(f"{THEIRS.format(number)}/notes", data={"note": SECRET}).status_code == 303
    return number


def token(app, email: str) -> dict[str, str]:
    with app.app_context(), unit_of_work():
        _token, text = accounts.create_token(accounts.find_by_email(email), "test")
    return {"Authorization": f"Bearer {text}"}


def test_helpers_read_a_note_and_the_city_never_does(app, city, browser, maintainer, noted):
    assert SECRET in maintainer.get(THEIRS.format(noted)).text
    say(maintainer, THEIRS.format(noted), "An answer.", 1)
    for email in ("admin@bontang.example", "auditor@bontang.example", "operator@bontang.example"):
        for more in ("", "/answer"):
            assert SECRET not in browser(email).get(f"{OURS.format(noted)}{more}").text
    assert "#1" not in city.get(f"/console/bontang/assistance?q={SECRET}").text
    told = app.test_client().get(
        f"/api/v1/assistance/{noted}?city=bontang", headers=token(app, "admin@bontang.example")
    )
    assert told.status_code == 200 and SECRET not in told.text
    assert SECRET not in city.get("/console/bontang/audit").text and SECRET not in city.get("/notifications").text


def test_a_note_is_in_no_mail(app, city, maintainer, noted):
    say(maintainer, THEIRS.format(noted), "An answer.", 1)
    with app.app_context():
        sent = db.session.scalars(db.text("select args::text from procrastinate_jobs")).all()
        told = db.session.scalars(db.text("select paragraphs::text from notifications")).all()
        assert any("An answer." in one for one in told) and SECRET not in "".join([*sent, *told])


def test_the_citys_own_session_cannot_even_ask_for_a_note(app, noted):
    with app.app_context():
        scope.enter_city(find_city("bontang").id)
        assert db.session.scalars(select(AssistanceNote)).all() == []
        assert db.session.execute(db.text("select count(*) from assistance_notes")).scalar_one() == 0


def test_a_citys_archive_has_its_threads_and_files_and_no_note(app, city, noted, tmp_path):
    attach(city, noted, (picture(), "layar.png"))
    with app.app_context():
        bontang = find_city("bontang")
        scope.enter_city(bontang.id)
        with packing(tmp_path / "a.tar.gz", "lumbung-bontang") as packer:
            pack(packer, bontang)
            told = {"code": bontang.code, "slug": bontang.slug, "name": bontang.name}
            manifest = {"format": "lumbung-city/1", "city": told, "made_at": "", "lumbung": "", "with_secrets": False,
                        "forks": [], "plugins": [], "left_out": [], "links": {},
                        "files": [vars(one) for one in packer.files]}  # fmt: skip
            packer.json("manifest.json", manifest)
    unpack(tmp_path / "a.tar.gz", tmp_path / "isi")
    texts = [path.read_bytes() for path in (tmp_path / "isi").rglob("*") if path.is_file()]
    assert picture() in texts and any(b"nobody sees them" in one for one in texts)
    assert not any(SECRET.encode() in one for one in texts)


@pytest.mark.parametrize(
    ("content", "name", "media", "ending"),
    [(picture(), "layar.exe", "image/png", ".png"),
     (b"12:00 ERROR no space left\n\tat x\n", "a.log", "text/plain", ".txt"),
     ("Kesalahan: é\r\n".encode(), "../../etc/passwd", "text/plain", ".txt")],
)  # fmt: skip
def test_a_file_is_given_back_only_as_a_download(city, number, content, name, media, ending):
    assert attach(city, number, (content, name)).status_code == 303
    page = city.get(OURS.format(number)).text
    got = city.get(re.search(r'href="([^"]+/files/\d+)"', page)[1])
    assert got.data == content and got.mimetype == media and got.headers["X-Content-Type-Options"] == "nosniff"
    disposition = got.headers["Content-Disposition"]
    assert disposition.startswith("attachment") and ending in disposition and "/" not in disposition


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"MZ\x90\x00\x03", "laporan.pdf"), (b"\x7fELF\x02\x01\x01\x00", "a.log"), (b"<!DOCTYPE html><script>", "a.txt"),
     (b"<svg onload='alert(1)'>", "a.png"), (b"  <?xml version='1.0'?>", "a.txt"), (b"%PDF-1.7\nhello", "a.pdf"),
     (picture()[:40], "a.png"), (b"\xff\xfe\x00h", "a.txt"), (b"GIF89a\x01", "a.gif"), (b"", "a.txt"),
     (b"PK\x03\x04\x14\x00", "a.zip"), (b"%PDF-1.4\n", "a.txt")],
)  # fmt: skip
def test_a_hostile_file_is_refused_and_nothing_of_the_message_is_kept(app, city, number, content, name):
    answer = attach(city, number, (content, name))
    assert answer.status_code == 422 and "field-error" in answer.text and "See the file." in answer.text
    with app.app_context():
        scope.enter_programme()
        assert db.session.scalars(select(AssistanceFile)).all() == []
    assert say(city, OURS.format(number), "Without it.", 1).status_code == 303


def test_a_text_and_a_number_of_files_have_bounds(city, number):
    assert attach(city, number, (b"a" * (2 * 2**20 + 1), "a.log")).status_code == 413
    assert attach(city, number, *[(b"x", f"{place}.log") for place in range(6)]).status_code == 422


@pytest.mark.parametrize("email", ["admin@tegal.example", "maintainer@bandung.example"])
def test_who_is_not_of_the_city_does_not_come_in_by_its_door(browser, city, number, email):
    attach(city, number, (b"secret line", "a.log"))
    other = browser(email)
    for more in ("", "/files/1", "/answer"):
        assert other.get(f"{OURS.format(number)}{more}").status_code == 404


def test_another_city_reads_neither_thread_nor_file_by_any_door(browser, city, app, number):
    attach(city, number, (b"secret line", "a.log"))
    tegal = browser("admin@tegal.example")
    for place in ("/programme/assistance", "/console/tegal/assistance", "/console/tegal/assistance-given"):
        for more in ("", "/files/1", "/answer"):
            assert tegal.get(f"{place}/{number}{more}").status_code in (403, 404)
        assert say(tegal, f"{place}/{number}", "Hello.", 2).status_code in (403, 404)
    headers = token(app, "admin@tegal.example")
    for query in ("", "?city=bontang", "?city=tegal", "?city=tegal&given=1"):
        assert app.test_client().get(f"/api/v1/assistance/{number}{query}", headers=headers).status_code in (403, 404)


def test_nobody_reads_anything_without_signing_in(app, city, number):
    client = app.test_client()
    for path in (OURS.format(number), THEIRS.format(number), "/console/tegal/assistance-given"):
        assert client.get(path).status_code == 302
    assert client.get(f"/api/v1/assistance/{number}?city=bontang").status_code == 401


@pytest.mark.parametrize("number", [0, 2**63, 10**30])
def test_a_number_that_is_not_there_is_not_found(city, number):
    assert city.get(OURS.format(number)).status_code == 404
    assert city.get(f"{OURS.format(1)}/files/{number}").status_code == 404
