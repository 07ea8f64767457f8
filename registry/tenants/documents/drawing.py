"""HTML of our templates as PDF/UA-1, by WeasyPrint. Runs in a process of its own (`__main__`)."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from registry.tenants.documents import tagging

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
FONT = re.compile(r"[a-z0-9-]+\.ttf")
SVG = "{http://www.w3.org/2000/svg}svg"


class OwnFetcher(URLFetcher):  # type: ignore[misc]
    """Knows ``lumbung:`` addresses alone: our fonts and the drawings of this very document. Nothing else is fetched."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=())
        self.drawings: list[bytes] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        scheme, _colon, name = url.partition(":")
        kind, _slash, place = name.partition("/")
        if scheme == "lumbung" and kind == "drawing" and place.isdigit() and int(place) < len(self.drawings):
            return URLFetcherResponse(url, self.drawings[int(place)], {"Content-Type": "image/svg+xml"})
        if scheme == "lumbung" and kind == "font" and FONT.fullmatch(place):
            return URLFetcherResponse(url, _font(place), {"Content-Type": "font/ttf"})
        raise ValueError("a document fetches nothing")


def _font(name: str) -> bytes:
    path = FONTS / name
    if not path.is_file():
        raise FatalURLFetchingError(f"the font {name} is not installed: run 'make setup'")
    return path.read_bytes()


def pdf(html: str) -> bytes:
    """The document; the same HTML gives the same bytes."""
    fetcher, fonts = OwnFetcher(), FontConfiguration()
    page = HTML(string=html, base_url=None, url_fetcher=fetcher)
    _make_figures(page.etree_element, fetcher)
    style = CSS(string=(HERE / "letter.css").read_text(), url_fetcher=fetcher, font_config=fonts)
    written: bytes = page.write_pdf(
        stylesheets=[style],
        font_config=fonts,
        pdf_variant="pdf/ua-1",
        pdf_identifier=hashlib.sha256(html.encode()).hexdigest()[:32],
        finisher=tagging.finish,
    )
    return written


def _make_figures(root: Any, fetcher: OwnFetcher) -> None:
    """Inline drawings that have a name become pictures: WeasyPrint tags only those as figures with their text."""
    for parent in list(root.iter()):
        for index, child in enumerate(parent):
            if child.tag == SVG and child.get("aria-label"):
                picture = ElementTree.Element("img", {"src": f"lumbung:drawing/{len(fetcher.drawings)}"})
                picture.set("alt", child.get("aria-label"))
                picture.set("class", child.get("class", ""))
                picture.tail, child.tail = child.tail, None
                fetcher.drawings.append(ElementTree.tostring(child))
                parent[index] = picture
