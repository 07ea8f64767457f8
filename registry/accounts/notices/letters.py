"""A notice as a mail: the same content as plain text and as HTML, and a way to switch it off in one click."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup, escape

from registry.accounts.models import User
from registry.accounts.notices import rules
from registry.accounts.notices.kinds import GROUPS, KINDS, group_of
from registry.accounts.notices.models import Notification
from registry.config import Settings
from registry.core import mail
from registry.core.errors import InvalidError, NotFoundError
from registry.core.logs import logger

OFF_PATH = "/notifications/off"
PREFERENCES = "/account/notifications"


def send(person: User, told: Sequence[Notification]) -> None:
    """One mail with all of them, oldest first, in the open unit of work. An address that takes no mail is logged: what
    was told stays on the person's page.
    """
    with force_locale(person.language or "id"):
        facts = _facts(person, told)
        text = _drawn("notices/mail.txt", facts).strip() + "\n"
        html = _drawn("notices/mail.html", facts)
        city = told[0].city_id if len({one.city_id for one in told}) == 1 else None
        try:
            mail.send([person.email], facts["subject"], text, html=html, tenant_id=city, unsubscribe=facts["off"])
        except InvalidError as refusal:
            logger.warning("notice not mailed", person=person.id, kind=told[0].kind, reason=refusal.message)


def _facts(person: User, told: Sequence[Notification]) -> dict[str, Any]:
    groups = list(dict.fromkeys(KINDS[one.kind].group for one in told))
    free = [group for group in groups if not GROUPS[group].fixed]
    single = told[0] if len(told) == 1 else None
    return {
        "person": person,
        "origin": origin(),
        "language": person.language or "id",
        "subject": single.subject if single else _("%(n)d notices of Lumbung", n=len(told)),
        "single": single is not None,
        "told": _with_words(told),
        "whys": [group_of(one.kind).why for one in told[:1]] if single else [],
        "off": off_address(person, free[0]) if len(groups) == 1 and free else "",
        "group": GROUPS[groups[0]].label,
        "fixed": not free,
        "preferences": origin() + PREFERENCES,
        "quotation": rules.quotation,
        "linked": linked,
    }


def _with_words(told: Sequence[Notification]) -> list[tuple[Notification, list[str]]]:
    """Each with as many of its paragraphs as have room in one mail; the page has them all."""
    share = rules.MAX_WORDS // len(told)
    return [(one, rules.within(one.paragraphs, share)) for one in told]


def linked(text: str, style: str = "") -> Markup:
    """The text escaped, with our own addresses as links: of others' none becomes one."""
    place, look = re.escape(origin()), Markup('class="link" style="{}" ').format(style) if style else Markup("")
    parts = re.split(rf"({place}/[^\s<>\"']*)", text)
    drawn = [
        Markup('<a {1}href="{0}">{0}</a>').format(part, look) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    ]
    return Markup("").join(drawn)


def off_address(person: User, group: str) -> str:
    """What switches off the mail of a group of notices without signing in (RFC 8058)."""
    return f"{origin()}{OFF_PATH}/{_signer().dumps([person.id, group])}"


def read_off(token: str) -> tuple[int, str]:
    """The person's id and the group in such an address. Raises NotFoundError for what we never gave."""
    try:
        person_id, group = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        raise NotFoundError(_("This address switches nothing off. Copy it whole, or sign in and choose.")) from None
    return int(person_id), str(group)


def hidden(address: str) -> str:
    """Enough for its owner to know it again, for a page that anybody with a mail in hand may open."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def origin() -> str:
    settings: Settings = current_app.extensions["lumbung"]
    return settings.origin


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="notices.off")


def _drawn(name: str, facts: dict[str, Any]) -> str:
    """Without what a request would add: most mail is written by the worker."""
    return current_app.jinja_env.get_template(name).render(facts)
