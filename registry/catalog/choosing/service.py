"""A city's shortlist and the acts on it, each audited. The session is in the city's scope.

Who acts as a whole on an item (decides, reopens, removes, puts back) names the version he saw: of two at the same
time one wins, the other is told what happened meanwhile.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.catalog.choosing import rules, words
from registry.catalog.choosing.models import ShortlistItem, ShortlistVote
from registry.catalog.models import App
from registry.core import audit
from registry.core.clock import now, today
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.tenants.models import City
from registry.tenants.people import service as people

LARGEST = 2**63


def shortlist(city: City) -> list[ShortlistItem]:
    """What is not removed: open ones first, most wanted first; then what is decided."""
    items = [item for item in _items(city) if item.removed_at is None]
    return sorted(items, key=lambda item: (item.decision != "", *tally_of(item).rank, item.created_at))


def removed(city: City) -> list[ShortlistItem]:
    """Last removed first."""
    gone = [(item.removed_at, item) for item in _items(city) if item.removed_at is not None]
    return [item for _at, item in sorted(gone, key=lambda pair: pair[0], reverse=True)]


def _items(city: City) -> list[ShortlistItem]:
    wanted = select(ShortlistItem).where(ShortlistItem.tenant_id == city.id).order_by(ShortlistItem.id)
    return list(db.session.scalars(wanted).unique())


def get_item(city: City, item_id: int) -> ShortlistItem:
    """Also a removed one. Raises NotFoundError."""
    wanted = select(ShortlistItem).where(ShortlistItem.tenant_id == city.id, ShortlistItem.id == item_id)
    found = db.session.scalars(wanted).unique().first() if item_id < LARGEST else None
    if found is None:
        raise NotFoundError(_("This app is not on the shortlist of %(city)s.", city=city.name))
    return found


def item_of(city: City, app: App) -> ShortlistItem | None:
    """Also a removed one."""
    wanted = select(ShortlistItem).where(ShortlistItem.tenant_id == city.id, ShortlistItem.app_id == app.id)
    return db.session.scalars(wanted).unique().first()


def tally_of(item: ShortlistItem) -> rules.Tally:
    return rules.tally([vote.choice for vote in item.votes])


def add(city: City, app: App, why: str) -> ShortlistItem:
    """Put an app on the list, or back on it. Raises InvalidError, ConflictError when it stands there already."""
    why = bounded("why", why, rules.MIN_REASON, rules.MAX_WHY)
    if city.state != "admitted":
        raise ConflictError(_("%(city)s is not admitted to the programme yet.", city=city.name))
    db.session.execute(select(City.id).where(City.id == city.id).with_for_update())
    found = item_of(city, app)
    if found is not None and found.removed_at is None:
        raise ConflictError(_("%(app)s is on the shortlist already: %(name)s put it there.",
                              app=app.name, name=found.author))  # fmt: skip
    if found is not None:
        found.why = why
        restore(city, found, found.version)
        return found
    count = select(func.count()).select_from(ShortlistItem).where(ShortlistItem.tenant_id == city.id)
    if (db.session.scalar(count) or 0) >= rules.MAX_ITEMS:
        raise ConflictError(_("A shortlist holds at most %(n)s apps: decide on some first.", n=rules.MAX_ITEMS))
    item = ShortlistItem(tenant_id=city.id, app_id=app.id, why=why, author=audit.actor().name)
    db.session.add(item)
    db.session.flush()
    db.session.refresh(item)
    audit.record("shortlist.add", app.slug, city.id, why=why)
    return item


def remove(city: City, item: ShortlistItem, version: int) -> None:
    """Take it off the list; it can be put back with its notes and votes. Raises ConflictError."""
    _hold(item, version)
    _must_be_open(item)
    item.removed_at, item.removed_by = now(), audit.actor().name
    audit.record("shortlist.remove", item.app.slug, city.id)


def restore(city: City, item: ShortlistItem, version: int) -> None:
    """Put a removed one back. Raises ConflictError."""
    _hold(item, version)
    if item.removed_at is None:
        raise ConflictError(_("%(app)s is on the shortlist already.", app=item.app.name))
    item.removed_at, item.removed_by = None, ""
    audit.record("shortlist.restore", item.app.slug, city.id)


def vote(city: City, item: ShortlistItem, opd_id: int, choice: str, reason: str = "") -> ShortlistVote:
    """The one vote of a unit; a later one takes its place. Raises InvalidError, NotFoundError, ConflictError.

    Whether the person may vote for the unit is asked before (`registry.catalog.choosing.voters`).
    """
    if choice not in rules.CHOICES:
        message = _("Vote yes, maybe or no.")
        raise InvalidError(message, [Finding("choice", message)])
    reason = bounded("reason", reason, 0, rules.MAX_REASON)
    unit = people.opd(city, opd_id)
    _lock(item)
    _must_be_open(item)
    found = _vote_of(item, opd_id)
    if found is None:
        found = ShortlistVote(tenant_id=city.id, item_id=item.id, opd_id=opd_id)
        db.session.add(found)
    found.choice, found.reason, found.voter, found.cast_at = choice, reason, audit.actor().name, now()
    db.session.flush()
    db.session.expire(item, ["votes"])
    audit.record("shortlist.vote", item.app.slug, city.id, unit=unit.name, choice=choice)
    return found


def withdraw_vote(city: City, item: ShortlistItem, opd_id: int) -> None:
    """Raises NotFoundError when the unit has not voted, ConflictError when it is decided."""
    unit = people.opd(city, opd_id)
    _lock(item)
    _must_be_open(item)
    found = _vote_of(item, opd_id)
    if found is None:
        raise NotFoundError(_("%(unit)s has not voted.", unit=unit.name))
    db.session.delete(found)
    db.session.flush()
    db.session.expire(item, ["votes"])
    audit.record("shortlist.unvote", item.app.slug, city.id, unit=unit.name)


def decide(city: City, item: ShortlistItem, version: int, wanted: rules.Decision) -> None:
    """Adopt, later or not. Raises InvalidError, NotFoundError for a unit, ConflictError when somebody was faster."""
    problem = rules.decision_problem(wanted, today())
    if problem:
        message = words.problem(problem[1])
        raise InvalidError(message, [Finding(problem[0], message)])
    adopted = wanted.decision == rules.ADOPT
    unit = people.opd(city, wanted.opd_id) if adopted and wanted.opd_id is not None else None
    _hold(item, version)
    _must_be_open(item)
    item.decision, item.reason = wanted.decision, wanted.reason.strip()
    item.opd_id, item.quarter = (unit.id, wanted.quarter) if unit else (None, "")
    item.decided_by, item.decided_at = audit.actor().name, now()
    db.session.flush()
    db.session.expire(item, ["opd"])
    audit.record("shortlist.decide", item.app.slug, city.id, decision=item.decision, reason=item.reason,
                 quarter=item.quarter, unit=unit.name if unit else "")  # fmt: skip


def reopen(city: City, item: ShortlistItem, version: int) -> None:
    """Take a decision back; the audit log keeps it. Raises ConflictError."""
    _hold(item, version)
    if not item.decision:
        raise ConflictError(_("%(app)s is not decided yet.", app=item.app.name))
    audit.record("shortlist.reopen", item.app.slug, city.id, decision=item.decision, reason=item.reason,
                 quarter=item.quarter)  # fmt: skip
    item.decision, item.reason, item.opd_id, item.quarter = "", "", None, ""
    item.decided_by, item.decided_at = "", None
    db.session.flush()
    db.session.expire(item, ["opd"])


def bounded(field: str, text: str, least: int, most: int) -> str:
    """The text without white space around it. Raises InvalidError when it is too short or too long."""
    text = text.replace("\0", "").strip()
    if not least <= len(text) <= most:
        message = _("Write from %(least)s to %(most)s letters.", least=least, most=most)
        raise InvalidError(message, [Finding(field, message)])
    return text


def _vote_of(item: ShortlistItem, opd_id: int) -> ShortlistVote | None:
    wanted = select(ShortlistVote).where(ShortlistVote.item_id == item.id, ShortlistVote.opd_id == opd_id)
    return db.session.scalar(wanted)


def _lock(item: ShortlistItem) -> None:
    """Whoever comes second waits, then sees what the first one did."""
    db.session.refresh(item, with_for_update={"of": ShortlistItem})


def _hold(item: ShortlistItem, version: int) -> None:
    _lock(item)
    if item.version != version:
        raise ConflictError(_meanwhile(item))
    item.version += 1


def _meanwhile(item: ShortlistItem) -> str:
    if item.removed_at is not None:
        return _("%(name)s took %(app)s off the list meanwhile. Look again.", name=item.removed_by, app=item.app.name)
    if item.decision:
        return _("%(name)s decided meanwhile: %(decision)s. Look again, and reopen it if you disagree.",
                 name=item.decided_by, decision=words.decision(item.decision))  # fmt: skip
    return _("Somebody changed %(app)s meanwhile. Look again before you go on.", app=item.app.name)


def _must_be_open(item: ShortlistItem) -> None:
    if item.removed_at is not None:
        raise ConflictError(_("%(app)s was taken off the list: put it back first.", app=item.app.name))
    if item.decision:
        raise ConflictError(_("%(app)s is decided already: the admin can reopen it.", app=item.app.name))
