"""Markdown by strangers as HTML: no raw HTML, pictures of the same release only, links that lend no reputation."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

MAX_TEXT = 60_000
MAX_MARKS = {"[": 2_000, "*": 5_000, "_": 5_000}
MAX_CELLS = 6_000
"""What takes the reader seconds and gives a page of megabytes; no README of a real app comes near. Shown as it is."""

TAGS = {
    "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}} | {f"h{level}": {"id"} for level in (3, 4, 5, 6)}
PICTURE = {"img": {"src", "alt", "loading", "decoding"}}
SCHEMES = {"http", "https", "mailto"}
PREFIX = "md-"
"""Before each heading's id, so that no stranger's heading takes the name of a part of our page."""

_reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


@dataclass(frozen=True)
class Place:
    """Where a text lies in a bundle (``folder``, "" at the top), and the addresses of the bundle's files and pictures.

    ``picture`` answers "" for what cannot be shown as one.
    """

    folder: str
    file: Callable[[str], str]
    picture: Callable[[str], str]

    def resolve(self, address: str) -> str:
        """The path in the bundle a relative address names; "" for one that leads out of it."""
        path = unquote(urlsplit(address).path)
        if "\0" in path or "\\" in path:
            return ""
        joined = posixpath.normpath(posixpath.join(self.folder, path) if path[:1] != "/" else path.lstrip("/"))
        return "" if joined.startswith("..") or joined == "." else joined


def render(text: str, place: Place | None = None) -> Markup:
    """Safe HTML; its headings begin at h3, below those of the page. Without a ``place`` there are no pictures and no
    relative links.
    """
    text = text[:MAX_TEXT]
    if _is_a_burden(text):
        return Markup("<pre>{}</pre>").format(text)
    tokens = _reader.parse(text)
    _lower_headings(tokens)
    _head_what_is_named(tokens)
    for token in tokens:
        if token.children:
            token.children = list(_resolved(token.children, place))
    clean = nh3.clean(
        _reader.renderer.render(tokens, _reader.options, {}),
        tags=TAGS | (set(PICTURE) if place else set()),
        attributes=ATTRIBUTES | (PICTURE if place else {}),
        url_schemes=SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704 cleaned by nh3


def _head_what_is_named(tokens: list[Token]) -> None:
    """A corner of a table that names nothing is no heading of a column."""
    for opening, name, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "th_open" and not name.content.strip():
            opening.tag = closing.tag = "td"


def _lower_headings(tokens: list[Token]) -> None:
    for number, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
        if token.type == "heading_open":
            token.attrSet("id", PREFIX + _anchor(tokens[number + 1].content))


def _anchor(heading: str) -> str:
    """As the large forges name a heading in an address."""
    return re.sub(r"[^\w-]", "", heading.strip().lower().replace(" ", "-"))[:80]


def _is_a_burden(text: str) -> bool:
    bars = [line.count("|") for line in text.splitlines() if "|" in line]
    cells = max(bars, default=0) * len(bars)
    return cells > MAX_CELLS or any(text.count(mark) > most for mark, most in MAX_MARKS.items())


def _resolved(tokens: Iterable[Token], place: Place | None) -> Iterable[Token]:
    """The tokens of a line, their addresses made ours; a link or picture that leads nowhere leaves its words."""
    linked = False
    for token in tokens:
        if token.type == "link_open":
            token.attrSet("href", _link(str(token.attrGet("href") or ""), place))
            linked = bool(token.attrGet("href"))
        if token.type == "image":
            shown = _picture(str(token.attrGet("src") or ""), place)
            if not shown:
                yield Token("text", "", 0, content=token.content)
                continue
            token.attrs = {"src": shown, "alt": "", "loading": "lazy", "decoding": "async"}
        if linked or token.type not in ("link_open", "link_close"):
            yield token


def _scheme(address: str) -> str:
    """``//`` for an address of another host without one; what cannot be read has none of ours."""
    try:
        return "//" if address.startswith("//") else urlsplit(address).scheme
    except ValueError:
        return "//"


def _link(address: str, place: Place | None) -> str:
    if address.startswith("#"):
        return f"#{PREFIX}{quote(unquote(address[1:]), safe='')[:300]}"
    scheme = _scheme(address)
    if scheme:
        return address if scheme in SCHEMES else ""
    path = place.resolve(address) if place else ""
    return place.file(path) if place and path else ""


def _picture(address: str, place: Place | None) -> str:
    if place is None or _scheme(address):
        return ""
    path = place.resolve(address)
    return place.picture(path) if path else ""
