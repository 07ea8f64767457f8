"""Pictures and README of a release: what a stranger put into a bundle stays harmless when it is shown."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.forge.conftest import PUBLICCODE, World, publish, write_bundle

README = """\
# Lapor

![Peta](docs/peta.jpg) ![Jauh](https://evil.example/x.png) [Panduan](docs/panduan.md) [Keluar](../../etc/passwd)

<script>alert(1)</script> <img src=x onerror=alert(1)> [klik](javascript:alert(1))
"""
SHOTS = "    screenshots:\n      - docs/peta.jpg\n      - docs/palsu.png\nlegal:"


def photo() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (28, 19)).save(target, "JPEG")
    return target.getvalue()


@pytest.fixture
def visitor(world: World) -> FlaskClient:
    """Of a programme whose app has pictures of all kinds in release 1.1.0."""
    folder = world.bundle
    write_bundle(folder, "1.1.0")
    (folder / "publiccode.yml").write_text(PUBLICCODE.format(version="1.1.0").replace("legal:", SHOTS, 1))
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs" / "peta.jpg").write_bytes(photo())
    (folder / "docs" / "palsu.png").write_bytes(b"<!doctype html><script>alert(1)</script>")
    (folder / "docs" / "gambar.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>')
    (folder / "docs" / "jahat.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    (folder / "docs" / "panduan.md").write_text("# Panduan")
    (folder / "README.md").write_text(README)
    with world.app.app_context():
        publish(folder)
    return world.app.test_client()


def test_a_picture_is_kept_for_ever_and_asked_for_once(visitor: FlaskClient) -> None:
    answer = visitor.get("/apps/lapor/pictures/1.1.0/docs/peta.jpg")
    assert answer.status_code == 200 and answer.mimetype == "image/jpeg" and answer.data == photo()
    assert "immutable" in answer.headers["Cache-Control"] and answer.headers["X-Content-Type-Options"] == "nosniff"
    again = visitor.get("/apps/lapor/pictures/1.1.0/docs/peta.jpg", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""


def test_a_drawing_opened_by_itself_can_only_draw(visitor: FlaskClient) -> None:
    answer = visitor.get("/apps/lapor/pictures/1.1.0/docs/gambar.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    ["docs/palsu.png", "docs/jahat.svg", "README.md", "docs", "docs/nothing.png", "../../../etc/passwd", ".git/config",
     "docs/%00.png", "docs/peta.jpg/x"],
)  # fmt: skip
def test_what_is_no_picture_is_not_found(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(f"/apps/lapor/pictures/1.1.0/{path}").status_code == 404


def test_a_picture_belongs_to_its_release(visitor: FlaskClient) -> None:
    assert visitor.get("/apps/lapor/pictures/1.0.0/docs/peta.jpg").status_code == 404
    assert visitor.get("/apps/lapor/pictures/9.9.9/docs/peta.jpg").status_code == 404


def test_the_apps_page_shows_the_screenshots_of_the_newest_release(visitor: FlaskClient) -> None:
    page = visitor.get("/apps/lapor").text
    assert 'src="/apps/lapor/pictures/1.1.0/docs/peta.jpg"' in page
    gallery = page.partition('class="gallery"')[2]
    assert 'loading="lazy"' in gallery and "docs/palsu.png" in gallery and "docs/peta.jpg" not in gallery


@pytest.mark.parametrize("path", ["/apps/lapor/readme", "/apps/lapor/source/"])
def test_the_readme_is_rendered_harmless_with_its_own_pictures(visitor: FlaskClient, path: str) -> None:
    page = visitor.get(path).text
    assert 'src="/apps/lapor/pictures/1.1.0/docs/peta.jpg"' in page
    assert 'href="/apps/lapor/source/docs/panduan.md?ref=v1.1.0"' in page
    for harm in ("<script>alert", "<img src=x", 'href="javascript', 'src="https://evil', 'etc/passwd"'):
        assert harm not in page


def test_the_readme_alone_is_a_part_for_the_page(visitor: FlaskClient) -> None:
    part = visitor.get("/apps/lapor/readme", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith("<article") and "<html" not in part
