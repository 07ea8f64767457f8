"""People are told: in the app and by mail, each in the own language and as each wants it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from registry.accounts.models import User
from registry.accounts.notices import letters, places, rules
from registry.accounts.notices.kinds import APP, DAILY, GROUPS, KINDS, MAIL, OFF, WAYS
from registry.accounts.notices.models import Notification, Preference
from registry.accounts.notices.rules import Notice
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError

__all__ = ["Notice", "change", "choices", "stop_mail", "tell"]


def tell(people: Iterable[User], make: Callable[[], Notice]) -> None:
    """Tell each of these people, once, in the open unit of work; who is no longer active hears nothing.

    ``make`` is asked once per language, with that language in force. What is too long is shortened, and an address that
    takes no mail holds up nobody: telling never makes the act fail that it tells of. Raises KeyError for a kind that is
    not in `kinds.KINDS`.
    """
    told = list({one.id: one for one in people if one.active}.values())
    made: dict[str, Notice] = {}
    for person in told:
        if person.language not in made:
            with force_locale(person.language or "id"):
                made[person.language] = rules.fitted(make())
    if not told:
        return
    groups = {KINDS[notice.kind].group for notice in made.values()}
    ways, zones = _ways([one.id for one in told], groups), places.zones(told)
    for person in told:
        notice = made[person.language]
        _tell_one(person, notice, ways.get((person.id, KINDS[notice.kind].group), MAIL), zones[person.id])


def _tell_one(person: User, notice: Notice, way: str, zone: str) -> None:
    if way == OFF:
        return
    moment = now()
    note = Notification(
        user_id=person.id, city_id=notice.tenant_id, kind=notice.kind, language=person.language,
        subject=notice.subject, paragraphs=list(notice.paragraphs), link=notice.link, action=notice.action,
        thread=notice.thread, at=moment, mail_at=_mail_at(person, notice, way, zone, moment),
    )  # fmt: skip
    db.session.add(note)
    if note.mail_at == moment:
        note.mail_at, note.mailed_at = None, moment
        letters.send(person, [note])


def _mail_at(person: User, notice: Notice, way: str, zone: str, moment: datetime) -> datetime | None:
    if way == APP:
        return None
    if way == DAILY:
        return rules.next_digest(moment, zone)
    return rules.thread_mail(moment, _last_mail(person, notice.thread) if notice.thread else None)


def _last_mail(person: User, thread: str) -> datetime | None:
    """When this person was last written to of the thread. Two at the same moment wait for each other."""
    db.session.execute(select(User.id).where(User.id == person.id).with_for_update(key_share=True))
    wanted = select(func.max(Notification.mailed_at))
    return db.session.scalar(wanted.where(Notification.user_id == person.id, Notification.thread == thread))


def _ways(user_ids: Collection[int], groups: Collection[str]) -> dict[tuple[int, str], str]:
    """How these people want to hear of these groups, where they chose."""
    free = [group for group in groups if not GROUPS[group].fixed]
    pairs = [(user_id, group) for user_id in user_ids for group in free]
    wanted = select(Preference).where(tuple_(Preference.user_id, Preference.group).in_(pairs))
    return {(one.user_id, one.group): one.way for one in db.session.scalars(wanted)} if pairs else {}


def choices(person: User) -> dict[str, str]:
    """How this person hears of each group, in the order of `kinds.GROUPS`."""
    chosen = _ways([person.id], GROUPS)
    return {group: chosen.get((person.id, group), MAIL) for group in GROUPS}


def change(person: User, chosen: dict[str, str]) -> None:
    """Take over what the person chose, by group; what waits for a mail that is no longer wanted stays in the app.

    Raises InvalidError for a group or a way there is not, ConflictError for a group that is fixed.
    """
    for group, way in chosen.items():
        _check(group, way)
    for group, way in chosen.items():
        if GROUPS[group].fixed:
            continue
        row = insert(Preference).values(user_id=person.id, group=group, way=way)
        row = row.on_conflict_do_update(index_elements=["user_id", "group"], set_={"way": way})
        db.session.execute(row)
        _reschedule(person, group, way)


def stop_mail(person: User, group: str) -> None:
    """From now on in the app only; who wanted nothing at all still hears nothing."""
    if choices(person)[group] in (MAIL, DAILY):
        change(person, {group: APP})


def _check(group: str, way: str) -> None:
    if group not in GROUPS or way not in WAYS:
        message = _("There is no such choice: %(group)s, %(way)s.", group=group[:40], way=way[:40])
        raise InvalidError(message, [Finding(group[:40] if group in GROUPS else "group", message)])
    if GROUPS[group].fixed and way != MAIL:
        raise ConflictError(_("What concerns security always comes in the app and by mail."))


def _reschedule(person: User, group: str, way: str) -> None:
    kinds = [code for code, kind in KINDS.items() if kind.group == group]
    waiting = (Notification.user_id == person.id, Notification.kind.in_(kinds), Notification.mail_at.is_not(None))
    at = {MAIL: now(), DAILY: rules.next_digest(now(), places.zones([person])[person.id])}.get(way)
    db.session.execute(update(Notification).where(*waiting).values(mail_at=at))
