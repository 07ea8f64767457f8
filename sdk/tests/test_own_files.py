"""A bundle's own files are kept by browsers under addresses that name their content."""

import os
from pathlib import Path

import pytest
from flask import Flask, url_for


@pytest.fixture
def style(app: Flask) -> Path:
    folder = Path(str(app.static_folder))
    folder.mkdir()
    (folder / "own.css").write_text("b { color: red }")
    return folder / "own.css"


def address(app: Flask, **values: str) -> str:
    with app.test_request_context():
        return url_for("static", **{"filename": "own.css"} | values)


def test_a_browser_keeps_a_file_for_a_year(app: Flask, style: Path) -> None:
    answer = app.test_client().get(address(app))
    assert answer.text == style.read_text() and answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("query", ["", "?v=1.0.0", "?v=000000000000"])
def test_at_another_address_it_is_asked_for_again(app: Flask, style: Path, query: str) -> None:
    assert app.test_client().get(f"/static/own.css{query}").headers["Cache-Control"] == "no-cache"


def test_a_changed_file_has_another_address(app: Flask, style: Path) -> None:
    before = address(app)
    style.write_text("b { color: blue }")
    os.utime(style, (1, 1))
    assert address(app) != before
    assert app.test_client().get(before).headers["Cache-Control"] == "no-cache"


def test_what_a_template_says_of_the_version_gives_way(app: Flask, style: Path) -> None:
    assert address(app, v="1.0.0") == address(app)


@pytest.mark.parametrize("name", ["absent.css", "../conftest.py", ".", "own.css\0", "o" * 300])
def test_what_is_no_file_of_the_bundle_has_no_mark(app: Flask, style: Path, name: str) -> None:
    assert "v=" not in address(app, filename=name)
    assert app.test_client().get(f"{address(app, filename=name)}?v=000000000000").status_code == 404
