"""Documents as people handle them: downloaded, looked at, printed, signed and scanned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page

from tests.pages import PICTURES, SHOTS


def download(page: Page, link: Locator) -> bytes:
    with page.expect_download() as coming:
        link.click()
    return Path(coming.value.path()).read_bytes()


@contextmanager
def opened(document: bytes) -> Iterator[pypdfium2.PdfDocument]:
    pdf = pypdfium2.PdfDocument(document)
    yield pdf
    pdf.close()


def read(document: bytes) -> str:
    """Its words, with single spaces."""
    with opened(document) as pdf:
        texts = [pdf[number].get_textpage().get_text_bounded() for number in range(len(pdf))]
    return " ".join(" ".join(texts).split())


def drawn(document: bytes, name: str = "") -> list[Image.Image]:
    """Its pages as pictures, kept for people to look at under ``name``."""
    with opened(document) as pdf:
        pictures = [pdf[number].render(scale=2).to_pil().convert("RGB") for number in range(len(pdf))]
    if PICTURES and name:
        for number, picture in enumerate(pictures, 1):
            picture.save(SHOTS / f"{name}-{number}.png")
    return pictures


def scanned(document: bytes, kind: str) -> bytes:
    """The last page as it comes from a scanner, with a stroke of a pen: ``PDF`` or ``JPEG``."""
    page = drawn(document)[-1]
    ImageDraw.Draw(page).line([(200, 900), (330, 840), (420, 930)], fill="#1b2f8f", width=6)
    file = BytesIO()
    page.save(file, kind)
    return file.getvalue()
