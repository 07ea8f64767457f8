"""What a city has agreed, and what that is worth today. The session is in that city's scope or the programme's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from registry.core import clock
from registry.core.db import db
from registry.core.errors import AgreementNeededError, ForbiddenError, NotFoundError
from registry.tenants.agreements import rules
from registry.tenants.agreements.contents import Conditions, Draft, Party
from registry.tenants.agreements.models import Agreement
from registry.tenants.models import City


def terms_of(agreement: Agreement) -> rules.Terms:
    return rules.Terms(
        kind=agreement.kind,
        state=agreement.state,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        publisher_signed_on=agreement.publisher_signed_on,
        partner_signed_on=agreement.partner_signed_on,
        terminates_on=agreement.terminates_on,
    )


def draft_of(found: Agreement) -> Draft:
    """What it says, as a draft does."""
    same = ("number", "starts_on", "ends_on", "allows_variants", "partner_number", "place", "dated_on",
            "allows_commercial", "requires_attribution", "assistance", "more_terms")  # fmt: skip
    return Draft(
        **{name: getattr(found, name) for name in same},
        scope_apps=None if found.scope_apps is None else tuple(found.scope_apps),
        publisher=Party.from_json(found.parties.get(rules.PUBLISHER)),
        partner=Party.from_json(found.parties.get(rules.PARTNER)),
    )


def effective_state(agreement: Agreement) -> str:
    """What the agreement is worth today (`rules.state_on`)."""
    return rules.state_on(terms_of(agreement), clock.today())


def papers_of(city_id: int) -> list[Agreement]:
    """Everything agreed or being agreed with a city, addenda too, newest first."""
    wanted = select(Agreement).where(Agreement.tenant_id == city_id)
    return list(db.session.scalars(wanted.order_by(Agreement.id.desc())))


def agreements_of(city_id: int, kind: str | None = None) -> list[Agreement]:
    """A city's agreements without their addenda, newest first."""
    return [one for one in papers_of(city_id) if one.relation != rules.AMENDMENT and (kind is None or one.kind == kind)]


def addenda_of(found: Agreement) -> list[Agreement]:
    """Newest first."""
    wanted = select(Agreement).where(
        Agreement.tenant_id == found.tenant_id, Agreement.parent_id == found.id,
        Agreement.relation == rules.AMENDMENT,
    )  # fmt: skip
    return list(db.session.scalars(wanted.order_by(Agreement.id.desc())))


def successor_of(found: Agreement) -> Agreement | None:
    """The newest renewal of it that has not come to nothing."""
    wanted = select(Agreement).where(
        Agreement.tenant_id == found.tenant_id, Agreement.parent_id == found.id,
        Agreement.relation == rules.RENEWAL,
    )  # fmt: skip
    found_all = db.session.scalars(wanted.order_by(Agreement.id.desc()))
    return next((one for one in found_all if effective_state(one) not in rules.ENDED), None)


def agreement(city_id: int, agreement_id: int) -> Agreement:
    """One agreement of this city. Raises NotFoundError."""
    found = db.session.scalar(select(Agreement).where(Agreement.tenant_id == city_id, Agreement.id == agreement_id))
    if found is None:
        raise NotFoundError(_("There is no such agreement."))
    return found


def standing(city_id: int, kind: str) -> Agreement | None:
    """The agreement of this kind that counts today: of those in force the newest, else the newest of all."""
    return _standing(agreements_of(city_id, kind))


def standings(city_ids: Iterable[int], kind: str) -> dict[int, Agreement]:
    """`standing` of many cities in one question; in the programme's scope."""
    wanted = select(Agreement).where(Agreement.kind == kind, Agreement.relation != rules.AMENDMENT)
    rows: dict[int, list[Agreement]] = defaultdict(list)
    for one in db.session.scalars(wanted.where(Agreement.tenant_id.in_(list(city_ids))).order_by(Agreement.id.desc())):
        rows[one.tenant_id].append(one)
    found = {city_id: _standing(held) for city_id, held in rows.items()}
    return {city_id: one for city_id, one in found.items() if one is not None}


def _standing(found: list[Agreement]) -> Agreement | None:
    return next((one for one in found if effective_state(one) == rules.ACTIVE), found[0] if found else None)


def next_step(city: City) -> str:
    """What is missing before the city may fork and deploy (`rules.next_step`)."""
    memorandum, pks = standing(city.id, rules.MEMORANDUM), standing(city.id, rules.PKS)
    terms = [terms_of(found) if found else None for found in (memorandum, pks)]
    return "adopt" if city.publisher else rules.next_step(city.state, terms[0], terms[1], clock.today())


def conditions_of(found: Agreement) -> Conditions:
    """What it allows today: its own terms, or those of the newest addendum in force."""
    addenda = [one for one in addenda_of(found) if effective_state(one) == rules.ACTIVE]
    counts = max(addenda, key=lambda one: (one.starts_on, one.id), default=found)
    return own_conditions(counts)


def own_conditions(found: Agreement) -> Conditions:
    """What this paper itself says, whatever changes it."""
    return Conditions(
        apps=None if found.scope_apps is None else tuple(found.scope_apps),
        variants=found.allows_variants,
        commercial=found.allows_commercial,
        attribution=found.requires_attribution,
        assistance=found.assistance,
        more=found.more_terms,
    )


def active_pks(city_id: int, app: str | None = None) -> Agreement | None:
    """The PKS in force today, or None; with ``app`` (a slug) only one whose scope has this app."""
    found = standing(city_id, rules.PKS)
    if found is None or effective_state(found) != rules.ACTIVE:
        return None
    return found if app is None or conditions_of(found).covers(app) else None


def require_active_pks(city: City, app: str | None = None) -> Agreement | None:
    """The PKS that lets this city fork and deploy ``app`` (a slug); the publisher needs none (None).

    Raises AgreementNeededError when there is none in force, or when the app is outside its scope.
    """
    if city.publisher:
        return None
    found = active_pks(city.id)
    if found is None:
        raise AgreementNeededError(_no_pks(city))
    if not conditions_of(found).covers(app):
        told = {"number": found.number, "city": city.name, "app": app}
        raise AgreementNeededError(
            _("PKS %(number)s of %(city)s does not cover the app %(app)s. Agree on an addendum that adds it.", **told)
        )
    return found


def _no_pks(city: City) -> str:
    last = standing(city.id, rules.PKS)
    if last is not None and effective_state(last) in rules.ENDED:
        return _(
            "The PKS of %(city)s has ended. What runs goes on; forks and plugins open again with a renewed one.",
            city=city.name,
        )
    return _("%(city)s has no active PKS yet. Forks and plugins open when both sides have signed it.", city=city.name)


def require_variants(city: City, app: str | None = None) -> Agreement | None:
    """As `require_active_pks`, for passing on: raises ForbiddenError where the PKS does not allow variants."""
    found = require_active_pks(city, app)
    if found is not None and not conditions_of(found).variants:
        told = {"number": found.number, "city": city.name}
        raise ForbiddenError(_("PKS %(number)s does not allow %(city)s to publish variants or pass apps on.", **told))
    return found
