"""A fork's publiccode.yml brought up to its upstream's: whose it is stays, everything else is merged by meaning. Pure.

The first commit of each fork rewrites four keys, and each release of the upstream changes lines beside them: merged as
plain text that would be a conflict at every release, in every city.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from registry.catalog.publiccode import yaml_text
from registry.forge.following import blocks
from registry.forge.following.blocks import Block, Blocks

OWN = ("url", "isBasedOn", "organisation", "maintenance")
"""Whose the repository is and who looks after it: always the city's."""

FOLLOWED = ("softwareVersion", "releaseDate")
"""Which version it is: the upstream's wherever both changed it."""

MAX_DEPTH = 4


def merge(base: str, ours: str, theirs: str) -> str | None:
    """``theirs`` with the city's own keys and its other changes since ``base``; None when somebody must decide.

    The order and the comments are those of ``theirs``. Lists of single lines are merged as sets.
    """
    parts = (blocks.of_file(base), blocks.of_file(ours), blocks.of_file(theirs))
    merged = _merge(*parts, depth=0)
    text = merged.text() if merged else None
    return text if text is not None and _is_yaml(text) else None


def aligned(text: str, ours: str, names: Collection[str] = OWN) -> str:
    """``text`` with the own keys of ``ours``, so that no difference in them is left to decide; as it is if unusual."""
    mine, other = blocks.of_file(ours), blocks.of_file(text)
    if mine is None or other is None:
        return text
    chosen = {name: _chosen_block(name, other, mine, names) for name in _order(mine, other)}
    made = Blocks("", {name: block for name, block in chosen.items() if block}, other.foot).text()
    return made if _is_yaml(made) else text


def is_nameplate_only(one: str, other: str) -> bool:
    """Whether two files differ in nothing but whose they are (and in comments)."""
    left, right = blocks.of_file(one), blocks.of_file(other)
    if left is None or right is None:
        return one == other
    return _rest(left) == _rest(right)


def _rest(parts: Blocks) -> dict[str, str]:
    return {name: block.body for name, block in parts.keys.items() if name not in OWN}


def is_same_repository(one: str, other: str) -> bool:
    """Whether two files name the same repository as theirs; of what cannot be read it is assumed."""
    left, right = blocks.of_file(one), blocks.of_file(other)
    return left is None or right is None or _lines(left.keys.get("url")) == _lines(right.keys.get("url"))


def keeps_own(text: str, ours: str) -> bool:
    """Whether ``text`` says of the own keys what ``ours`` does."""
    left, right = blocks.of_file(text), blocks.of_file(ours)
    if left is None or right is None:
        return text == ours
    return all(_lines(left.keys.get(name)) == _lines(right.keys.get(name)) for name in OWN)


def _chosen_block(name: str, other: Blocks, mine: Blocks, names: Collection[str]) -> Block | None:
    if name not in names:
        return other.keys.get(name)
    found = mine.keys.get(name)
    return Block(other.keys[name].lead, found.body) if found and name in other.keys else found


def _merge(base: Blocks | None, ours: Blocks | None, theirs: Blocks | None, depth: int) -> Blocks | None:
    """None when one of them is None, or has to be decided by somebody."""
    if base is None or ours is None or theirs is None:
        return None
    merged: dict[str, Block] = {}
    for name in _order(ours, theirs):
        b, o, t = base.keys.get(name), ours.keys.get(name), theirs.keys.get(name)
        if name in OWN and not depth:
            settled, body = True, _lines(o)
        else:
            settled, body = _body(name, _lines(b), _lines(o), _lines(t), depth)
        if not settled:
            return None
        if body is not None:
            merged[name] = Block(_lead(b, o, t), body)
    return Blocks(_words(base.first, ours.first, theirs.first), merged, _words(base.foot, ours.foot, theirs.foot))


def _body(name: str, base: str | None, ours: str | None, theirs: str | None, depth: int) -> tuple[bool, str | None]:
    """Whether it is settled, and the lines then; None for a key that goes."""
    if ours == theirs or theirs == base:
        return True, ours
    if ours == base:
        return True, theirs
    if name in FOLLOWED and not depth:
        return True, theirs if theirs is not None else ours
    if base is None or ours is None or theirs is None or depth >= MAX_DEPTH:
        return False, None
    found = _listed(base, ours, theirs) or _nested(base, ours, theirs, depth)
    return found is not None, found


def _lines(block: Block | None) -> str | None:
    return block.body if block else None


def _nested(base: str, ours: str, theirs: str, depth: int) -> str | None:
    parts = (blocks.of_body(base), blocks.of_body(ours), blocks.of_body(theirs))
    merged = _merge(*parts, depth=depth + 1)
    return merged.text() if merged and merged.keys else None


def _listed(base: str, ours: str, theirs: str) -> str | None:
    """Both sides' additions, without what either took away."""
    found = [blocks.items_of(text) for text in (base, ours, theirs)]
    if not all(found):
        return None
    (_first, old), (_mine, own), (first, other) = (part for part in found if part)
    if any(len(set(lines)) != len(lines) for lines in (old, own, other)):
        return None
    kept = [line for line in other if line in own or line not in old]
    added = [line for line in own if line not in other and line not in old]
    return first + "".join(kept + added) if kept or added else None


def _order(ours: Blocks, theirs: Blocks) -> Iterator[str]:
    """The keys of ``theirs``, those that only ``ours`` has each after the one it follows there."""
    after: dict[str, list[str]] = {}
    before = ""
    for name in ours.keys:
        if name in theirs.keys:
            before = name
        else:
            after.setdefault(before, []).append(name)
    yield from after.get("", ())
    for name in theirs.keys:
        yield name
        yield from after.get(name, ())


def _lead(*found: Block | None) -> str:
    base, ours, theirs = (block.lead if block else "" for block in found)
    return _words(base, ours, theirs)


def _words(base: str, ours: str, theirs: str) -> str:
    """Comments are never a reason to ask somebody: where both changed them, the upstream's stay."""
    return ours if theirs == base else theirs


def _is_yaml(text: str) -> bool:
    try:
        return isinstance(yaml_text.load(text.encode()), yaml_text.Mapping)
    except yaml_text.YamlProblemError:
        return False
