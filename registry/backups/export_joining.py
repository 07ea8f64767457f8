"""How a city came in, for its archive: its application, what it and the maintainers said, its letter.

What an earlier applicant for the same city wrote is not the city's and stays. Whoever calls has entered the city's
scope.
"""

from __future__ import annotations

from typing import Any

from flask import current_app

from registry.backups.export_packing import Packer
from registry.tenants.documents import files
from registry.tenants.joining import service
from registry.tenants.joining.models import CityApplication
from registry.tenants.models import City

SAID = ("state", "head", "mail", "phone", "proof", "proof_mail", "proven_at", "proven_by", "proven_how",
        "letter_digest", "letter_name", "letter_kind", "letter_number", "letter_on", "sent_at")  # fmt: skip
NOTES = ("at", "actor", "kind", "text")


def pack(packer: Packer, city: City) -> None:
    """``application.json``, ``application_notes`` as a table, the letter below ``application/``; nothing for a city
    that never applied.
    """
    found = service.application_of(city)
    if found is None:
        return
    packer.json("application.json", {name: getattr(found, name) for name in SAID})
    packer.table("application_notes", notes(city, found), NOTES)
    if found.letter_digest:
        _letter(packer, city, found)


def notes(city: City, found: CityApplication) -> list[dict[str, Any]]:
    """Oldest first."""
    return [{name: getattr(one, name) for name in NOTES} for one in service.notes_of(city, found.round)]


def letter_name(kind: str) -> str:
    return f"application/letter{files.ENDINGS.get(kind, '')}"


def _letter(packer: Packer, city: City, found: CityApplication) -> None:
    path = files.path_of(current_app.extensions["lumbung"].data, city.id, found.letter_digest)
    if path.is_file():
        packer.file(letter_name(found.letter_kind), path)
    else:
        packer.left_out.append(f"{letter_name(found.letter_kind)}: the file is not there any more")
