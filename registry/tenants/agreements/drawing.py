"""The text of an agreement as PDF/UA, from what its row says, kept for each version of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.core import clock
from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.tenants.agreements import reading, rules, seams, settings
from registry.tenants.agreements.contents import Party
from registry.tenants.agreements.models import Agreement, AgreementPaper
from registry.tenants.agreements.reading import effective_state
from registry.tenants.documents import files, service
from registry.tenants.models import City

LABELS = {rules.PUBLISHER: "PIHAK KESATU", rules.PARTNER: "PIHAK KEDUA"}
ABOUT = "Pemanfaatan Bersama Aplikasi Pemerintahan Berbasis Elektronik"
DRAFTED_BY = "lumbung"


def paper(city: City, found: Agreement) -> AgreementPaper:
    """The PDF of the agreement as it is: drawn once for each version (about a second). Inside a unit of work."""
    kept = _kept(found)
    if kept is not None:
        try:
            files.open_kept(city, kept.digest).close()
            return kept
        except NotFoundError:  # the folder was lost, the row was not: the same facts give the same bytes
            files.put(city, kept.name, _drawn(city, found))
            return kept
    stored = files.put(city, f"{_stem(found)}.pdf", _drawn(city, found))
    made = AgreementPaper(
        tenant_id=city.id, agreement_id=found.id, kind="draft", version=found.version, digest=stored.digest,
        size=stored.size, media=stored.kind, name=stored.name, added_by=DRAFTED_BY,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # somebody asked for it at the same moment
        return _kept(found) or made
    return made


def facts(city: City, found: Agreement) -> dict[str, Any]:
    """What the templates below ``agreements/pdf/`` ask for."""
    text, programme, own = reading.draft_of(found), settings.programme(), reading.own_conditions(found)
    names = seams.apps()
    publisher = db.session.scalars(select(City).where(City.publisher)).first()
    base = reading.agreement(city.id, found.parent_id) if found.parent_id else None
    label = programme.label(found.kind)
    sides = [_party(rules.PUBLISHER, text.publisher, found, publisher.name if publisher else ""),
             _party(rules.PARTNER, text.partner, found, city.name)]  # fmt: skip
    addendum = found.relation == rules.AMENDMENT
    title = f"Adendum {label}" if addendum else label
    return {
        "title": title, "name": "Adendum" if addendum else label, "base": base, "base_name": label, "about": ABOUT,
        "number": found.number or "DRAF", "subject": f"{title}: {ABOUT}", "author": sides[0]["institution"],
        "made_on": (found.dated_on or clock.day_of(found.updated_at)), "text": text, "parties": sides,
        "publisher": sides[0], "partner": sides[1], "publisher_city": publisher.name if publisher else "",
        "partner_city": city.name, "pks_label": programme.pks_label, "memorandum_label": programme.memorandum_label,
        "memorandum": reading.standing(city.id, rules.MEMORANDUM) if found.kind == rules.PKS else None,
        "apps": None if own.apps is None else [names.get(one, one) for one in own.apps],
        "notice_days": max(programme.reminder_days), "draft": is_draft(found),
        "foot": f"{title} {found.number}".strip(),
        "letterheads": [{"government": one.name, "color": one.color} for one in (publisher, city) if one],
    }  # fmt: skip


def is_draft(found: Agreement) -> bool:
    """Until both sides have signed it."""
    return effective_state(found) in rules.OPEN or not (found.publisher_signed_on and found.partner_signed_on)


def _drawn(city: City, found: Agreement) -> bytes:
    which = "addendum" if found.relation == rules.AMENDMENT else found.kind
    return service.draw(f"agreements/pdf/{which}.html", "id", **facts(city, found))


def _party(side: str, party: Party, found: Agreement, city_name: str) -> dict[str, Any]:
    signed = found.publisher_signed_on if side == rules.PUBLISHER else found.partner_signed_on
    return {**party.to_json(), "label": LABELS[side], "short": city_name or LABELS[side], "signatory": party.name,
            "government": party.institution,
        "nip": party.nip if party.name else "", "signed_on": signed}  # fmt: skip


def _kept(found: Agreement) -> AgreementPaper | None:
    wanted = select(AgreementPaper).where(
        AgreementPaper.tenant_id == found.tenant_id, AgreementPaper.agreement_id == found.id,
        AgreementPaper.kind == "draft", AgreementPaper.version == found.version,
    )  # fmt: skip
    return db.session.scalar(wanted)


def _stem(found: Agreement) -> str:
    mark = "draf-" if is_draft(found) else ""
    return f"{mark}{found.kind}-{found.id}-v{found.version}"
