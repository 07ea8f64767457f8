"""What codes of choosing are called, and why a decision is refused, in the language of the request."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from registry.catalog.choosing import rules
from registry.catalog.choosing.comparing import Comparison
from registry.catalog.choosing.rules import Chosen

TONES = {
    rules.YES: "ok", rules.MAYBE: "warn", rules.NO: "bad", rules.ADOPT: "ok", rules.LATER: "warn", rules.NOT: "muted",
}  # fmt: skip


def vote(code: str) -> str:
    return {rules.YES: _("yes"), rules.MAYBE: _("maybe"), rules.NO: _("no")}.get(code, code)


def decision(code: str) -> str:
    names = {rules.ADOPT: _("adopt"), rules.LATER: _("later"), rules.NOT: _("not adopted")}
    return names.get(code, code)


def quarter(code: str) -> str:
    """``2027-Q1`` as people say it."""
    read = rules.read_quarter(code)
    return _("quarter %(number)s of %(year)s", number=read[1], year=read[0]) if read else code


def age(days: int) -> str:
    """Of a release, in days, months or years."""
    if days < 1:
        return _("today")
    if days < 60:
        return ngettext("%(num)s day ago", "%(num)s days ago", days)
    if days < 730:
        return ngettext("%(num)s month ago", "%(num)s months ago", days // 30)
    return ngettext("%(num)s year ago", "%(num)s years ago", days // 365)


def problem(code: str) -> str:
    """Of a decision."""
    return {
        "decision": _("Choose adopt, later or not."),
        "reason": _("Give a reason, from 3 to 500 letters: colleagues will read it."),
        "no-unit": _("Choose the unit (OPD) that will own the app."),
        "quarter": _("Choose the quarter, written like 2027-Q1."),
        "quarter-range": _("Plan for this quarter or one of the next five years."),
    }[code]


def complaints(chosen: Chosen, found: Comparison) -> list[str]:
    """What of the address was left out, and why."""
    said = [_("There is no app “%(app)s” in the catalog: it is left out.", app=name[:60]) for name in found.unknown]
    said += [_("“%(app)s” was named more than once: it stands here once.", app=name[:60]) for name in chosen.twice]
    if chosen.over:
        names = ", ".join(name[:60] for name in chosen.over)
        said.append(_("At most four apps stand side by side: %(apps)s is left out.", apps=names))
    return said
