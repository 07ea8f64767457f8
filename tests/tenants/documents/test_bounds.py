"""What people wrote is shown, never followed, and one document takes so much and no more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from flask import Flask

from registry.core.errors import TooLargeError, UnavailableError
from registry.tenants.documents import service, words
from tests.tenants.documents.test_drawing import read

PAGE = '<!DOCTYPE html><html lang="id"><title>Surat</title><body><p>Isi</p>{}</body></html>'


class Listener(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of a server that notes who asks."""
    Listener.asked = []
    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_markup_in_facts_is_shown_as_it_was_written(draw: Callable[..., bytes], elsewhere: str) -> None:
    strange = f'<img src="{elsewhere}/a"> <style>@import url({elsewhere}/b)</style>'
    assert "<img src=" in read(draw(said=strange))
    assert Listener.asked == []


def test_not_even_markup_of_ours_reaches_the_network_or_a_file(office: Flask, elsewhere: str) -> None:
    places = (elsewhere, "file:///etc", "data:image/png;base64,AAAA", "lumbung:font/../letter.css", "lumbung:drawing/7")
    strange = "".join(
        f'<img alt="x" src="{place}/a"><link rel="stylesheet" href="{place}/b"><link rel="attachment" href="{place}/c">'
        f'<style>@import url("{place}/d"); p {{ background: url("{place}/e") }}</style>'
        f'<svg aria-label="x" viewBox="0 0 9 9"><image href="{place}/f" width="9" height="9"/></svg>'
        for place in places
    )
    with office.app_context():
        document = service.convert(PAGE.format(strange))
    assert Listener.asked == []
    assert b"/EmbeddedFile" not in document
    assert "Isi" in read(document)


def test_a_text_beyond_the_limit_is_refused_before_it_is_drawn(draw: Callable[..., bytes]) -> None:
    with pytest.raises(TooLargeError):
        draw(said="x" * service.MAX_HTML)


def test_a_drawing_that_takes_too_long_is_stopped(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "SECONDS", 0.01)
    with office.test_request_context(), pytest.raises(UnavailableError, match="long|lama"):
        service.convert(PAGE)


def test_a_drawing_that_fails_is_a_refusal_in_words(office: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "COMMAND", ("/bin/false",))
    with office.test_request_context(), pytest.raises(UnavailableError):
        service.convert(PAGE)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "Nol"),
        (11, "Sebelas"),
        (19, "Sembilan Belas"),
        (20, "Dua Puluh"),
        (100, "Seratus"),
        (1021, "Seribu Dua Puluh Satu"),
        (2026, "Dua Ribu Dua Puluh Enam"),
    ],
)
def test_numbers_in_words(number: int, text: str) -> None:
    assert words.spelled(number) == text


def test_a_number_no_letter_spells_is_refused() -> None:
    with pytest.raises(ValueError):
        words.spelled(10_000)
