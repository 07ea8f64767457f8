"""Cities: what every room asks, and what every act of a city checks."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import or_, select

from registry.core import audit
from registry.core.db import db
from registry.core.errors import Finding, InvalidError, NotFoundError
from registry.tenants import rules
from registry.tenants.models import City
from registry.tenants.words import problem_text


def find_city(slug: str) -> City:
    """Any city, in whatever state. Raises NotFoundError."""
    city = db.session.scalar(select(City).where(City.slug == slug))
    if city is None:
        raise NotFoundError(_("There is no city with the name “%(slug)s”.", slug=slug))
    return city


def admitted_cities(words: str = "") -> list[City]:
    """The publisher and the partners, by name; public."""
    wanted = select(City).where(City.state == "admitted").order_by(City.publisher.desc(), City.name)
    if words:
        found_in = (City.name.icontains(words, autoescape=True), City.province.icontains(words, autoescape=True))
        wanted = wanted.where(or_(*found_in))
    return list(db.session.scalars(wanted))


def refuse(*checks: tuple[str, str | None]) -> None:
    """Raise InvalidError with a finding for each (field, problem code) that has a problem."""
    findings = [Finding(field, problem_text(problem)) for field, problem in checks if problem]
    if findings:
        raise InvalidError(findings[0].message, findings)


def reason_of(text: str) -> str:
    """A reason as it is kept. Raises InvalidError."""
    if not 3 <= len(text.strip()) <= 500:
        raise InvalidError(problem_text("reason"), [Finding("reason", problem_text("reason"))])
    return text.strip()


def change_profile(city: City, name: str, timezone: str, color: str) -> None:
    """The city's own face. Raises InvalidError."""
    refuse(
        ("name", None if 3 <= len(name.strip()) <= 80 else "name"),
        ("timezone", None if timezone in rules.ZONES else "zone"),
        ("color", rules.color_problem(color)),
    )
    city.name, city.timezone, city.color = name.strip(), timezone, color
    audit.record("city.edit", city.slug, tenant_id=city.id)
