"""Papers of an agreement that people keep: signed scans of either side. Never public; both sides read both."""

from __future__ import annotations

from typing import IO

from flask_babel import gettext as _
from sqlalchemy import select

from registry.core import audit
from registry.core.db import db
from registry.core.errors import ConflictError, NotFoundError
from registry.tenants.agreements import history, rules
from registry.tenants.agreements.models import Agreement, AgreementPaper
from registry.tenants.documents import files
from registry.tenants.models import City

MOST_SCANS = 20


def scans(found: Agreement) -> list[AgreementPaper]:
    """Newest first."""
    return list(db.session.scalars(_of(found, "scan").order_by(AgreementPaper.id.desc())))


def drafts(found: Agreement) -> list[AgreementPaper]:
    """Every text that was drawn, newest first."""
    return list(db.session.scalars(_of(found, "draft").order_by(AgreementPaper.version.desc())))


def get(city: City, agreement_id: int, paper_id: int) -> AgreementPaper:
    """Raises NotFoundError."""
    found = db.session.scalar(
        select(AgreementPaper).where(
            AgreementPaper.tenant_id == city.id, AgreementPaper.agreement_id == agreement_id,
            AgreementPaper.id == paper_id,
        )
    )  # fmt: skip
    if found is None:
        raise NotFoundError(_("There is no such paper."))
    return found


def add_scan(city: City, found: Agreement, side: str, name: str, stream: IO[bytes]) -> AgreementPaper:
    """Keep a signed scan of a locked agreement. Raises TooLargeError, InvalidError for what is no whole PDF or picture,
    ConflictError for a draft, for one that is there already, or when there are too many.
    """
    if found.state == rules.DRAFT:
        raise ConflictError(_("A draft has nothing to scan yet: propose it first."))
    held = scans(found)
    if len(held) >= MOST_SCANS:
        raise ConflictError(_("At most %(n)d scans are kept for one agreement.", n=MOST_SCANS))
    stored = files.keep(city, name, stream)
    if any(one.digest == stored.digest for one in held):
        raise ConflictError(_("This very file is kept here already."))
    made = AgreementPaper(
        tenant_id=city.id, agreement_id=found.id, kind="scan", side=side, version=found.version,
        digest=stored.digest, size=stored.size, media=stored.kind, name=stored.name, added_by=audit.actor().name,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    history.note(city, found, "scan", side, file=stored.name)
    return made


def _of(found: Agreement, kind: str):  # type: ignore[no-untyped-def]
    return select(AgreementPaper).where(
        AgreementPaper.tenant_id == found.tenant_id, AgreementPaper.agreement_id == found.id,
        AgreementPaper.kind == kind,
    )  # fmt: skip
