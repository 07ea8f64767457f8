"""What a release should have before it is out: each point with why, and what to do. Nothing of the bundle is run here.

Its own tests hold a release up when they failed, whoever releases. That they have passed for this very tree is demanded
where people and programs release and a host is there to run them: in the console, by the API, by an import. Who
releases from the machine's own command line answers for it himself and is warned only; so a set-up that publishes
twenty releases stays quick, and a registry without a host is not locked. A bundle without tests is warned of: a test
nobody meant would be worse than none. That tests passed proves no goodwill: see `registry.catalog.trust.proved`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _

from registry.catalog.inspection.inspect import Inspection
from registry.catalog.inspection.places import Place
from registry.catalog.rules import changes_of
from registry.catalog.trust import proved_words, words
from registry.catalog.trust.proved import Result
from registry.catalog.trust.rating import rate
from registry.core.errors import Finding
from registry.hosting.plain import ProvingState

OK: Final = "ok"
WARN: Final = "warn"
MISSING: Final = "missing"
RATED = ("licence", "documentation", "secrets")
"""Points the safety rating judges too: full points are `OK`, none of the first or third is `MISSING`."""
NEEDED = frozenset({"licence", "secrets"})


@dataclass(frozen=True)
class Check:
    """``state`` is `OK`, `WARN` (may be released so) or `MISSING` (may not); ``todo`` is "" when there is nothing to
    do, ``places`` are where it was seen.
    """

    code: str
    state: str
    title: str
    why: str
    todo: str = ""
    places: tuple[Place, ...] = ()


def check(
    inspection: Inspection, local: Sequence[Place], proved: Result | None = None, demanded: bool = False
) -> tuple[Check, ...]:
    """In the order people read it; ``local`` are the places that fit one city only (`situation.places`), ``proved`` is
    the newest run of its tests. ``demanded``: without one that passed it may not be released.
    """
    tests = _tests(inspection, proved, demanded)
    return (_changelog(inspection), *_rated(inspection), tests, _screenshots(inspection), _situation(local))


def may_release(checks: Sequence[Check]) -> bool:
    return all(one.state != MISSING for one in checks)


def awaits_tests(checks: Sequence[Check]) -> bool:
    """Whether its tests are all that keeps it from being released."""
    return [one.code for one in checks if one.state == MISSING] == ["tests"]


def findings(checks: Sequence[Check]) -> Iterator[Finding]:
    """What is not well, as findings: what is missing as errors, the first place of each named."""
    levels = {WARN: "warning", MISSING: "error"}
    for one in checks:
        if one.state != OK:
            place = one.places[0] if one.places else Place(FILES[one.code])
            yield Finding(place.path, f"{one.why} {one.todo}".strip(), levels[one.state], place.line)


FILES = {
    "changelog": "CHANGELOG.md", "licence": "LICENSE", "documentation": "README.md", "secrets": ".", "tests": "tests",
    "screenshots": "publiccode.yml", "situation": ".",
}  # fmt: skip


def version_of(inspection: Inspection) -> str:
    """What the bundle would be released as, "" when it does not say."""
    facts = inspection.publiccode.facts if inspection.publiccode else {}
    return str(facts.get("softwareVersion") or "")


def _changelog(inspection: Inspection) -> Check:
    title, version = _("Change log of this version"), version_of(inspection)
    if version and changes_of(inspection.changelog, version):
        return Check("changelog", OK, title, _("It says what changes with %(version)s.", version=version))
    named = version or "1.0.0"
    why = _("CHANGELOG.md says nothing of %(version)s: cities would not know what an upgrade changes.", version=named)
    todo = _('Add a heading "## %(version)s" to it, and below it what changes for them.', version=named)
    return Check("changelog", MISSING, title, why, todo)


def _rated(inspection: Inspection) -> Iterator[Check]:
    parts = {part.code: part for part in rate(inspection).parts}
    for code in RATED:
        part = parts[code]
        if part.points == part.of:
            yield Check(code, OK, words.title(code), words.reason(part))
        else:
            state = MISSING if code in NEEDED and not part.points else WARN
            yield Check(code, state, words.title(code), words.reason(part), _todo(code), part.findings)


def _todo(code: str) -> str:
    return {
        "licence": _("Put the whole text of the licence into LICENSE."),
        "documentation": _("Give README.md a section for administrators and one for operators, named so."),
        "secrets": _("Take it out and make a new one: what was once in a repository is known."),
    }[code]


def _tests(inspection: Inspection, proved: Result | None, demanded: bool) -> Check:
    title, count = words.title("tests"), inspection.facts.tests
    if not count:
        why = _("No tests come with the source: nobody sees what a change breaks.")
        return Check(
            "tests", WARN, title, why, _("Bring tests along: other cities want to see that a change breaks nothing.")
        )
    if proved is None:
        why = _("%(n)s come with it. Nobody has run them in the sandbox yet.", n=count)
        return Check("tests", MISSING if demanded else WARN, title, why, _("Run them before it is released."))
    why = proved_words.sentence(proved)
    if proved.state is ProvingState.PASSED:
        return Check("tests", OK, title, why)
    if proved.state is ProvingState.FAILED:
        places = tuple(_place(name) for name in proved.failures)
        return Check("tests", MISSING, title, why, _("Mend them, or what they found."), places)
    todo = _("Wait for their end.") if proved.under_way else _("Mend that, and run them again.")
    return Check("tests", MISSING if demanded else WARN, title, why, todo)


def _place(name: str) -> Place:
    """Of a test as pytest names it: ``tests/test_a.py::test_b``."""
    path, _colons, test = name.partition("::")
    return Place(path, what=test)


def _screenshots(inspection: Inspection) -> Check:
    title = _("Screenshots")
    facts = inspection.publiccode.facts if inspection.publiccode else {}
    told = (facts.get("description") or {}).values()
    if any(isinstance(one, dict) and one.get("screenshots") for one in told):
        return Check("screenshots", OK, title, _("Cities see what they get."))
    why = _("No picture shows what the app looks like.")
    return Check("screenshots", WARN, title, why, _("Name one under screenshots in publiccode.yml and bring it along."))


def _situation(local: Sequence[Place]) -> Check:
    title = _("Nothing that fits one city only")
    if not local:
        return Check("situation", OK, title, _("Neither code nor pages name the publisher's own city."))
    why = _("The publisher's city is written into code or pages, in %(n)s files.", n=len(local))
    return Check(
        "situation", WARN, title, why, _("Make it a setting: other cities must not change code."), tuple(local)
    )
