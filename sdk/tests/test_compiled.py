"""Compiled templates and catalogues: kept for the next wake, and believed only when the plugin itself wrote them."""

from pathlib import Path

import pytest
from flask import Flask, render_template
from lumbung_plugin import i18n
from lumbung_plugin.compiled import FOLDER, SignedCache, keep_templates, shelf_of

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8"

msgid "Send"
msgstr "Kirim"
"""


def made(tmp_path: Path, secret: str = "one") -> Flask:
    (tmp_path / "app" / "templates").mkdir(parents=True, exist_ok=True)
    (tmp_path / "app" / "templates" / "page.html").write_text("<p>{{ 1 + 1 }}</p>")
    app = Flask("app", root_path=str(tmp_path / "app"))
    app.config["SECRET_KEY"] = secret
    keep_templates(app, shelf_of(app))
    return app


def shown(app: Flask) -> str:
    with app.test_request_context():
        return render_template("page.html")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    shown(made(tmp_path))
    (file,) = (tmp_path / "data" / FOLDER).iterdir()
    return file


@pytest.fixture
def compiling(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of templates that were compiled, and not found."""
    seen: list[str] = []
    dump = SignedCache.dump_bytecode
    monkeypatch.setattr(SignedCache, "dump_bytecode", lambda cache, bucket: (seen.append("x"), dump(cache, bucket))[1])
    return seen


def test_the_next_wake_finds_it_compiled(tmp_path: Path, kept: Path, compiling: list[str]) -> None:
    assert shown(made(tmp_path)) == "<p>2</p>"
    assert compiling == []


def test_a_file_signed_with_another_key_is_not_believed(tmp_path: Path, kept: Path, compiling: list[str]) -> None:
    assert shown(made(tmp_path, "another city's")) == "<p>2</p>"
    assert compiling


def test_a_changed_file_is_not_believed(tmp_path: Path, kept: Path, compiling: list[str]) -> None:
    kept.write_bytes(kept.read_bytes()[:-1] + b"!")
    assert shown(made(tmp_path)) == "<p>2</p>"
    assert compiling


def test_another_release_compiles_anew(
    tmp_path: Path, kept: Path, compiling: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUGIN_VERSION", "2.0.0")
    assert shown(made(tmp_path)) == "<p>2</p>"
    assert compiling


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / FOLDER).write_text("in the way")
    assert shown(made(tmp_path)) == "<p>2</p>"


def test_a_catalogue_is_read_once_per_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    app = made(tmp_path)
    i18n.keep_catalogues(app, shelf_of(app))
    folder = tmp_path / "translations" / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(PO)
    with app.app_context():
        for _wake in range(2):
            i18n.load.cache_clear()
            assert i18n.load(str(tmp_path / "translations"), "id").gettext("Send") == "Kirim"
            monkeypatch.setattr(i18n, "_compiled", lambda *_: pytest.fail("it was read again"))
