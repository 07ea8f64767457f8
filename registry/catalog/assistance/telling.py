"""The other side is told of each message; of one thread nobody gets more than one mail an hour."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import or_, select

from registry.accounts.models import User
from registry.accounts.notices.rules import Notice, quoted
from registry.accounts.notices.service import tell
from registry.catalog.assistance import rules
from registry.catalog.assistance.models import AssistanceMessage, AssistanceRequest
from registry.core import mail
from registry.core.db import db
from registry.tenants import answering
from registry.tenants import rules as policy
from registry.tenants.models import Membership

ENDS = (rules.SOLVE, rules.CLOSE)


def tell_helpers(request: AssistanceRequest, message: AssistanceMessage) -> None:
    """Who takes care of it, else all who may."""
    tell(_helpers(request), lambda: _notice(request, message, "assistance.asked", helper_path(request)))


def tell_city(request: AssistanceRequest, message: AssistanceMessage) -> None:
    """Who wrote in the thread and still works for the city, else its admins."""
    tell(_askers(request), lambda: _notice(request, message, "assistance.answered", city_path(request), True))


def tell_words(request: AssistanceRequest, side: str, agreed: bool) -> None:
    """The other side of ``side``, that words for the app's page wait for it, or that they stand there."""
    people, path = (_helpers(request), helper_path(request))
    if side == rules.HELPER:
        people, path = _askers(request), city_path(request)
    tell(people, lambda: _words(request, side, agreed, path))


def city_path(request: AssistanceRequest) -> str:
    return f"/console/{request.city.slug}/assistance/{request.id}"


def helper_path(request: AssistanceRequest) -> str:
    if request.helper.publisher:
        return f"/programme/assistance/{request.id}"
    return f"/console/{request.helper.slug}/assistance-given/{request.id}"


def _notice(
    request: AssistanceRequest, message: AssistanceMessage, kind: str, path: str, to_city: bool = False
) -> Notice:
    ended = message.act in ENDS
    return Notice(
        "assistance.closed" if ended else kind, _heading(request, message),
        [_opening(request, message), *([quoted(message.text)] if message.text else [])],
        f"{path}#m{message.id}", _("Open the request"), request.tenant_id if to_city else None,
        thread=f"assistance-{request.id}",
    )  # fmt: skip


def _heading(request: AssistanceRequest, message: AssistanceMessage) -> str:
    told = {"n": request.id, "title": request.title[:100], "app": request.app.name[:60]}
    if message.act == "open":
        return _("Assistance #%(n)d about %(app)s is asked for: %(title)s", **told)
    if message.act == rules.SOLVE:
        return _("Assistance #%(n)d is solved: %(title)s", **told)
    if message.act == rules.CLOSE:
        return _("Assistance #%(n)d is closed: %(title)s", **told)
    return _("Assistance #%(n)d: a message about %(title)s", **told)


def _opening(request: AssistanceRequest, message: AssistanceMessage) -> str:
    if message.side == rules.CITY:
        return _("%(city)s writes:", city=request.city.name)
    return _("%(city)s, which helps, writes:", city=request.helper.name)


def _words(request: AssistanceRequest, side: str, agreed: bool, path: str) -> Notice:
    told = {"n": request.id, "app": request.app.name[:60]}
    kind = "assistance.asked" if side == rules.CITY else "assistance.answered"
    if agreed:
        subject = _("The answer of assistance #%(n)d stands on the page of %(app)s", **told)
        text = _("Both sides agreed to its words. Either can take it back at any time.")
    else:
        subject = _("Words of assistance #%(n)d for the page of %(app)s wait for you", **told)
        text = _("Read them, change them or agree. Nobody else sees them before both sides agree.")
    return Notice(kind, subject, [text], f"{path}/answer", _("Read the words"),
                  None if side == rules.CITY else request.tenant_id, thread=f"assistance-{request.id}")  # fmt: skip


def _helpers(request: AssistanceRequest) -> list[User]:
    if request.assignee is not None and request.assignee.active:
        return [request.assignee]
    return answering.deciding("programme.manage") if request.helper.publisher else answering.in_charge(request.helper)


def _askers(request: AssistanceRequest) -> list[User]:
    wrote = select(AssistanceMessage.author_id).where(
        AssistanceMessage.tenant_id == request.tenant_id, AssistanceMessage.request_id == request.id,
        AssistanceMessage.side == rules.CITY,
    )  # fmt: skip
    wanted = select(User).join(Membership, Membership.user_id == User.id)
    wanted = wanted.where(Membership.city_id == request.tenant_id, User.active).order_by(User.id).distinct()
    may = Membership.role.in_(policy.PERMISSIONS["assistance.see"])
    found = list(db.session.scalars(wanted.where(or_(User.id.in_(wrote), User.id == request.author_id), may)))
    return found or list(db.session.scalars(wanted.where(Membership.role == policy.ADMIN).limit(mail.MAX_RECIPIENTS)))
