import io
import zlib

import pytest
from lumbung_plugin import attachments, pdf_check
from lumbung_plugin.attachments import Attachment, AttachmentRefusal
from lumbung_plugin.pdf_check import Verdict
from PIL import Image
from werkzeug.datastructures import FileStorage

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF"


def upload(data: bytes, name: str = "ktp.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(data), filename=name, content_type="application/pdf")


def packed(objects: bytes, about: bytes = b"/Type /ObjStm /Filter /FlateDecode") -> bytes:
    return b"%PDF-1.7\n7 0 obj <<" + about + b">>\nstream\r\n" + zlib.compress(objects) + b"\nendstream\nendobj\n%%EOF"


@pytest.mark.parametrize(
    "inside",
    [b"/S /JavaScript /JS (app.alert(1))", b"/S/Launch/F(cmd.exe)", b"/Names<</EmbeddedFiles 3 0 R>>",
     b"/S /J#61vaScript", b"/#4caunch", b"/AcroForm <</XFA 4 0 R>>", b"/RichMedia"],
)  # fmt: skip
def test_a_pdf_that_acts_is_refused_plain_and_packed(inside):
    assert pdf_check.check(PDF + inside) is Verdict.ACTS
    assert pdf_check.check(packed(b"1 0 <<" + inside + b">>")) is Verdict.ACTS


@pytest.mark.parametrize(
    "about",
    [b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]", b"/Type/ObjStm/Filter/LZWDecode",
     b"/Type /Obj#53tm /Filter /FlateDecode /DecodeParms <</Predictor 12>>"],
)  # fmt: skip
def test_what_cannot_be_looked_into_counts_as_acting(about):
    assert pdf_check.check(packed(b"1 0 <<>>", about)) is Verdict.ACTS


def test_a_word_in_a_text_does_not_hide_the_packing():
    about = b"/Type /ObjStm /Note (1 0 obj) /Filter /FlateDecode"
    assert pdf_check.check(packed(b"1 0 <</S /Launch>>", about)) is Verdict.ACTS


def test_a_table_of_references_beside_packed_objects_is_clean():
    table = packed(b"\x01\x02", b"/Type /XRef /Filter /FlateDecode /DecodeParms <</Predictor 12>>")
    assert pdf_check.check(packed(b"1 0 <</Type /Page>>") + table[9:]) is Verdict.CLEAN


def test_a_broken_packing_counts_as_acting():
    assert pdf_check.check(b"%PDF-1.7 1 0 obj <</Type/ObjStm/Filter/FlateDecode>> stream\nnot packed") is Verdict.ACTS


def test_a_bomb_is_not_unpacked_to_its_end():
    bomb = packed(b"\0" * (pdf_check.UNPACKED_BYTES + 1))
    assert len(bomb) < 100_000 and pdf_check.check(bomb) is Verdict.ACTS


@pytest.mark.parametrize("part", [b"stream\n" * (pdf_check.MOST_STREAMS + 1), b"#41" * (pdf_check.MOST_ESCAPED + 1)])
def test_a_file_made_to_take_long_is_not_followed_to_its_end(part):
    assert pdf_check.check(b"%PDF-1.7 /ObjStm obj " + part) is Verdict.ACTS


def test_a_locked_pdf_is_refused_as_locked():
    assert pdf_check.check(PDF + b"trailer <</Encrypt 9 0 R>>") is Verdict.LOCKED


@pytest.mark.parametrize("data", [b"", b"MZ\x90", b"PK\x03\x04", b"<html>", b" %PDF-1.7", b"<svg onload=alert(1)>"])
def test_what_is_neither_pdf_nor_photo_is_refused_whatever_it_is_called(data):
    assert attachments.keep(upload(data)) is AttachmentRefusal.NOT_ACCEPTED
    assert not list(attachments.folder().iterdir())


def test_a_file_may_be_too_large():
    assert attachments.keep(upload(PDF + b"\0" * 100), most=120) is AttachmentRefusal.TOO_LARGE


@pytest.mark.parametrize(
    "name", ["..", "../data.pdf", "a" * 32, "a" * 32 + ".exe", "a" * 32 + ".pdf\n", "", "%2e%2e/x.pdf"]
)
def test_a_name_cannot_lead_out_of_the_folder(app, tmp_path, name):
    outside = tmp_path / "data" / "data.pdf"
    outside.parent.mkdir(exist_ok=True)
    outside.write_bytes(PDF)
    attachments.discard([name])
    app.add_url_rule("/file", "file", lambda: attachments.send(name, "x"))
    assert app.test_client().get("/file").status_code == 404 and outside.exists()


def test_a_clean_pdf_is_kept_as_it_is():
    kept = attachments.keep(upload(packed(b"1 0 <</Type /Page>>"), "C:\\surat\\izin\u202e usaha.pdf"))
    assert isinstance(kept, Attachment) and (kept.kind, kept.title) == ("pdf", "izin usaha.pdf")
    assert (attachments.folder() / kept.name).stat().st_size == kept.size


def test_a_photo_is_drawn_anew_whatever_it_is_called():
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20)).save(buffer, "PNG")
    kept = attachments.keep(upload(buffer.getvalue()))
    assert kept.kind == "photo" and kept.name.endswith(".jpg")
    assert [path.name for path in attachments.folder().iterdir()] == [kept.name]


def test_a_pdf_is_saved_and_never_shown(app):
    kept = attachments.keep(upload(PDF))
    app.add_url_rule("/file", "file", lambda: attachments.send(kept.name, 'a";\r\nX: y/../KTP pemohon.exe'))
    answer = app.test_client().get("/file")
    assert answer.data == PDF and answer.headers["Content-Disposition"] == 'attachment; filename="KTP pemohon.pdf"'
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_discarded_file_is_gone():
    attachments.discard([attachments.keep(upload(PDF)).name])
    assert not list(attachments.folder().iterdir())


@pytest.mark.parametrize("refusal", AttachmentRefusal)
def test_every_refusal_has_words(app, refusal):
    with app.test_request_context("/?lang=id"):
        assert attachments.words(refusal, "ktp.pdf").startswith("ktp.pdf ")
