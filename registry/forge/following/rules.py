"""What keeping up decides without asking anybody: ways to sync, names of safety branches, whom a release concerns."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from registry.catalog.rules import HEADING, changes_of, is_stable, version_key

CURRENT, FORWARD, RENEW, MERGE, CONFLICTS = "current", "forward", "renew", "merge", "conflicts"
UNRELATED = "unrelated"
"""How a fork's main would come to its target. `RENEW`: nothing of the city's own is in it but its nameplate, so main
goes to the target with a new nameplate on top (or to the target itself), instead of merging for ever."""

DISCARD, TIDY = "discard", "tidy"
"""Acts somebody asks for: give up the own changes; the same content with a short history."""

BY_ITSELF = (FORWARD, RENEW)
MOVES_BACK = (RENEW, DISCARD, TIDY)
"""After these the former main is mostly no ancestor of the new one: it is kept under a name."""

SAFE = "aman"
MAX_EDITED = 200 * 1024
OURS, THEIRS, EDITED = "ours", "theirs", "edited"
SIDES = (OURS, THEIRS, EDITED)

_SECURITY = re.compile(r"(?:security|keamanan)\b", re.IGNORECASE)
_FLAG = re.compile(r"\[\s*(?:security|keamanan)\s*\]", re.IGNORECASE)
_MARKER = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
_START, _MIDDLE, _END = re.compile(r"<{7} "), re.compile(r"={7}$"), re.compile(r">{7} ")


@dataclass(frozen=True)
class Piece:
    """A stretch of a merged text: ``lines`` where both agree, else what each side has (``clash``)."""

    lines: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    clash: bool = False


def way(base: str, head: str, target: str, conflicts: bool, is_renewal: bool) -> str:
    """How to go from ``head`` to ``target`` (commit ids, ``base`` their merge base, "" when they have none)."""
    if not base:
        return UNRELATED
    if base == target:
        return CURRENT
    if base == head:
        return RENEW if is_renewal else FORWARD
    if conflicts:
        return CONFLICTS
    return RENEW if is_renewal else MERGE


def safety_branch(known: Collection[str], day: date) -> str:
    """A new branch's name that tells its day; ``known`` are the repository's branches."""
    stem = SAFE if SAFE not in known else f"{SAFE}-lama"
    number = 1
    while (name := f"{stem}/{day.isoformat()}-{number}") in known:
        number += 1
    return name


def security_notes(changelog: str, version: str) -> str | None:
    """What a version's part of the change log says of security; None when it is no security release.

    Flagged by a section "Security" or "Keamanan" of Keep a Changelog, or by "[security]" in the version's heading
    (then the whole part is meant).
    """
    told = changes_of(changelog, version)
    kept: list[str] = []
    level = 0
    for line in told.splitlines():
        heading = HEADING.match(line)
        if heading and level and len(heading[1]) <= level:
            level = 0
        if level:
            kept.append(line)
        elif heading and _SECURITY.match(heading[2]):
            level = len(heading[1])
    section = "\n".join(kept).strip()
    if section:
        return section
    flagged = any(
        _FLAG.search(line) and re.search(rf"(?<![\w.]){re.escape(version)}(?![\w.])", line)
        for line in changelog.splitlines() if HEADING.match(line)
    )  # fmt: skip
    return told if flagged else None


def concerns(has: str, released: str) -> bool:
    """Whether who has one version must hear of another: it is higher, and no trial version unless theirs is one."""
    return version_key(released) > version_key(has) and (is_stable(released) or not is_stable(has))


def has_markers(text: str) -> bool:
    """Whether lines git marks conflicts with were left in."""
    return bool(_MARKER.search(text))


def pieces(text: str) -> list[Piece]:
    """A text with git's conflict markers, as what both agree on and what they do not."""
    found: list[Piece] = []
    sides: dict[str, list[str]] = {"both": [], OURS: [], THEIRS: []}
    where = "both"
    for line in text.splitlines():
        if where == "both" and _START.match(line):
            found.append(Piece(lines=tuple(sides["both"])))
            sides["both"], where = [], OURS
        elif where == OURS and _MIDDLE.match(line):
            where = THEIRS
        elif where == THEIRS and _END.match(line):
            found.append(Piece(ours=tuple(sides[OURS]), theirs=tuple(sides[THEIRS]), clash=True))
            sides, where = {"both": [], OURS: [], THEIRS: []}, "both"
        else:
            sides[where].append(line)
    return [*found, Piece(lines=tuple(sides["both"]))]


def edited_problem(text: str) -> str | None:
    """Why a text typed in the browser is not taken (a stable code)."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_EDITED:
        return "too-long"
    if any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in text):
        return "not-text"
    return "markers" if has_markers(text) else None
