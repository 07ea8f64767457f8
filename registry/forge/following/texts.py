"""The versions of one file somebody must decide about, read for a page."""

from __future__ import annotations

from dataclasses import dataclass

from registry.forge.following import rules
from registry.forge.following.conflicts import Conflict, Side, shown
from registry.forge.following.merging import Merge, listed
from registry.forge.following.rules import Piece
from registry.forge.trees import blobs

MAX_PIECES = 200
CONTEXT = 3


@dataclass(frozen=True)
class Texts:
    """Both sides' text, None for what is no text, too long or not there. ``marked`` is both in one with git's marks,
    for editing; "" where it cannot be edited here. ``pieces`` are its agreed and disputed stretches.
    """

    ours: str | None
    theirs: str | None
    marked: str
    pieces: tuple[Piece, ...]


def of(merge: Merge, conflict: Conflict) -> Texts:
    """Of a conflict about one file; of others both sides are None."""
    if not conflict.may_edit:
        return Texts(_text(merge, conflict.ours), _text(merge, conflict.theirs), "", ())
    ours, theirs = _text(merge, conflict.ours), _text(merge, conflict.theirs)
    found = listed(merge.place, merge.tree, [conflict.spot]).get(conflict.spot)
    marked = _text(merge, found) if found else None
    if ours is None or theirs is None or marked is None or rules.has_markers(ours) or rules.has_markers(theirs):
        return Texts(ours, theirs, "", ())
    return Texts(ours, theirs, _labelled(marked), tuple(_shortened(rules.pieces(marked)[:MAX_PIECES])))


def as_typed(content: str, shown_: Texts) -> str:
    """What a browser sends has the line ends of the network everywhere: those of the file again."""
    text = content.replace("\r\n", "\n")
    return text.replace("\n", "\r\n") if "\r\n" in shown_.marked else text


def names(merge: Merge, conflict: Conflict) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What either side has at the places a conflict is about."""
    return _names(merge, conflict, merge.ours), _names(merge, conflict, merge.theirs)


def _names(merge: Merge, conflict: Conflict, commit: str) -> tuple[str, ...]:
    return tuple(sorted(map(shown, listed(merge.place, commit, conflict.paths))))


def _text(merge: Merge, side: Side | None) -> str | None:
    if side is None:
        return None
    with blobs(merge.place.work) as opened:
        try:
            content = b"".join(opened.chunks(side.blob, rules.MAX_EDITED + 1))
            return None if len(content) > rules.MAX_EDITED or b"\0" in content else content.decode()
        except (FileNotFoundError, UnicodeDecodeError):
            return None


def _labelled(marked: str) -> str:
    """Git names the sides by their commits; people read which is whose."""
    lines = []
    for line in marked.split("\n"):
        if line.startswith("<<<<<<< "):
            lines.append("<<<<<<< yours / milik Anda")
        elif line.startswith(">>>>>>> "):
            lines.append(">>>>>>> original / asli")
        else:
            lines.append(line)
    return "\n".join(lines)


def _shortened(found: list[Piece]) -> list[Piece]:
    """Agreed stretches shrink to what stands beside a disputed one."""
    kept = []
    for number, piece in enumerate(found):
        if piece.clash or len(piece.lines) <= 2 * CONTEXT:
            kept.append(piece)
            continue
        first = piece.lines[:CONTEXT] if number else ()
        last = piece.lines[-CONTEXT:] if number + 1 < len(found) else ()
        kept.append(Piece(lines=(*first, "⋯", *last)))
    return [piece for piece in kept if piece.clash or piece.lines]
