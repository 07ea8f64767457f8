"""The checklist of a bundle that wants to be released, and the refusal of what has not enough."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from registry.catalog.inspection.bundle import Tree
from registry.catalog.inspection.inspect import Inspection
from registry.catalog.trust import checklist, proving, situation
from registry.catalog.trust.checklist import Check
from registry.core.errors import InvalidError
from registry.tenants.models import City


class UntestedError(InvalidError):
    """Nothing is missing but a run of its own tests that passed."""


def checks_of(
    inspection: Inspection, tree: Tree, publisher: City, content: str = "", tested: bool = False
) -> tuple[Check, ...]:
    """``content`` is git's id of the same tree, by which runs of its tests are found; ``tested``: one must have
    passed.
    """
    own = situation.Own(publisher.name, publisher.slug, publisher.code)
    return checklist.check(inspection, situation.places(tree, own), proving.result_of(content), tested)


def demand(checks: Sequence[Check]) -> None:
    """Raises InvalidError with findings when something is missing, UntestedError when it is its tests alone; warnings
    are no reason.
    """
    missing = [one for one in checklist.findings(checks) if one.level == "error"]
    if checklist.awaits_tests(checks):
        raise UntestedError(_("Its own tests must have passed in the sandbox before this is released."), missing)
    if not checklist.may_release(checks):
        raise InvalidError(_("Something is missing before this can be released."), missing)
