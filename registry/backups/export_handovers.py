"""A city's handovers for its archive: the register, each document as it is signed, scans of those that were.

They are papers of this installation's register, which verifies them: an import elsewhere leaves them in the archive.
"""

from __future__ import annotations

from typing import Any

from flask import current_app

from registry.backups.export_packing import Packer
from registry.core.errors import RefusalError
from registry.tenants.documents import files
from registry.tenants.handovers import papers, rules, scans, service
from registry.tenants.handovers.models import Handover
from registry.tenants.models import City

FACTS = ("number", "app", "app_name", "release", "commit", "sha256", "size", "licence", "pks_number", "pks_on",
         "handed_on", "made_on", "publisher_signatory", "publisher_signed_on", "partner_signatory",
         "partner_signed_on", "revoked_on", "reason")  # fmt: skip
TOLD = ("publisher", "code", "state", "verify", "scans")


def pack(packer: Packer, city: City) -> None:
    """Whoever calls has entered the city's scope. What cannot be drawn or is not there any more is left out."""
    found = list(reversed(service.of_city(city.id)))
    packer.table("handovers", [facts(one) for one in found], (*FACTS, *TOLD))
    for one in found:
        _document(packer, one)
        _scans(packer, one)


def facts(one: Handover) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in FACTS}, "publisher": one.publisher.slug,
        "code": rules.show_code(one.code), "state": service.state_of(one), "verify": papers.address_of(one),
        "scans": [{"digest": scan.digest, "name": scan.name, "side": scan.side} for scan in scans.of_handover(one)],
    }  # fmt: skip


def _document(packer: Packer, one: Handover) -> None:
    path = f"handovers/{_folder(one)}/document.pdf"
    try:
        packer.data(path, papers.draw(one))
    except RefusalError as refusal:
        packer.left_out.append(f"{path}: {refusal.message}")


def _scans(packer: Packer, one: Handover) -> None:
    data = current_app.extensions["lumbung"].data
    for scan in scans.of_handover(one):
        path = f"handovers/{_folder(one)}/{scan.digest[:12]}{files.ENDINGS.get(scan.media, '')}"
        try:
            packer.file(path, files.path_of(data, one.tenant_id, scan.digest))
        except FileNotFoundError:
            packer.left_out.append(f"{path}: its file is not there any more")


def _folder(one: Handover) -> str:
    return f"{one.year}-{one.serial:03}-{one.app}"
