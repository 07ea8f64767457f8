"""Mail to who decides in a city: its admins, the programme's maintainers for the publisher."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import force_locale
from sqlalchemy import select

from registry.accounts.models import User
from registry.core import mail
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.core.logs import logger
from registry.tenants import rules
from registry.tenants.models import City, Membership

Words = Callable[[], tuple[str, str]]


def write(city: City, words: Words) -> None:
    """``words`` gives subject and text, asked in the city's language. Within a unit of work; pages tell it, too."""
    role = rules.MAINTAINER if city.publisher else rules.ADMIN
    people = select(User.email).join(Membership, Membership.user_id == User.id)
    to = list(db.session.scalars(people.where(Membership.city_id == city.id, Membership.role == role)))
    if not to:
        return
    with force_locale(city.locale or "id"):
        subject, text = words()
    try:
        mail.send(to[: mail.MAX_RECIPIENTS], subject[: mail.MAX_SUBJECT], f"{text}\n", tenant_id=city.id)
    except InvalidError as refusal:
        logger.warning("not mailed", city=city.slug, reason=refusal.message)
