"""A city's agreements from an archive, with their history and papers. What is there already stays.

As documents they are believed (docs/security.md); only their shape is checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from registry.backups.export_format import FormatError
from registry.backups.import_records import read
from registry.core.db import db
from registry.tenants.agreements import history, reading
from registry.tenants.agreements.contents import ASSISTANCE, MAX_APPS, PARTNER, PUBLISHER, Party
from registry.tenants.agreements.models import Agreement, AgreementEvent, AgreementPaper
from registry.tenants.documents import files
from registry.tenants.models import City

DATES = ("starts_on", "ends_on", "terminates_on", "dated_on", "publisher_signed_on", "partner_signed_on")
WORDS = ("number", "partner_number", "place", "publisher_signatory", "partner_signatory", "reason")
MARKS = {"allows_variants": True, "allows_commercial": False, "requires_attribution": True}
"""What an archive made before these were known means."""

CHOICES = {
    "kind": ("memorandum", "pks"),
    "state": ("draft", "proposed", "signed", "active", "expired", "terminated"),
    "relation": ("", "renewal", "amendment"),
    "assistance": ASSISTANCE,
}


def add(folder: Path, city: City) -> int:
    """How many were new: those of a kind and number the city does not have here. Raises FormatError."""
    known = {_name(one.kind, one.relation, one.number) for one in reading.papers_of(city.id)}
    made: dict[int, Agreement] = {}
    for row in read(folder, "agreements.json", list):
        told = _said(row)
        if _name(told["kind"], told["relation"], told["number"]) in known:
            continue
        parent = made.get(int(row.get("renews_or_changes") or 0))
        one = Agreement(tenant_id=city.id, parent_id=parent.id if parent else None, **told)
        db.session.add(one)
        db.session.flush()
        made[int(row.get("key") or -one.id)] = one
    _history(folder, city, made)
    _papers(folder, city, made)
    return len(made)


def _name(kind: str, relation: str, number: str) -> tuple[str, str, str]:
    return kind, relation, number


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    try:
        told: dict[str, Any] = {name: str(row.get(name) or "")[:2_000] for name in WORDS}
        told |= {name: date.fromisoformat(row[name]) if row.get(name) else None for name in DATES}
        told |= {name: bool(row.get(name, usual)) for name, usual in MARKS.items()}
        usual = {"relation": "", "assistance": "installation"}
        told |= {name: str(row.get(name, usual.get(name, ""))) for name in CHOICES}
        told["more_terms"] = str(row.get("more_terms") or "")[:8_000]
        apps, parties = row.get("scope_apps"), row.get("parties") or {}
        told["scope_apps"] = None if apps is None else [str(one)[:60] for one in list(apps)[:MAX_APPS]]
        told["parties"] = {side: Party.from_json(parties.get(side)).to_json() for side in (PUBLISHER, PARTNER)}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise FormatError(f"agreements.json cannot be read: {error}") from None
    if any(told[name] not in allowed for name, allowed in CHOICES.items()):
        raise FormatError("agreements.json names a kind or a state there is not")
    return told


def _history(folder: Path, city: City, made: Mapping[int, Agreement]) -> None:
    for row in _told(folder, "agreement_history.json", made):
        one = made[int(row["agreement"])]
        words = {name: str(row.get(name) or "")[:2_000] for name in ("actor", "act", "side", "state", "why")}
        moment = datetime.fromisoformat(str(row["at"]))
        version = max(0, int(row.get("version") or 0))
        db.session.add(AgreementEvent(tenant_id=city.id, agreement_id=one.id, at=moment, version=version, **words))
        one.version = max(one.version or 0, version)
    db.session.flush()
    for one in made.values():
        history.note(city, one, "import")


def _papers(folder: Path, city: City, made: Mapping[int, Agreement]) -> None:
    """Only those whose file came along and is what its digest says."""
    for row in _told(folder, "agreement_papers.json", made):
        digest, kind = str(row["digest"]), str(row["kind"])
        path = folder / "documents" / digest
        if not files.DIGEST.fullmatch(digest) or kind not in ("draft", "scan") or not path.is_file():
            continue
        content = path.read_bytes()
        if len(content) > files.MAX_BYTES or hashlib.sha256(content).hexdigest() != digest:
            raise FormatError(f"documents/{digest} is not what its name says")
        media = str(row["media"]) if row["media"] in files.SCANS else files.PDF
        stored = files.put(city, files.safe_name(str(row["name"]), media), content, media)
        db.session.add(
            AgreementPaper(
                tenant_id=city.id, agreement_id=made[int(row["agreement"])].id, kind=kind,
                side=str(row.get("side") or "")[:20], version=max(0, int(row["version"])), digest=digest,
                size=stored.size, media=media, name=stored.name, added_by=str(row.get("added_by") or "")[:200],
                added_at=datetime.fromisoformat(str(row["added_at"])),
            )
        )  # fmt: skip
    db.session.flush()


def _told(folder: Path, name: str, made: Mapping[int, Agreement]) -> list[Mapping[str, Any]]:
    """Rows about what is new here; an archive made before there were such rows has none."""
    if not (folder / name).exists():
        return []
    try:
        return [row for row in read(folder, name, list) if int(row["agreement"]) in made]
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{name} cannot be read: {error}") from None
