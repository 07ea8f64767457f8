"""What both sides are told of a handover: the city's admins, and the maintainers, each with the way to their page."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.accounts.notices import rules as notices
from registry.accounts.notices.service import Notice, tell
from registry.tenants.agreements.telling import Words, admins, maintainers
from registry.tenants.handovers.models import Handover

KIND = "handover.issued"


def signed(handover: Handover) -> None:
    """By one side, or by now by both."""
    both = bool(handover.publisher_signed_on and handover.partner_signed_on)

    def said() -> tuple[str, list[str]]:
        told = {"number": handover.number, "app": handover.app_name, "city": handover.city.name}
        if both:
            return _("Handover signed by both sides: %(number)s, %(app)s to %(city)s", **told), [
                _("Keep the signed paper, and bring its scan if that has not been done.")
            ]
        return _("Handover signed by one side: %(number)s, %(app)s to %(city)s", **told), [
            _("The signature of the other side is still missing.")
        ]

    _both(handover, said)


def revoked(handover: Handover) -> None:
    def said() -> tuple[str, list[str]]:
        told = {"number": handover.number, "app": handover.app_name, "city": handover.city.name}
        return _("Handover withdrawn: %(number)s, %(app)s to %(city)s", **told), [
            _("The document is not to be relied on any more. The fork stays. The reason:"),
            notices.quoted(handover.reason),
        ]

    _both(handover, said)


def _both(handover: Handover, words: Words) -> None:
    city = handover.city
    for people, place in (
        (admins(city), f"/console/{city.slug}/handovers/{handover.id}"),
        (maintainers(), f"/programme/handovers/{handover.id}"),
    ):
        tell(people, lambda place=place: _notice(handover, words, place))  # type: ignore[misc]


def _notice(handover: Handover, words: Words, place: str) -> Notice:
    subject, paragraphs = words()
    return Notice(KIND, subject, paragraphs, place, _("Open the handover"), handover.tenant_id)
