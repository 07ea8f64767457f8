import io

from lumbung_plugin import drawing, photos
from PIL import Image


def stored(name: str) -> Image.Image:
    return Image.open(photos.folder() / f"{name}.jpg")


def test_a_photo_keeps_no_place_and_no_camera(send, picture, db):
    send(photos=[picture(exif=True)])
    name = db.execute("SELECT name FROM photo").fetchone()["name"]
    assert not stored(name).getexif() and b"KameraRahasia" not in (photos.folder() / f"{name}.jpg").read_bytes()


def test_a_photo_is_turned_upright_and_bounded(send, picture, db):
    send(photos=[picture((2400, 1200), exif=True)])
    assert stored(db.execute("SELECT name FROM photo").fetchone()["name"]).size == (800, 1600)


def test_png_and_webp_become_jpeg(send, picture, db):
    send(photos=[picture((40, 30), "PNG"), picture((40, 30), "WEBP")])
    assert {stored(row["name"]).format for row in db.execute("SELECT name FROM photo")} == {"JPEG"}


def test_what_is_no_photo_is_refused_and_nothing_is_kept(client, picture, db):
    from .conftest import REPORT  # noqa: PLC0415 shared only here

    bad = (io.BytesIO(b"<svg onload=alert(1)>"), "foto.jpg")
    answer = client.post("/lapor", data=REPORT | {"photos": [picture(), bad]}, content_type="multipart/form-data")
    assert answer.status_code == 400 and "bukan foto" in answer.text
    assert not list(photos.folder().iterdir()) and db.execute("SELECT count(*) FROM report").fetchone()[0] == 0


def test_a_picture_that_would_eat_the_memory_is_refused(picture):
    assert drawing.store(picture((4000, 2100), "PNG")[0]) is photos.PhotoRefusal.TOO_LARGE


def test_four_photos_are_too_many(client, picture):
    from .conftest import REPORT  # noqa: PLC0415 shared only here

    data = REPORT | {"photos": [picture((20, 20)) for _ in range(4)]}
    assert client.post("/lapor", data=data, content_type="multipart/form-data").status_code == 400


def test_a_photo_is_seen_by_those_who_may_see_the_report(client, operator, send, picture, db):
    number, code = send(photos=[picture((40, 30))])
    path = f"/foto/{db.execute('SELECT name FROM photo').fetchone()['name']}.jpg"
    assert client.get(path).status_code == 404
    assert client.get(f"{path}?kode={code}").status_code == 200
    assert operator.get(path).status_code == 200
    operator.post(f"/kerja/{number}/terima")
    assert client.get(path).status_code == 200


def test_a_photos_name_cannot_lead_out_of_the_folder(client):
    assert client.get("/foto/..%2Fdata.jpg").status_code == 404
    assert client.get("/foto/..jpg").status_code == 404
