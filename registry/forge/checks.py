"""The checklist of a bundle that wants to be released, and the refusal of what has not enough."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from registry.catalog.inspection.bundle import Tree
from registry.catalog.inspection.inspect import Inspection
from registry.catalog.trust import checklist, situation
from registry.catalog.trust.checklist import Check
from registry.core.errors import InvalidError
from registry.tenants.models import City


def checks_of(inspection: Inspection, tree: Tree, publisher: City) -> tuple[Check, ...]:
    own = situation.Own(publisher.name, publisher.slug, publisher.code)
    return checklist.check(inspection, situation.places(tree, own))


def demand(checks: Sequence[Check]) -> None:
    """Raises InvalidError with findings when something is missing; warnings are no reason."""
    if not checklist.may_release(checks):
        missing = [one for one in checklist.findings(checks) if one.level == "error"]
        raise InvalidError(_("Something is missing before this can be released."), missing)
