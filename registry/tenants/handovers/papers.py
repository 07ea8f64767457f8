"""What a handover says of its two sides, and the document drawn of it."""

from __future__ import annotations

from typing import Any

from flask import current_app

from registry.tenants.agreements.contents import PKS, Party, head_of
from registry.tenants.agreements.models import Agreement
from registry.tenants.documents import service as documents
from registry.tenants.handovers import rules
from registry.tenants.handovers.models import Handover
from registry.tenants.models import City

LABELS = {rules.PUBLISHER: "PIHAK KESATU", rules.PARTNER: "PIHAK KEDUA"}


def parties_of(publisher: City, partner: City, pks: Agreement | None) -> dict[str, dict[str, str]]:
    """Both sides as the PKS has them, else who usually signs one for such a city."""
    told = pks.parties if pks else {}
    found = {}
    for side, city in ((rules.PUBLISHER, publisher), (rules.PARTNER, partner)):
        party = Party.from_json(told.get(side))
        found[side] = (party if party.office else head_of(PKS, city.name, city.contact_office)).to_json()
    return found


def address_of(handover: Handover) -> str:
    """Where anybody can verify it."""
    origin: str = current_app.extensions["lumbung"].origin
    return f"{origin}/verify/handover/{rules.show_code(handover.code)}"


def archive_of(handover: Handover) -> str:
    """Where the release's source archive lies."""
    origin: str = current_app.extensions["lumbung"].origin
    return f"{origin}/apps/{handover.app}/releases/{handover.release}.tar.gz"


def draw(handover: Handover) -> bytes:
    """The document in Indonesian: always the same bytes, because it tells nothing that may still change."""
    partner = handover.city
    return documents.draw(
        "handovers/pdf/handover.html",
        title="Berita Acara Serah Terima",
        number=handover.number,
        subject=f"Serah terima aplikasi {handover.app_name} {handover.release} kepada Pemerintah {partner.name}",
        author=f"Pemerintah {handover.publisher.name}",
        made_on=handover.made_on,
        letterhead=_letterhead(handover),
        parties=[_side(handover, rules.PUBLISHER), _side(handover, rules.PARTNER)],
        handover=handover,
        archive=archive_of(handover),
        address=address_of(handover),
        verification=f"Keaslian berita acara ini dapat diperiksa siapa pun dengan memindai kode QR di samping atau "
        f"dengan memasukkan kode {rules.show_code(handover.code)} pada halaman:",
        foot=f"{handover.number} · kode {rules.show_code(handover.code)}",
    )


def _letterhead(handover: Handover) -> dict[str, Any]:
    city, party = handover.publisher, Party.from_json(handover.parties[rules.PUBLISHER])
    office = party.institution.removesuffix(city.name).strip() or party.institution
    lines = [party.address] if party.address else []
    return {"government": f"Pemerintah {city.name}", "office": office, "lines": lines, "color": city.color}


def _side(handover: Handover, side: str) -> dict[str, Any]:
    city = handover.publisher if side == rules.PUBLISHER else handover.city
    party = Party.from_json(handover.parties[side])
    return {
        "label": LABELS[side],
        "signatory": party.name,
        "nip": party.nip,
        "office": party.office,
        "government": f"Pemerintah {city.name}",
        "address": party.address,
    }
