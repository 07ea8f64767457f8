"""A file's bytes as text: what encoding and line ends it has, and how its lines look in colour. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

from registry.forge.browsing.visible import turns, visible, visible_in

STYLE = "xcode"
"""Every colour of it has at least 4.5 : 1 on white."""

MAX_COLOURED = 256 * 1024
MAX_COLOURED_LINE = 1_000
"""Characters: a file of one long line (minified) is shown plain, for its colours help nobody and cost much."""

MAX_LINES = 5_000
MAX_LINE = 2_000
BOM = "\ufeff"
LF, CRLF, MIXED = "lf", "crlf", "mixed"


@dataclass(frozen=True)
class Text:
    """``plain`` has its own line ends and no byte order mark; ``encoding`` is utf-8 or, guessed, windows-1252."""

    name: str
    plain: str
    encoding: str
    bom: bool

    @property
    def ends(self) -> str:
        """lf, crlf or mixed."""
        pairs, all_ends = self.plain.count("\r\n"), self.plain.count("\n")
        if not pairs:
            return LF
        return CRLF if pairs == all_ends else MIXED

    @property
    def turns(self) -> bool:
        return turns(self.plain)

    @property
    def count(self) -> int:
        return len(self._lines)

    @property
    def cut(self) -> bool:
        """Whether `lines` is not all of it."""
        return len(self._lines) > MAX_LINES or any(len(line) > MAX_LINE for line in self._lines)

    @cached_property
    def lines(self) -> list[Markup]:
        """Safe HTML of each line, coloured where that is cheap."""
        if self._is_burden:
            return [visible(line[:MAX_LINE]) for line in self._lines[:MAX_LINES]]
        html = highlight("\n".join(self._lines), _lexer(self.name), HtmlFormatter(nowrap=True, style=STYLE))
        found = [visible_in(Markup(line)) for line in html.split("\n")]  # noqa: S704 Pygments escapes
        return found[: len(self._lines)][:MAX_LINES]

    def as_pre(self) -> Markup:
        return Markup("<pre>{}</pre>").format(Markup("\n").join(self.lines_plain))

    @property
    def lines_plain(self) -> list[Markup]:
        return [visible(line[:MAX_LINE]) for line in self._lines[:MAX_LINES]]

    @cached_property
    def _lines(self) -> list[str]:
        lines = self.plain.replace("\r\n", "\n").split("\n")
        return lines[:-1] if lines[-1] == "" else lines

    @property
    def _is_burden(self) -> bool:
        return len(self.plain) > MAX_COLOURED or any(len(line) > MAX_COLOURED_LINE for line in self._lines)


def read(content: bytes, name: str) -> Text | None:
    """None for what is no text."""
    if b"\0" in content:
        return None
    try:
        plain, encoding = content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        plain, encoding = content.decode("windows-1252", "replace"), "windows-1252"
    return Text(name, plain.removeprefix(BOM), encoding, plain.startswith(BOM))


def style() -> str:
    """The rules of the colours, for one ``<style>``."""
    return str(HtmlFormatter(style=STYLE).get_style_defs(".source"))


def marked(text: str, begin: str, end: str) -> Markup:
    """Escaped, with ``<mark>`` around what stands between the two signs."""
    parts = str(escape(text)).replace(str(escape(begin)), "<mark>").replace(str(escape(end)), "</mark>")
    return visible_in(Markup(parts))  # noqa: S704 escaped above


def _lexer(name: str) -> object:
    try:
        return get_lexer_for_filename(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return TextLexer(stripnl=False, ensurenl=False)
