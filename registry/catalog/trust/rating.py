"""The safety rating of a bundle: ten parts that everybody can check, and a grade that hides none of them.

Pure: it judges what the inspection counted and how the bundle's own tests went, if they were run; it runs nothing
itself and knows no language (`registry.catalog.trust.words` does).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from registry.catalog.inspection.inspect import Inspection
from registry.catalog.inspection.places import Place
from registry.catalog.trust.proved import Result
from registry.hosting.plain import ProvingState

GRADES = (("A", 90), ("B", 75), ("C", 60), ("D", 40))
"""The least points for each; below them all it is `WORST`."""

WORST = "E"
CAPS = {"secrets": "D", "licence": "D", "imports": "C", "staff": "C"}
"""A part without any point keeps the grade from being better than this, whatever the others say."""

MB = 2**20
STUB = 400
"""Bytes: a licence's text is longer, also the shortest ones (0BSD, Unlicense); less only names it."""

SIZES = ((5 * MB, 5), (20 * MB, 3))
HOSTS = ((0, 10), (3, 7), (10, 4))
MAIL = 1
REQUIREMENTS = ((0, 10), (5, 9), (20, 7), (60, 4))
TESTS = ((10, 10), (1, 5))
README, EACH_READER = 2, 4
"""Points: for a read-me with headings at all, for one of them that speaks to administrators, to operators."""

ADMINISTRATORS = re.compile(r"\b(admin\w*|pengelola)\b", re.IGNORECASE)
OPERATORS = re.compile(r"\b(operators?|petugas|staf|staff)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """``points`` out of ``of``; ``reason`` is a code with its ``figures``, ``findings`` the places that cost points."""

    code: str
    points: int
    of: int
    reason: str
    figures: Mapping[str, int]
    findings: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Rating:
    """``grade`` is "A" (best) to "E"; ``capped_by`` the part that kept it from being better, "" when none did."""

    grade: str
    parts: tuple[Part, ...]
    capped_by: str = ""

    @property
    def points(self) -> int:
        """Of 100."""
        return sum(part.points for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        """JSON values alone, for the database."""
        return {"grade": self.grade, "points": self.points, "capped_by": self.capped_by,
                "parts": [{**asdict(part), "findings": [asdict(one) for one in part.findings]}
                          for part in self.parts]}  # fmt: skip

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Rating | None:
        """Of what `to_json` gave; None for ``{}``, a release that was never rated."""
        if not value:
            return None
        parts = tuple(
            Part(**{**part, "findings": tuple(Place(**one) for one in part["findings"])}) for part in value["parts"]
        )
        return cls(value["grade"], parts, value["capped_by"])


def rate(inspection: Inspection, proved: Result | None = None) -> Rating:
    """The same bundle with the same run of its tests always gets the same rating."""
    judged = (judge(inspection) for judge in JUDGES)
    parts = tuple(_tried(part, proved) if part.code == "tests" else part for part in judged)
    grade = _grade(sum(part.points for part in parts))
    caps = {part.code: CAPS[part.code] for part in parts if part.code in CAPS and not part.points}
    heaviest = max(caps, key=lambda code: caps[code], default="")
    if heaviest and caps[heaviest] > grade:
        return Rating(caps[heaviest], parts, heaviest)
    return Rating(grade, parts)


def _grade(points: int) -> str:
    return next((grade for grade, least in GRADES if points >= least), WORST)


def _up_to(value: int, steps: tuple[tuple[int, int], ...]) -> int:
    """The points of the first step that holds ``value``, 0 beyond the last."""
    return next((points for most, points in steps if value <= most), 0)


def _licence(inspection: Inspection) -> Part:
    size = inspection.facts.licence_size
    if inspection.publiccode is None or not size:
        return Part("licence", 0, 10, "missing", {})
    place = (Place(inspection.licence_file or ""),)
    return Part("licence", 5, 10, "stub", {"bytes": size}, place) if size < STUB else _full("licence", 10)


def _secrets(inspection: Inspection) -> Part:
    found = inspection.facts.secrets
    return Part("secrets", 0, 20, "found", {"n": len(found)}, found) if found else _full("secrets", 20)


def _imports(inspection: Inspection) -> Part:
    facts = inspection.facts
    if facts.acts:
        return Part("imports", 0, 15, "acts", {"n": len(facts.acts)}, facts.acts)
    if facts.unread:
        return Part("imports", 7, 15, "unread", {"n": len(facts.unread)}, facts.unread)
    return _full("imports", 15)


def _staff(inspection: Inspection) -> Part:
    manifest, opened = inspection.manifest, inspection.facts.open_desks
    if opened:
        return Part("staff", 0, 5, "open", {"n": len(opened)}, opened)
    if manifest is None or not manifest.staff:
        return Part("staff", 3, 5, "none", {})
    return _full("staff", 5, n=len(manifest.staff))


def _egress(inspection: Inspection) -> Part:
    manifest = inspection.manifest
    hosts, mail = (manifest.egress, manifest.mail) if manifest else ((), False)
    points = max(0, _up_to(len(hosts), HOSTS) - MAIL * mail)
    places = tuple(Place("lumbung.toml", what=host) for host in hosts)
    reason = {(True, True): "hosts-mail", (True, False): "hosts", (False, True): "mail"}.get((bool(hosts), mail), "ok")
    return Part("egress", points, 10, reason, {"n": len(hosts)} if hosts else {}, places)


def _dependencies(inspection: Inspection) -> Part:
    count = inspection.facts.requirements
    if inspection.requirements.strip() and any(one.path == "requirements.txt" for one in inspection.errors):
        return Part("dependencies", 0, 10, "unlocked", {})
    return Part("dependencies", _up_to(count, REQUIREMENTS), 10, "locked" if count else "ok", {"n": count})


def _tests(inspection: Inspection) -> Part:
    count = inspection.facts.tests
    points = next((points for least, points in TESTS if count >= least), 0)
    return Part("tests", points, 10, "some" if count else "none", {"n": count})


def _tried(part: Part, proved: Result | None) -> Part:
    """Points are for tests that are there, for their counts are their own word; only ones that failed cost them all."""
    if proved is None or not part.figures["n"]:
        return part
    if proved.state is ProvingState.PASSED:
        return replace(part, reason="passed", figures={**part.figures, "passed": proved.passed})
    if proved.state is ProvingState.FAILED:
        return replace(part, points=0, reason="failed", figures={**part.figures, "failed": proved.failed})
    return part


def _documentation(inspection: Inspection) -> Part:
    headings = inspection.facts.headings
    admins, operators = (any(word.search(one) for one in headings) for word in (ADMINISTRATORS, OPERATORS))
    points = (README if headings else 0) + EACH_READER * (admins + operators)
    if not headings:
        return Part("documentation", 0, 10, "none", {})
    reasons = {(True, True): "ok", (True, False): "no-operators", (False, True): "no-administrators"}
    return Part("documentation", points, 10, reasons.get((admins, operators), "no-readers"), {})


def _migrations(inspection: Inspection) -> Part:
    manifest = inspection.manifest
    if not inspection.facts.keeps_data:
        return Part("migrations", 5, 5, "no-data", {})
    return _full("migrations", 5) if manifest and manifest.migrate else Part("migrations", 0, 5, "none", {})


def _size(inspection: Inspection) -> Part:
    facts = inspection.facts
    points = _up_to(facts.size, SIZES)
    return Part("size", points, 5, "ok" if points == 5 else "large", {"bytes": facts.size, "files": facts.files})


def _full(code: str, of: int, **figures: int) -> Part:
    return Part(code, of, of, "ok", figures)


JUDGES = (
    _licence, _secrets, _imports, _staff, _egress, _dependencies, _tests, _documentation, _migrations, _size,
)  # fmt: skip
"""Their parts add up to 100 points: secrets 20, imports 15, staff, migrations and size 5, the others 10."""
