"""Characters a page would not show, or that change what it shows, made visible. Pure.

Bidirectional controls let source read otherwise than it runs ("Trojan Source", CVE-2021-42574); other invisible ones
hide in names and strings.
"""

from __future__ import annotations

import os
import re

from markupsafe import Markup, escape

TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""All of Unicode's Bidi_Control (UAX #9)."""

_HIDDEN = re.compile("[" + TURNING + "\u00ad\u180e\u200b\u2060-\u2064\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TURNING = re.compile(f"[{TURNING}]")
_SHOWN = re.compile(f"{_HIDDEN.pattern}|{_CONTROL.pattern}|[\ud800-\udfff]")


def turns(text: str) -> bool:
    """Whether the text can be shown in another order than it is in."""
    return bool(_TURNING.search(text))


def visible(text: str) -> Markup:
    """Escaped, with a mark for each hidden or control character: ``[U+202E]``."""
    return Markup(_SHOWN.sub(_mark, str(escape(text))))  # noqa: S704 escaped; the marks are ours


def visible_in(code: Markup) -> Markup:
    """The same for HTML that is safe already, such as highlighted code."""
    return Markup(_SHOWN.sub(_mark, str(code)))  # noqa: S704 it was safe, the marks are ours


def name(text: str) -> Markup:
    """A file's name on one line: what stands for a tab or a line's end in it is marked, too."""
    return Markup(re.sub(r"[\t\n\r]", _mark, str(visible(text))))  # noqa: S704 escaped; the marks are ours


def text_of(content: bytes) -> str:
    """For names of any encoding: bytes that are no UTF-8 come as lone surrogates, which `visible` marks."""
    return os.fsdecode(content)


def decoded(content: bytes) -> str:
    """A line of a text: bytes that are no UTF-8 as what they most likely are."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("windows-1252", "replace")


def _mark(found: re.Match[str]) -> str:
    point = ord(found[0])
    if 0xDC80 <= point <= 0xDCFF:
        return f'<span class="hidden-char">[\\x{point - 0xDC00:02X}]</span>'
    return f'<span class="hidden-char">[U+{point:04X}]</span>'
