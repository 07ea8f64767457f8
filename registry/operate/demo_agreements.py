"""Demo agreements, marked as such: two cities with a memorandum and a PKS in force, one whose PKS ends soon.

Rows, not acts: nobody is to be told of what only seems to have happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from registry.core import clock
from registry.core.db import db
from registry.tenants.agreements import contents, rules
from registry.tenants.agreements.contents import Draft, Party
from registry.tenants.agreements.models import Agreement, AgreementEvent, AgreementReminder
from registry.tenants.models import City

YEARS = 3 * 365
ACTOR = "Pengelola Program, Diskominfo Bandung (demo)"
NUMBERS = {"bontang": "01", "tanjungpinang": "02", "palopo": "03"}
NAMED = {"tanjungpinang": ("antrian", "lapor", "penilaian", "perizinan")}
"""The PKS of this city covers these apps only."""

ENDS_SOON = "palopo"
STEPS = {"draft": -20, "propose": -12, "sign": -5, "begin": 0}
"""What was done, and how many days after the first day of the term."""

SOON = 25
"""Days until the last one of the PKS that ends soon: the first two reminders were due."""


def add(cities: Mapping[str, City]) -> None:
    """In the programme's scope, in an open unit of work."""
    today = clock.today()
    for slug, number in NUMBERS.items():
        starts_on = today - timedelta(30) if slug != ENDS_SOON else today + timedelta(SOON - YEARS)
        for kind, letter in ((rules.MEMORANDUM, "NK"), (rules.PKS, "PKS")):
            ends_on = starts_on + timedelta(YEARS if kind == rules.PKS else 2 * YEARS)
            _one(cities["bandung"], cities[slug], kind, f"DEMO/{letter}/{number}", starts_on, ends_on)


def _one(publisher: City, city: City, kind: str, number: str, starts_on: date, ends_on: date) -> None:
    text = Draft(
        number=number, partner_number=f"{number}/{city.slug.upper()}", starts_on=starts_on, ends_on=ends_on,
        dated_on=starts_on - timedelta(5), place="Bandung", allows_variants=city.slug != ENDS_SOON,
        scope_apps=NAMED.get(city.slug) if kind == rules.PKS else None,
        more_terms="Data contoh (demo): bukan perjanjian yang sungguh ada.",
        publisher=_party(kind, publisher), partner=_party(kind, city),
    )  # fmt: skip
    steps = {act: datetime.combine(starts_on + timedelta(day), time(9), clock.SEAT) for act, day in STEPS.items()}
    made = Agreement(
        tenant_id=city.id, kind=kind, state=rules.SIGNED, version=3, created_at=steps["draft"], **text.columns,
        publisher_signed_on=starts_on - timedelta(5), partner_signed_on=starts_on - timedelta(5),
        publisher_signatory=text.publisher.office, partner_signatory=text.partner.office,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for version, (act, moment) in enumerate(steps.items(), 1):
        state = {"draft": rules.DRAFT, "propose": rules.PROPOSED}.get(act, rules.SIGNED)
        db.session.add(
            AgreementEvent(tenant_id=city.id, agreement_id=made.id, at=moment, actor=ACTOR, act=act, state=state,
                           side=rules.PUBLISHER if act == "sign" else "", version=min(version, 3))
        )  # fmt: skip
    db.session.add(AgreementReminder(tenant_id=city.id, agreement_id=made.id, ends_on=ends_on, step=rules.BEGUN))


def _party(kind: str, city: City) -> Party:
    usual = contents.head_of(kind, city.name)
    return Party(institution=usual.institution, office=f"{usual.office} (demo)")
