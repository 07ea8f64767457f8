"""A city signs up, and is admitted or declined; each act is audited."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from flask_babel import gettext as _
from sqlalchemy import or_, select

from registry.core import audit
from registry.core.db import db
from registry.core.errors import ConflictError, Finding
from registry.tenants import rules as policy
from registry.tenants.joining import rules
from registry.tenants.models import City
from registry.tenants.provinces import PROVINCES
from registry.tenants.service import reason_of, refuse


@dataclass(frozen=True)
class Application:
    """What a city tells when it signs up; the province follows from the code."""

    code: str
    name: str
    slug: str
    timezone: str = "Asia/Jakarta"
    color: str = "#0b5c4a"
    contact_office: str = ""
    contact_name: str = ""


def apply_city(wanted: Application) -> City:
    """A city that waits to be admitted. Raises InvalidError, or ConflictError when code or slug is taken."""
    refuse(
        ("code", rules.code_problem(wanted.code)),
        ("slug", policy.slug_problem(wanted.slug)),
        ("color", policy.color_problem(wanted.color)),
        ("timezone", None if wanted.timezone in policy.ZONES else "zone"),
        ("name", None if 3 <= len(wanted.name.strip()) <= 80 else "name"),
    )
    same = select(City).where(or_(City.code == wanted.code, City.slug == wanted.slug))
    for taken in db.session.scalars(same):
        field = "code" if taken.code == wanted.code else "slug"
        message = _("%(city)s has signed up with this already.", city=taken.name)
        raise ConflictError(message, [Finding(field, message)])
    city = City(**asdict(wanted), province=PROVINCES[wanted.code[:2]], state="applied")
    db.session.add(city)
    db.session.flush()
    audit.record("city.apply", city.slug, tenant_id=city.id, code=city.code)
    return city


def admit(city: City) -> None:
    """Let an applied or declined city in."""
    if city.state == "admitted":
        raise ConflictError(_("%(city)s is admitted already.", city=city.name))
    city.state, city.state_reason = "admitted", ""
    audit.record("city.admit", city.slug, tenant_id=city.id)


def decline(city: City, reason: str) -> None:
    """Turn an application down; the city reads the reason."""
    if city.state == "admitted":
        raise ConflictError(_("%(city)s is admitted already.", city=city.name))
    city.state, city.state_reason = "declined", reason_of(reason)
    audit.record("city.decline", city.slug, tenant_id=city.id, reason=city.state_reason)
