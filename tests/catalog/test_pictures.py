"""What may be served as a picture: judged by its bytes, never by its name."""

import io
import struct
import zlib

import pytest
from PIL import Image

from registry.catalog import pictures

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="#0b5c4a"/></svg>'


def photo(kind="PNG", size=(3, 2)):
    target = io.BytesIO()
    Image.new("RGB", size).save(target, kind)
    return target.getvalue()


def bomb(width, height):
    """A PNG of a few bytes that unpacks to width × height."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(header))


@pytest.mark.parametrize(
    ("content", "kind"), [(photo(), "image/png"), (photo("JPEG"), "image/jpeg"), (DRAWING, "image/svg+xml")]
)
def test_a_picture_is_known_by_its_bytes(content, kind):
    assert pictures.media_type(content) == kind


def test_a_drawing_may_begin_with_a_declaration_and_a_comment():
    assert pictures.media_type(b'<?xml version="1.0"?>\n<!-- of the city -->\n' + DRAWING) == "image/svg+xml"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><script>alert(1)</script>",
        b"<html><svg></svg></html>",
        photo("GIF"),
        photo("WEBP"),
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00\x00" * 50,
        b"\x89PNG\r\n\x1a\n",
        bomb(50_000, 50_000),
        bomb(0, 10),
        photo() + b"\0" * pictures.MAX_PHOTO,
        DRAWING + b"<!--" + b"x" * pictures.MAX_DRAWING + b"-->",
        DRAWING.decode().encode("utf-16"),
        DRAWING.replace(b"<path", b"<script>alert(1)</script><path"),
        DRAWING.replace(b"<path", b"<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script><path"),
        DRAWING.replace(b"<path", b"<path onload = 'alert(1)'"),
        DRAWING.replace(b"<path", b"<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject><path"),
        DRAWING.replace(b"<path", b"<a href='javascript:alert(1)'/><path"),
        b'<?xml-stylesheet href="//evil.example/x.css"?>' + DRAWING,
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + DRAWING,
    ],
)
def test_nothing_else_is_a_picture(content):
    assert pictures.media_type(content) is None


@pytest.mark.parametrize(
    "path",
    ["docs/peta.jpg", "./docs/peta.png", "logo.SVG", "a b/peta kota.jpeg"],
)
def test_a_picture_lies_in_the_bundle(path):
    assert pictures.inside(path) == path.removeprefix("./")


@pytest.mark.parametrize(
    "path",
    ["https://evil.example/x.png", "//evil.example/x.png", "/etc/x.png", "../x.png", "a/../../x.png", "a\\x.png",
     "x.html", "x.png.exe", "data:image/png", "x\0.png", "a//x.png", "x" * 400 + ".png", ""],
)  # fmt: skip
def test_a_picture_from_elsewhere_is_not_shown(path):
    assert pictures.inside(path) == ""


def test_screenshots_are_shown_once_and_not_without_end():
    many = [f"docs/{number}.png" for number in range(40)]
    shown = pictures.screenshots({"screenshots": ["docs/peta-kota.jpg", "docs/peta-kota.jpg", *many]})
    assert shown[0].name == "peta kota" and len(shown) == pictures.MAX_SHOWN


@pytest.mark.parametrize("value", [None, "docs/a.png", 7, [None, 3, {}]])
def test_screenshots_of_any_shape_break_nothing(value):
    assert pictures.screenshots({"screenshots": value}) == ()
