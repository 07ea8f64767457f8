"""What the catalog tells the room of agreements: which apps there are, and under which name a scope knows one."""

from __future__ import annotations

from sqlalchemy import select

from registry.catalog.models import App
from registry.core.db import db
from registry.tenants.models import City


def apps() -> dict[str, str]:
    """Every app by name: slug and name."""
    rows = db.session.execute(select(App.slug, App.name).order_by(App.name, App.slug))
    return {slug: name for slug, name in rows}


def name_in_scope(app: App, city: City) -> str | None:
    """What the scope of a PKS is asked for; None for an app the city publishes itself, which no PKS gives it."""
    return None if app.publisher_id == city.id else app.slug
