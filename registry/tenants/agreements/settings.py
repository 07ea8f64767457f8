"""What the maintainers decided for all agreements: what they are called, who signs, when both sides are reminded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.core import audit
from registry.core.db import db
from registry.core.errors import ConflictError
from registry.tenants.agreements.contents import MEMORANDUM, PKS, Party, head_of
from registry.tenants.agreements.models import ProgrammeSettings
from registry.tenants.agreements.refusals import refuse
from registry.tenants.models import City

LABELS = ("Nota Kesepakatan", "Kesepakatan Bersama", "Nota Kesepahaman")
"""What a memorandum is called in practice; Permendagri 22/2020 says Kesepakatan Bersama between regions."""

MAX_DAY, MAX_STEPS, MAX_SIGNERS = 365, 6, 12


@dataclass(frozen=True)
class Programme:
    """``…_signers``: how the office of somebody who signs must begin; empty means any office."""

    memorandum_label: str = LABELS[0]
    pks_label: str = "Perjanjian Kerja Sama"
    reminder_days: tuple[int, ...] = (90, 30, 7)
    memorandum_signers: tuple[str, ...] = ()
    pks_signers: tuple[str, ...] = ()
    place: str = ""
    memorandum_party: Party = field(default_factory=Party)
    pks_party: Party = field(default_factory=Party)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Programme:
        known = {one.name for one in fields(cls)}
        told: dict[str, Any] = {
            name: tuple(one) if isinstance(one, list) else one for name, one in value.items() if name in known
        }
        for name in ("memorandum_party", "pks_party"):
            told[name] = Party.from_json(told.get(name))
        return cls(**told)

    def label(self, kind: str) -> str:
        return self.memorandum_label if kind == MEMORANDUM else self.pks_label

    def signers(self, kind: str) -> tuple[str, ...]:
        return self.memorandum_signers if kind == MEMORANDUM else self.pks_signers


def programme() -> Programme:
    """As it stands; asked once per session."""
    row = _row()
    return Programme.from_json(row.value) if row else Programme()


def version() -> int:
    row = _row()
    return row.version if row else 0


def publisher_party(kind: str) -> Party:
    """Who signs for the publisher: as decided, else as is usual for such a city."""
    told = programme().memorandum_party if kind == MEMORANDUM else programme().pks_party
    city = db.session.scalar(select(City).where(City.publisher))
    usual = head_of(kind, city.name if city else "", city.contact_office if city else "")
    if not told.institution and not told.office:
        return Party(**{**asdict(told), "institution": usual.institution, "office": usual.office})
    return told


def change(wanted: Programme, seen: int | None) -> None:
    """Decide anew; ``seen`` is the `version` the person looked at. Raises InvalidError, ConflictError."""
    _check(wanted)
    row = db.session.scalar(select(ProgrammeSettings).with_for_update().execution_options(populate_existing=True))
    if seen is not None and seen != (row.version if row else 0):
        raise ConflictError(_("Somebody else has changed the settings meanwhile. Look at them again."))
    if row is None:
        db.session.add(ProgrammeSettings(id=1, value=asdict(wanted), version=1))
    else:
        row.value, row.version = asdict(wanted), row.version + 1
    audit.record("programme.settings", wanted.memorandum_label)


def _check(wanted: Programme) -> None:
    days = wanted.reminder_days
    fit = 0 < len(days) <= MAX_STEPS and len(set(days)) == len(days) and all(0 < one <= MAX_DAY for one in days)
    parties = {"memorandum": wanted.memorandum_party, "pks": wanted.pks_party}
    wrong = [(f"{kind}_{party.problem[0]}", party.problem[1]) for kind, party in parties.items() if party.problem]
    lines = [
        (name, None if 3 <= len(text) <= 80 and text.isprintable() else "label")
        for name, text in (("memorandum_label", wanted.memorandum_label), ("pks_label", wanted.pks_label))
    ]
    signers = [(f"{kind}_signers", None if _fit(wanted.signers(kind)) else "signers") for kind in (MEMORANDUM, PKS)]
    place = ("place", None if len(wanted.place) <= 80 and wanted.place.isprintable() else "long-line")
    refuse(*lines, ("reminder_days", None if fit else "days"), *signers, place, *wrong)


def _fit(signers: tuple[str, ...]) -> bool:
    return len(signers) <= MAX_SIGNERS and all(2 <= len(one) <= 80 and one.isprintable() for one in signers)


def _row() -> ProgrammeSettings | None:
    return db.session.get(ProgrammeSettings, 1)
