"""Kemendagri's regions: taken in from official lists, found by code, former code or name.

Without any list every code of the right form is believed; with one, only what it names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select, update

from registry.core import audit
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.tenants.joining import lists, naming, rules
from registry.tenants.joining.models import FormerCode, Region, RegionList
from registry.tenants.models import City
from registry.tenants.provinces import PROVINCES
from registry.tenants.service import refuse

OFFERED = 8
NEAR = 0.3
"""Trigram similarity from which a name is worth offering."""


@dataclass(frozen=True)
class Found:
    """What somebody meant: the region; else why not (`problem`) and the ones that are near.

    ``former`` is the code that was typed when the region has another one today.
    """

    region: Region | None = None
    former: str = ""
    problem: str = ""
    near: tuple[Region, ...] = ()


@dataclass
class Change:
    """What a list changes; names and codes in words, for people."""

    added: list[lists.Row] = field(default_factory=list)
    renamed: list[tuple[str, lists.Row]] = field(default_factory=list)
    renumbered: list[tuple[str, lists.Row]] = field(default_factory=list)
    unchanged: int = 0
    missing: list[Region] = field(default_factory=list)


def any_list() -> bool:
    return db.session.scalar(select(Region.id).limit(1)) is not None


def state() -> tuple[int, int, int, list[RegionList]]:
    """How many regions, how many of them by hand, how many former codes; the last lists, newest first."""
    counted = select(func.count(Region.id), func.count(Region.id).filter(Region.by_hand))
    regions, by_hand = db.session.execute(counted).one().tuple()
    former = db.session.scalar(select(func.count(FormerCode.id))) or 0
    last = db.session.scalars(select(RegionList).order_by(RegionList.id.desc()).limit(10)).all()
    return regions, by_hand, former, list(last)


def find(text: str) -> Found:
    """The region of a code, a former code, or a name (``bontang``, ``kota bontang``, ``Kab. Kutai Kartanegara``)."""
    tidy = text.strip()[:120]
    code = naming.code_in(tidy)
    if code or rules.code_problem(tidy) == "bps":
        return _by_code(code) if code else Found(problem="bps")
    words, kind = naming.plain(tidy), naming.kind_said(tidy)
    if not words:
        return Found(problem="unknown")
    same = _matching(Region.words == words, kind)
    if len(same) == 1:
        return Found(same[0])
    return Found(problem="several", near=tuple(same)) if same else Found(problem="unknown", near=tuple(suggest(tidy)))


def suggest(text: str) -> list[Region]:
    """Those whose name begins with or has what was typed, best first; else the most similar ones."""
    tidy = text.strip()[:120]
    words, kind = naming.plain(tidy), naming.kind_said(tidy)
    if tidy[:1].isdigit():
        wanted = select(Region).where(Region.code.startswith(tidy, autoescape=True)).order_by(Region.code)
        return list(db.session.scalars(wanted.limit(OFFERED)))
    if not words:
        return []
    best = (Region.words != words, ~Region.words.startswith(words, autoescape=True), Region.words, Region.code)
    found = _matching(Region.words.contains(words, autoescape=True), kind, *best)
    return found or _similar(words)


def present_code(code: str) -> str:
    """The code a region has today, for one it had before; any other as it is."""
    found = db.session.scalar(select(FormerCode).where(FormerCode.code == code))
    return found.region.code if found else code


def codes_of(code: str) -> list[str]:
    """All codes of the region of this present code, the former ones too."""
    known = select(FormerCode.code).join(Region).where(Region.code == code)
    return [code, *db.session.scalars(known)]


def add_by_hand(code: str, name: str) -> Region:
    """One region no list has yet. Raises InvalidError, or ConflictError when it is there."""
    code, name = code.strip(), " ".join(name.split())
    refuse(("code", rules.code_problem(code)), ("name", None if 3 <= len(name) <= lists.MAX_NAME else "name"))
    known = _by_code(code).region
    if known:
        message = _("%(code)s is known already: %(name)s.", code=code, name=known.name)
        raise ConflictError(message, [Finding("code", message)])
    full = naming.full_name(name, code)
    region = Region(code=code, name=full, province=PROVINCES[code[:2]], kind=naming.kind_of(code, full),
                    words=naming.plain(full), by_hand=True)  # fmt: skip
    db.session.add(region)
    db.session.flush()
    audit.record("region.add", f"{code} {full}")
    return region


def take_in(content: bytes, name: str, dry_run: bool = False) -> tuple[lists.Reading, Change]:
    """Take an official list in; with ``dry_run`` only tell what it would change.

    Nothing is deleted that the list does not have. Raises InvalidError with a finding for each bad line, and then
    changes nothing.
    """
    reading = lists.read(content)
    if reading.bad:
        message = _("%(n)d lines are wrong; nothing was taken in.", n=reading.bad_lines)
        raise InvalidError(message, reading.bad)
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("lumbung regions"))))
    known = {region.code: region for region in db.session.scalars(select(Region))}
    change = _compare(reading, known)
    if not dry_run:
        _apply(reading, change, known)
        _note(content, name, change)
    return reading, change


def cities_with_former_codes() -> list[tuple[City, Region]]:
    """Cities of the programme that still carry the code of before a renumbering."""
    wanted = select(City, Region).join(FormerCode, FormerCode.code == City.code).join(Region).order_by(City.name)
    return [(city, region) for city, region in db.session.execute(wanted).unique()]


def renumber(city: City) -> None:
    """Give a city the code its region has today. Raises NotFoundError when its code is the present one already."""
    code = present_code(city.code)
    if code == city.code:
        raise NotFoundError(_("%(city)s has its present code already.", city=city.name))
    if db.session.scalar(select(City.id).where(City.code == code)):
        raise ConflictError(_("Another city has signed up with %(code)s already.", code=code))
    audit.record("city.renumber", city.slug, tenant_id=city.id, before=city.code, code=code)
    city.code, city.province = code, PROVINCES[code[:2]]


def _by_code(code: str) -> Found:
    region = db.session.scalar(select(Region).where(Region.code == code))
    if region:
        return Found(region)
    former = db.session.scalar(select(FormerCode).where(FormerCode.code == code))
    if former:
        return Found(former.region, former=code)
    near = select(Region).where(Region.code.startswith(f"{code[:3]}")).order_by(
        func.abs(func.cast(func.substr(Region.code, 4), Region.id.type) - int(code[3:])), Region.code
    )  # fmt: skip
    return Found(problem=rules.code_problem(code) or "unknown", near=tuple(db.session.scalars(near.limit(4))))


def _matching(condition: object, kind: str, *order: object) -> list[Region]:
    wanted = select(Region).where(condition).order_by(*(order or (Region.kind, Region.code)))  # type: ignore[arg-type]
    found = list(db.session.scalars(wanted.limit(4 * OFFERED)))
    return ([region for region in found if region.kind == kind] or found if kind else found)[:OFFERED]


def _similar(words: str) -> list[Region]:
    likeness = func.similarity(Region.words, words)
    wanted = select(Region).where(likeness >= NEAR).order_by(likeness.desc(), Region.code)
    return list(db.session.scalars(wanted.limit(4)))


def _compare(reading: lists.Reading, known: dict[str, Region]) -> Change:
    change, replaced = Change(), set[str]()
    for code, row in reading.rows.items():
        before = next((old for old in row.former if old in known), None)
        if code in known:
            same = (known[code].name, known[code].province) == (row.name, row.province) and not known[code].by_hand
            change.unchanged += same
            if not same:
                change.renamed.append((known[code].name, row))
        elif before:
            change.renumbered.append((before, row))
        else:
            change.added.append(row)
        replaced.update(row.former)
    gone = set(known) - set(reading.rows) - replaced
    change.missing = [known[code] for code in sorted(gone)]
    return change


def _apply(reading: lists.Reading, change: Change, known: dict[str, Region]) -> None:
    for old, row in change.renumbered:
        _write(known[old], row)
    for _before, row in change.renamed:
        _write(known[row.code], row)
    db.session.flush()
    if change.added:
        db.session.execute(insert(Region), [_values(row) for row in change.added])
    _keep_former([row for row in reading.rows.values() if row.former])


def _keep_former(rows: Sequence[lists.Row]) -> None:
    """Each former code leads to its region; a region of that very code, if one was left, goes into the new one."""
    if not rows:
        return
    ids = dict(db.session.execute(select(Region.code, Region.id)).tuples().all())
    led = {code: ids[row.code] for row in rows for code in row.former}
    for code, region_id in led.items():
        if code in ids:
            db.session.execute(update(FormerCode).where(FormerCode.region_id == ids[code]).values(region_id=region_id))
            db.session.execute(delete(Region).where(Region.id == ids[code]))
    db.session.execute(delete(FormerCode).where(FormerCode.code.in_([*led, *(row.code for row in rows)])))
    db.session.execute(insert(FormerCode), [{"code": code, "region_id": number} for code, number in led.items()])


def _write(region: Region, row: lists.Row) -> None:
    for name, value in _values(row).items():
        setattr(region, name, value)


def _values(row: lists.Row) -> dict[str, object]:
    return {"code": row.code, "name": row.name, "province": row.province, "by_hand": False,
            "kind": naming.kind_of(row.code, row.name), "words": naming.plain(row.name)}  # fmt: skip


def _note(content: bytes, name: str, change: Change) -> None:
    counts = {"added": len(change.added), "changed": len(change.renamed), "renumbered": len(change.renumbered),
              "unchanged": change.unchanged, "missing": len(change.missing)}  # fmt: skip
    digest = hashlib.sha256(content).hexdigest()
    db.session.add(RegionList(actor=audit.actor().name, name=name[:120], digest=digest, **counts))
    audit.record("region.import", name[:120], digest=digest, **counts)
