"""What a city has agreed, for its archive: each agreement, what happened to it, and the papers themselves.

``key`` is the number an agreement has in this archive; others name it by that. Whoever calls has entered the city's
scope.
"""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import select

from registry.backups.export_packing import Packer
from registry.core.db import db
from registry.tenants.agreements.models import Agreement, AgreementEvent, AgreementPaper
from registry.tenants.documents import files
from registry.tenants.models import City

SAID = ("kind", "number", "partner_number", "relation", "state", "starts_on", "ends_on", "terminates_on", "dated_on",
        "place", "parties", "publisher_signatory", "partner_signatory", "publisher_signed_on", "partner_signed_on",
        "scope_apps", "allows_variants", "allows_commercial", "requires_attribution", "assistance", "more_terms",
        "reason", "created_at")  # fmt: skip
AGREEMENTS = ("key", "renews_or_changes", *SAID)
EVENTS = ("agreement", "at", "actor", "act", "side", "state", "why", "version")
PAPERS = ("agreement", "kind", "side", "version", "digest", "size", "media", "name", "added_by", "added_at")


def pack(packer: Packer, city: City) -> None:
    """``agreements``, ``agreement_history`` and ``agreement_papers`` as tables, papers below ``documents/``."""
    packer.table("agreements", agreements(city), AGREEMENTS)
    packer.table("agreement_history", _rows(AgreementEvent, city, EVENTS), EVENTS)
    papers = _rows(AgreementPaper, city, PAPERS)
    packer.table("agreement_papers", papers, PAPERS)
    data = current_app.extensions["lumbung"].data
    for digest in sorted({str(row["digest"]) for row in papers}):
        path = files.path_of(data, city.id, digest)
        if path.is_file():
            packer.file(f"documents/{digest}", path)
        else:
            packer.left_out.append(f"documents/{digest}: the file is not there any more")


def agreements(city: City) -> list[dict[str, Any]]:
    """In the order they were made: what renews or changes another comes after it."""
    rows = db.session.scalars(select(Agreement).where(Agreement.tenant_id == city.id).order_by(Agreement.id))
    return [
        {"key": row.id, "renews_or_changes": row.parent_id, **{name: getattr(row, name) for name in SAID}}
        for row in rows
    ]


def _rows(model: Any, city: City, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Of a table about agreements, oldest first."""
    rows = db.session.scalars(select(model).where(model.tenant_id == city.id).order_by(model.id))
    return [{"agreement": row.agreement_id, **{name: getattr(row, name) for name in names[1:]}} for row in rows]
