"""A YAML text as its keys' own pieces of text: what a merge moves about without ever writing YAML anew. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

UNUSUAL = re.compile(r"^[{\"'%\t]|^---.*^---|[:\-]\s+[&*]\w|^<<", re.M | re.S)
_NAME = re.compile(r"[A-Za-z_][\w.-]*(?=[ \t]*:(?:[ \t\n]|\Z))")
_ITEM = re.compile(r"[ \t]*-[ \t]+[^\s#|>&*{\[-][^\n]*\n")
_MAPPING_LINE = re.compile(r"[^\n#:]+:[ \t]*\n")


@dataclass(frozen=True)
class Block:
    """One key: the comments and empty lines before it, and its own lines, each with its line end."""

    lead: str
    body: str


@dataclass(frozen=True)
class Blocks:
    """``first`` is the line of the key these belong to ("" of a whole file), ``foot`` the comments after the last."""

    first: str
    keys: dict[str, Block]
    foot: str

    def text(self) -> str:
        return self.first + "".join(block.lead + block.body for block in self.keys.values()) + self.foot


def of_file(text: str) -> Blocks | None:
    """The top-level keys; None for a text this simple reading does not hold for (anchors, flow style, twice a key)."""
    text = text.replace("\r\n", "\n")
    if UNUSUAL.search(text):
        return None
    return _split("", text if text.endswith("\n") else text + "\n", 0)


def of_body(body: str) -> Blocks | None:
    """The keys inside a key's lines; None when it holds no mapping, or one written on its own line."""
    first, rest = _head(body)
    indent = _indent(rest)
    return _split(first, rest, indent) if indent else None


def items_of(body: str) -> tuple[str, list[str]] | None:
    """A key's line and the items of its list, one line each; None for any other list."""
    first, rest = _head(body)
    lines = rest.splitlines(keepends=True)
    if not lines or not all(_ITEM.fullmatch(line) for line in lines):
        return None
    return first, lines


def _head(body: str) -> tuple[str, str]:
    line, end, rest = body.partition("\n")
    return (line + end, rest) if _MAPPING_LINE.fullmatch(line.lstrip() + end) else ("", "")


def _indent(rest: str) -> int:
    found = re.search(r"^( +)[^\s#]", rest, re.M)
    return len(found[1]) if found else 0


def _split(first: str, text: str, indent: int) -> Blocks | None:
    head, *pieces = re.split(rf"^(?= {{{indent}}}[^\s#-])", text, flags=re.M)
    if head and not re.fullmatch(r"(?:[ \t]*(?:#[^\n]*)?\n)*", head):
        return None
    tail = re.compile(rf"(?:^(?: {{0,{indent}}}#[^\n]*|[ \t]*)\n)+\Z", re.M)
    keys: dict[str, Block] = {}
    lead = head
    for piece in pieces:
        name = _NAME.match(piece, indent)
        if name is None or name[0] in keys:
            return None
        after = tail.search(piece)
        body = piece[: after.start()] if after else piece
        keys[name[0]] = Block(lead, body)
        lead = after[0] if after else ""
    return Blocks(first, keys, lead) if keys else None
