"""The demo's queue: one city that waits to be admitted, was asked something back and answered. Marked as made up.

Rows, not acts: nobody is to be told of what only seems to have happened.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from registry.accounts.models import User
from registry.core import clock
from registry.core.db import db
from registry.tenants.joining import rules
from registry.tenants.joining.models import ApplicationNote, CityApplication
from registry.tenants.models import City

MAINTAINER = "Pengelola Program, Diskominfo Bandung (demo)"
APPLICANT = "Calon Admin Kota Singkawang (demo)"
EMAIL = "admin@singkawang.example"
MAIL = "diskominfo@singkawang.example"

CITY: dict[str, Any] = {
    "code": "61.72", "slug": "singkawang", "name": "Kota Singkawang", "province": "Kalimantan Barat",
    "timezone": "Asia/Jakarta", "color": "#7a1f4f", "contact_office": "Dinas Komunikasi dan Informatika (demo)",
    "contact_name": APPLICANT,
}  # fmt: skip

TALK = (
    (5, APPLICANT, "applied", ""),
    (3, MAINTAINER, "asked", "Bidang mana di Diskominfo yang akan mengelola aplikasi sehari-hari? (demo)"),
    (1, APPLICANT, "answered", "Bidang Penyelenggaraan E-Government; dua pranata komputer ditugaskan. (demo)"),
)
"""Days ago, who, what, and the words."""


def add(city: City) -> None:
    """In the programme's scope, in an open unit of work. Whether the office is real is for a maintainer to check."""
    applicant = db.session.scalar(select(User.id).where(User.email == EMAIL))
    sent, changed = (clock.now() - timedelta(days=TALK[place][0]) for place in (0, -1))
    db.session.add(
        CityApplication(
            tenant_id=city.id, version=len(TALK), round=1, state=rules.WAITING, applicant_id=applicant,
            head="Kepala Dinas (demo)", mail=MAIL, phone="0562-000000", proof="other", sent_at=sent,
            changed_at=changed,
        )
    )  # fmt: skip
    for days, actor, kind, text in TALK:
        moment = clock.now() - timedelta(days=days)
        db.session.add(ApplicationNote(tenant_id=city.id, at=moment, actor=actor, kind=kind, text=text))
    db.session.flush()
