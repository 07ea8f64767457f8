"""What stands on other rooms' pages: what is closed because a PKS ends, and what was agreed about an app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.core import clock, scope
from registry.tenants.agreements import reading, rules, seams, settings, suspending, words
from registry.tenants.agreements.models import Agreement, Suspension
from registry.tenants.models import City


@dataclass(frozen=True)
class Banner:
    """``kind`` is ``closed`` (the PKS is over), ``soon`` (it ends within the days of the first reminder) or
    ``suspended`` (the programme closed the plugins).
    """

    kind: str
    pks: Agreement | None = None
    day: date | None = None
    left: int = 0
    renewal: Agreement | None = None
    suspension: Suspension | None = None


def banner(city: City) -> Banner | None:
    """For the city's console, whose page has entered a scope; None while there is nothing to say."""
    if city.publisher or city.state != "admitted" or scope.current() == scope.NOBODY:
        return None
    held = suspending.current(city)
    if held is not None:
        return Banner("suspended", suspension=held)
    pks = reading.standing(city.id, rules.PKS)
    if pks is None:
        return None
    state, renewal = reading.effective_state(pks), reading.successor_of(pks)
    if state in rules.ENDED and (pks.publisher_signed_on and pks.partner_signed_on):
        return Banner("closed", pks, pks.terminates_on if state == rules.TERMINATED else pks.ends_on, renewal=renewal)
    if state != rules.ACTIVE:
        return None
    last = pks.terminates_on or pks.ends_on
    left = (last - clock.today()).days if last else 9_999
    if left > max(settings.programme().reminder_days) or _signed(renewal):
        return None
    return Banner("soon", pks, last, left, renewal)


def terms(city: City, app: str = "") -> tuple[Agreement, list[tuple[str, str, bool]], bool] | None:
    """The PKS in force, what was agreed line by line, and whether ``app`` is in its scope; None without one."""
    if city.publisher or scope.current() == scope.NOBODY:
        return None
    pks = reading.active_pks(city.id)
    if pks is None:
        return None
    held = reading.conditions_of(pks)
    return pks, words.condition_texts(held, seams.apps()), held.covers(app or None)


def _signed(renewal: Agreement | None) -> bool:
    return renewal is not None and reading.effective_state(renewal) in (rules.SIGNED, rules.ACTIVE)
