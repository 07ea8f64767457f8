"""How a city came in, from its archive: believed as a document is. A city that applied here keeps what is here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from registry.backups.export_format import FormatError
from registry.backups.export_joining import letter_name
from registry.backups.import_records import read
from registry.core.db import db
from registry.tenants.documents import files
from registry.tenants.joining import service
from registry.tenants.joining.models import ApplicationNote, CityApplication
from registry.tenants.models import City

WORDS = ("head", "mail", "phone", "proof_mail", "proven_by", "proven_how", "letter_number")
PROOFS = ("mail", "letter", "other")
KINDS = ("applied", "asked", "answered", "admitted", "declined", "reapplied", "proved", "checked", "corrected",
         "letter")  # fmt: skip
MAX_TEXT = 2_000


def add(folder: Path, city: City) -> int:
    """How many lines of the conversation were new. Archives of before have none. Raises FormatError."""
    found = service.application_of(city)
    if found is None or service.is_form(found) or not (folder / "application.json").exists():
        return 0
    told = read(folder, "application.json", dict)
    try:
        _fill(found, told)
        new = _notes(folder, found)
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"the application cannot be read: {error}") from None
    _letter(folder, city, found, told)
    db.session.flush()
    return new


def _fill(found: CityApplication, told: Mapping[str, Any]) -> None:
    for name in WORDS:
        setattr(found, name, str(told.get(name) or "")[:500])
    found.proof = told["proof"] if told.get("proof") in PROOFS else "other"
    found.proven_at = datetime.fromisoformat(told["proven_at"]) if told.get("proven_at") else None
    found.letter_on = date.fromisoformat(told["letter_on"]) if told.get("letter_on") else None
    found.sent_at = datetime.fromisoformat(str(told["sent_at"]))


def _notes(folder: Path, found: CityApplication) -> int:
    rows = read(folder, "application_notes.json", list)
    for row in rows:
        if row["kind"] not in KINDS:
            raise ValueError(f"there is no act {str(row['kind'])[:40]!r}")
        actor, text = str(row.get("actor") or "")[:200], str(row.get("text") or "")[:MAX_TEXT]
        db.session.add(
            ApplicationNote(
                tenant_id=found.tenant_id, round=found.round, at=datetime.fromisoformat(str(row["at"])), actor=actor,
                kind=row["kind"], text=text,
            )
        )  # fmt: skip
    return len(rows)


def _letter(folder: Path, city: City, found: CityApplication, told: Mapping[str, Any]) -> None:
    """Only where the file came along and is what its digest says."""
    digest, kind = str(told.get("letter_digest") or ""), str(told.get("letter_kind") or "")
    path = folder / letter_name(kind)
    if not digest or kind not in files.SCANS or not path.is_file():
        return
    content = path.read_bytes()
    if len(content) > files.MAX_BYTES or hashlib.sha256(content).hexdigest() != digest:
        raise FormatError("the letter of the application is not what its digest says")
    kept = files.put(city, files.safe_name(str(told.get("letter_name") or ""), kind), content, kind)
    found.letter_digest, found.letter_name, found.letter_kind = kept.digest, kept.name, kept.kind
    found.letter_size = kept.size
