import io

import pytest
from lumbung_plugin import drawing, photos
from lumbung_plugin.photos import Photo, PhotoRefusal
from PIL import Image


def picture(size=(2400, 1200), kind="JPEG", exif=False):
    image, buffer, options = Image.new("RGB", size, "#3a7"), io.BytesIO(), {}
    if exif:
        data = Image.Exif()
        data[0x010F], data[0x0112] = "KameraRahasia", 6
        data.get_ifd(0x8825)[1] = "N"
        options["exif"] = data.tobytes()
    image.save(buffer, kind, **options)
    return io.BytesIO(buffer.getvalue())


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff", b"<svg onload=alert(1)>", b"GIF89a\x01", b"%PDF-1.7", b"BM" * 99]
)
def test_what_is_no_photo_is_refused_and_nothing_is_kept(data):
    assert drawing.store(io.BytesIO(data)) is PhotoRefusal.NOT_A_PHOTO
    assert not list(photos.folder().iterdir())


def test_half_a_photo_is_none():
    assert drawing.store(io.BytesIO(picture().getvalue()[:900])) is PhotoRefusal.NOT_A_PHOTO


def test_a_picture_that_would_eat_the_memory_is_refused():
    assert drawing.store(picture((4000, 2100), "PNG")) is PhotoRefusal.TOO_LARGE


def test_a_full_disk_is_not_the_photos_fault(tmp_path):
    with pytest.raises(OSError, match="gone"):
        drawing.store(picture((9, 9)), tmp_path / "gone")


@pytest.mark.parametrize("name", ["..", "../data", "a" * 31, "a" * 33, "A" * 32, "a" * 32 + "\n", "%2e%2e", ""])
def test_a_photos_name_cannot_lead_out_of_the_folder(app, tmp_path, name):
    kept = tmp_path / "data" / "data.jpg"
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(b"x")
    photos.discard([name, "../data"])
    assert kept.exists()
    app.add_url_rule("/photo", "photo", lambda: photos.send(name))
    assert app.test_client().get("/photo").status_code == 404


def test_a_photo_keeps_no_place_and_no_camera_and_stands_upright():
    stored = drawing.store(picture(exif=True))
    assert isinstance(stored, Photo) and (stored.width, stored.height) == (800, 1600)
    data = (photos.folder() / f"{stored.name}.jpg").read_bytes()
    assert b"KameraRahasia" not in data and b"Exif" not in data


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_every_photo_becomes_jpeg(kind):
    stored = drawing.store(picture((40, 30), kind))
    assert Image.open(photos.folder() / f"{stored.name}.jpg").format == "JPEG"


def test_a_photo_is_sent_to_the_reader_alone(app):
    stored = drawing.store(picture((600, 600)))
    app.add_url_rule("/photo", "photo", lambda: photos.send(stored.name, small=True))
    answer = app.test_client().get("/photo")
    assert answer.mimetype == "image/jpeg" and Image.open(io.BytesIO(answer.data)).size == (480, 480)
    assert answer.headers["Cache-Control"] == "private, max-age=3600"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_discarded_photo_leaves_nothing():
    photos.discard([drawing.store(picture((9, 9))).name])
    assert not list(photos.folder().iterdir())


def test_a_refusal_names_the_file_in_the_pages_language(app):
    with app.test_request_context("/?lang=id"):
        assert photos.words(PhotoRefusal.NOT_A_PHOTO, "surat.docx").startswith("surat.docx bukan foto")
        assert photos.words(PhotoRefusal.TOO_LARGE).startswith("Berkas ini")
