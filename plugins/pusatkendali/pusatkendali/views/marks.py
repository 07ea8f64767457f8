"""Who is at work, and the counts every page of staff shows in its menu."""

from flask_babel import gettext as _
from lumbung_plugin import database, offices, person, staff

from pusatkendali.models import Actor

_TO_JUDGE = "SELECT count(*) FROM disposition WHERE state = 'reported'"
_TO_ANSWER = (
    "SELECT count(*) FROM disposition JOIN duty ON duty.disposition_id = disposition.id WHERE duty.office_id = :office "
    "AND done_at IS NULL AND (state IN ('given', 'returned') OR state = 'working' AND part = 'partner')"
)


def me() -> Actor:
    """The member of staff at work: administrators are the leader's office."""
    who = staff()
    return Actor(who.name, who.may("administrator"), offices.of(database(), who))


def counts() -> dict[str, object]:
    """For templates: alerts nobody has read, and dispositions that wait for this person."""
    if person() is None:
        return {}
    db, actor = database(), me()
    unread = db.execute("SELECT count(*) FROM alert WHERE ended_at IS NULL AND read_at IS NULL").fetchone()[0]
    waiting = db.execute(_TO_JUDGE if actor.leader else _TO_ANSWER, {"office": actor.office_id}).fetchone()[0]
    return {"unread_alerts": unread, "waiting_dispositions": waiting, "actor": actor}


def words_of(actor: Actor) -> str:
    """Why somebody without an office sees no dispositions."""
    return "" if actor.leader or actor.office_id else _(
        "Your account belongs to no office (OPD). Ask your city's administrator to enter it; then the dispositions "
        "given to your office appear here."
    )  # fmt: skip
