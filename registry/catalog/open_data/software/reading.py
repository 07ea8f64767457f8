"""Apps, publishers and the one catalog as the Software Catalog API tells them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Select, Text, literal_column, or_, select

from registry.catalog.models import App
from registry.catalog.open_data import rules
from registry.catalog.state import Version
from registry.config import Settings
from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.tenants.models import City

NAMESPACE = "urn:x-kemendagri:"
CATALOG = rules.stable_id("catalog", "lumbung")
ALTERNATIVE = "lumbung"
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE = App.facts.op("->>", return_type=Text())(literal_column("'url'"))
"""Written out, as the index on it is."""


def software(url: str = "") -> Select[Any]:
    """All apps, or the one that lives at this address, ours or its own."""
    wanted = select(App)
    if not url:
        return wanted
    bare = url.strip().rstrip("/").removesuffix(".git").rstrip("/")
    same = [url.strip(), bare, f"{bare}/", f"{bare}.git"]
    origin = _settings().origin
    ours = [bare.removeprefix(f"{origin}/{kind}/") for kind in ("git", "apps") if bare.startswith(f"{origin}/{kind}/")]
    own = SOURCE.in_(same)
    found = select(App.id).where(or_(own, App.slug.in_(ours)) if ours else own)
    # Asked first: to find them by their order instead, the database would read every app.
    return wanted.where(App.id.in_(db.session.scalars(found).all()))


def find_software(key: str) -> App:
    """By its id. Raises NotFoundError."""
    found = db.session.scalar(select(App).where(App.uid == uuid.UUID(key))) if _is_id(key) else None
    if found is None:
        raise NotFoundError(_("There is no software with this id."))
    return found


def publishers() -> Select[Any]:
    """Cities that have published something."""
    return select(City).where(City.id.in_(select(App.publisher_id)))


def find_publisher(key: str) -> City:
    """By its id, or by its alternative id (Kemendagri's code). Raises NotFoundError."""
    for city in db.session.scalars(publishers()):
        if key == city.code or (_is_id(key) and publisher_id(city) == uuid.UUID(key)):
            return city
    raise NotFoundError(_("There is no publisher with this id."))


def find_catalog(key: str) -> uuid.UUID:
    """There is one. Raises NotFoundError."""
    if key == ALTERNATIVE or (_is_id(key) and uuid.UUID(key) == CATALOG):
        return CATALOG
    raise NotFoundError(_("There is no catalog with this id."))


def publisher_id(city: City) -> uuid.UUID:
    return rules.stable_id("city", city.code)


def told_software(app: App) -> dict[str, Any]:
    origin = _settings().origin
    own = str(app.facts.get("url") or f"{origin}/apps/{app.slug}")
    clone = f"{origin}/git/{app.slug}.git"
    aliases = [] if app.described_only or clone == own else [clone]
    return {
        "id": str(app.uid), "publiccodeYml": app.publiccode, "url": own, "active": True,
        "catalogId": str(CATALOG), "createdAt": _moment(app.created_at), "updatedAt": _moment(app.updated_at),
    } | ({"aliases": aliases} if aliases else {})  # fmt: skip


def told_publisher(city: City) -> dict[str, Any]:
    made = {"createdAt": _moment(city.created_at), "updatedAt": _moment(city.created_at)}
    hosting = {"url": f"{_settings().origin}/?publisher={city.slug}", "group": True, **made}
    return {
        "id": str(publisher_id(city)), "alternativeId": city.code, "description": city.name, "active": True,
        "codeHosting": [hosting], "catalogId": str(CATALOG), **made,
    }  # fmt: skip


def told_catalog(version: Version) -> dict[str, Any]:
    return {
        "id": str(CATALOG), "alternativeId": ALTERNATIVE, "name": "Lumbung", "active": True,
        "publishersNamespace": NAMESPACE, "scopes": ["iso3166:ID"],
        "sources": [{"driver": "json", "url": f"{_settings().origin}/catalog.json"}],
        "createdAt": _moment(BEGAN), "updatedAt": _moment(version.changed_at),
    }  # fmt: skip


def _is_id(key: str) -> bool:
    try:
        return str(uuid.UUID(key)) == key.lower()
    except ValueError:
        return False


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _settings() -> Settings:
    found: Settings = current_app.extensions["lumbung"]
    return found
