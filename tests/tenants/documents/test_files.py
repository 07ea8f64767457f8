"""Papers are kept by what they are, not by what they are called."""

from __future__ import annotations

import io
import stat

import pytest
from PIL import Image

from registry.core.errors import InvalidError, NotFoundError, TooLargeError
from registry.tenants.documents import files
from registry.tenants.models import City

BODY = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
WHOLE = BODY + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(BODY)
CITY = City(id=7, name="Kota Bontang")


def picture(kind: str, size: tuple[int, int] = (4, 4)) -> bytes:
    written = io.BytesIO()
    Image.new("L", size).save(written, kind)
    return written.getvalue()


@pytest.fixture(autouse=True)
def here(app):
    with app.test_request_context():
        yield


def kept(content: bytes, name: str = "pindai.pdf", **given) -> files.Stored:
    return files.keep(CITY, name, io.BytesIO(content), **given)


@pytest.mark.parametrize(
    ("content", "kind", "ending"),
    [(WHOLE, files.PDF, ".pdf"), (picture("PNG"), files.PNG, ".png"), (picture("JPEG"), files.JPEG, ".jpg")],
    ids=["pdf", "png", "jpeg"],
)
def test_a_scan_is_kept_by_its_content(content, kind, ending):
    stored = kept(content, "surat.exe")
    assert (stored.kind, stored.name, stored.size) == (kind, f"surat{ending}", len(content))
    with files.open_kept(CITY, stored.digest) as file:
        assert file.read() == content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script></html>",
        b"PK\x03\x04 a letter.docx",
        b"%PDF-1.7 and nothing more",
        WHOLE[:-20],
        WHOLE.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 9 0 R"),
        picture("PNG", (300, 300))[:-40],
        b"\xff\xd8\xff\xe0 no picture at all",
        b"GIF89a" + bytes(40),
    ],
    ids=["empty", "html", "zip", "only a head", "cut off", "with a password", "half a png", "no jpeg", "gif"],
)
def test_what_is_no_whole_scan_is_refused(content):
    with pytest.raises(InvalidError) as refused:
        kept(content)
    assert refused.value.findings[0].path == "file" and refused.value.message


def test_a_picture_that_would_fill_the_memory_is_refused():
    bomb = bytearray(picture("PNG"))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(InvalidError):
        kept(bytes(bomb))


def test_a_small_file_that_fills_the_memory_is_refused():
    """Black and white, and blank: 5 KB, yet 64 million points once it is looked at."""
    drawn = io.BytesIO()
    Image.new("1", (8_000, 8_000)).save(drawn, "PNG")
    with pytest.raises(InvalidError, match="titik per inci"):
        kept(drawn.getvalue())


def test_too_large_is_refused():
    with pytest.raises(TooLargeError):
        kept(b"%PDF-" + bytes(files.MAX_BYTES))


def test_where_only_a_pdf_is_asked_a_picture_is_refused():
    with pytest.raises(InvalidError, match="PDF"):
        kept(picture("PNG"), kinds={files.PDF})


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\surat\\pks.pdf", "a\r\nSet-Cookie: x.pdf", "\0", "." * 300])
def test_a_name_leads_nowhere(name):
    made = kept(WHOLE, name).name
    assert made.endswith(".pdf") and made.isprintable() and not set(made) & set("/\\\r\n\0") and len(made) < 140


def test_nobody_else_may_read_the_folder(app):
    stored = kept(WHOLE)
    path = files.path_of(app.extensions["lumbung"].data, CITY.id, stored.digest)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("digest", ["0" * 64, "../../secrets/flask", "", "A" * 64])
def test_what_was_never_kept_is_not_found(digest):
    with pytest.raises(NotFoundError):
        files.open_kept(CITY, digest)


def test_another_citys_paper_is_not_found():
    stored = kept(picture("PNG", (9, 9)))
    with pytest.raises(NotFoundError):
        files.open_kept(City(id=8, name="Kota Tegal"), stored.digest)
