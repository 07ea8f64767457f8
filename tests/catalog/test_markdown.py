"""Markdown by strangers: harmless, bounded, and its links lead where they should."""

import re
import time
from html.parser import HTMLParser

import pytest

from registry.catalog.markdown import Place, render


class Tags(HTMLParser):
    """Every tag a browser would see, with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def tags_of(html):
    return Tags(html).found


@pytest.fixture
def place():
    return Place("docs", lambda path: f"/source/{path}", lambda path: f"/pictures/{path}" if "jpg" in path else "")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "![x](javascript:alert(1).jpg)",
        "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
        '[x](http://a/ "\\" onmouseover=alert(1) x=\\"")',
        '![" onerror=alert(1) x="](x.jpg)',
        "<svg onload=alert(1)>",
        "<iframe src=//evil.example>",
        "# <b onclick=alert(1)>x",
        "[x]: javascript:alert(1)\n\n[x]",
        "<javascript:alert(1)>",
    ],
)
def test_nothing_in_it_runs(text, place):
    for html in (render(text), render(text, place)):
        for tag, attributes in tags_of(html):
            assert tag in ("p", "a", "img", "h3", "ul", "li")
            assert set(attributes) <= {"href", "rel", "src", "alt", "loading", "decoding", "id", "title"}
            assert not re.match(
                r"(?i)(javascript|data|vbscript):", attributes.get("href") or attributes.get("src") or ""
            )


def test_a_picture_of_the_same_release_is_shown(place):
    assert 'src="/pictures/docs/peta.jpg"' in render("![Peta kota](peta.jpg)", place)
    assert 'src="/pictures/peta.jpg"' in render("![Peta kota](../peta.jpg)", place)
    assert 'src="/pictures/img/peta.jpg"' in render("![Peta kota](/img/peta.jpg)", place)


@pytest.mark.parametrize("address", ["https://evil.example/a.jpg", "//evil.example/a.jpg", "../../a.jpg", "a.webm"])
def test_a_picture_from_elsewhere_leaves_its_words(address, place):
    html = render(f"![Peta kota]({address})", place)
    assert "Peta kota" in html and "<img" not in html


def test_links_lead_to_the_source_browser_or_out(place):
    html = render("[a](../README.md) [b](sub/x.md) [c](https://a.example/) [d](#bagian-satu)\n\n# Bagian satu", place)
    for way in ("/source/README.md", "/source/docs/sub/x.md", "https://a.example/", "#md-bagian-satu"):
        assert f'href="{way}"' in html
    assert 'id="md-bagian-satu"' in html and 'rel="nofollow noopener noreferrer"' in html


@pytest.mark.parametrize("address", ["../../x.md", "/../x", "//evil.example/x", "ftp://x/", "a\\b", "%00", "http://["])
def test_a_link_that_leads_nowhere_leaves_its_words(address, place):
    html = render(f"[kata]({address})", place)
    assert "kata" in html and [tag for tag, attributes in tags_of(html) if attributes.get("href")] == []


def test_no_heading_takes_the_name_of_a_part_of_our_page():
    assert 'id="content"' not in render("# content") and 'id="md-content"' in render("# content")


WIDE = "|" + "a|" * 900 + "\n|" + "-|" * 900 + "\n|x\n" * 900
LONG = "|a|\n|-|\n" + "|x|\n" * 14_000
DEEP = "\n".join("  " * depth + "- a" for depth in range(240))
GIANTS = ["[" * 60_000, "![" * 30_000, "> " * 30_000 + "x", "_a*" * 20_000, WIDE, LONG, DEEP, "x" * 5_000_000,
          "[a]: x\n" * 8_000, "`" * 60_000, "&a" * 30_000]  # fmt: skip


@pytest.mark.parametrize("text", GIANTS, ids=range(len(GIANTS)))
def test_no_text_takes_long_or_grows(text, place):
    began = time.process_time()
    assert len(render(text, place)) < 400_000
    assert time.process_time() - began < 3
