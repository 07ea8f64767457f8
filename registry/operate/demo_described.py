"""Apps of the programme whose source is not here yet: entries from the files in `described/`, marked as demo."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from registry.catalog.describing import describe
from registry.catalog.models import App
from registry.catalog.publiccode.file import parse
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.models import City

FOLDER = Path(__file__).parent / "described"
PUBLISHER_URN = "urn:x-kemendagri:"


def publish() -> None:
    """Those that are missing; what a maintainer changed or released since stays."""
    cities = {city.code: city for city in db.session.scalars(select(City))}
    known = set(db.session.scalars(select(App.slug)))
    for file in sorted(FOLDER.glob("*.yml")):
        city = cities.get(publisher_of(file))
        if city is not None and file.stem not in known:
            with unit_of_work():
                describe(city, file.stem, file.read_bytes())


def publisher_of(file: Path) -> str:
    """The Kemendagri code of the city that the file names as its organisation."""
    described, _findings = parse(file.read_bytes())
    return str(described.facts["organisation"]["uri"]).removeprefix(PUBLISHER_URN) if described else ""
