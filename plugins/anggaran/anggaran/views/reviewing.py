"""What a page tells a reviewer: forms, marks, the decision that waits, and what is left to do."""

import sqlite3
from typing import Any

from flask_babel import gettext as _
from lumbung_plugin.forms import choices

from anggaran import review
from anggaran.forms import DecisionForm, Form, TextForm, points_field
from anggaran.money import named
from anggaran.rules import Actor, Kind, State, may_confirm, may_review


def tasks(db: sqlite3.Connection, version_id: int) -> sqlite3.Row:
    """How many proposals have no score yet (`unscored`) and how many decisions wait (`waiting`)."""
    row: sqlite3.Row = db.execute(
        "SELECT (SELECT count(*) FROM item WHERE version_id = :id AND state = 'submitted' AND score IS NULL)"
        " AS unscored, (SELECT count(*) FROM decision JOIN item ON item.id = decision.item_id"
        " WHERE item.version_id = :id AND decision.state = 'waiting') AS waiting",
        {"id": version_id},
    ).fetchone()
    return row


def context(db: sqlite3.Connection, who: Actor, item: sqlite3.Row, wrong: dict[str, Any]) -> dict[str, Any]:
    """Values for the template; `wrong` holds forms that were refused and are shown again."""
    waiting = review.waiting(db, item["id"])
    confirming = may_confirm(who, waiting["proposer"], item["author"], item["office_id"]) if waiting else None
    reviewing = may_review(who, item["author"], item["office_id"]) if who.reviewer else None
    return {
        "waiting": waiting,
        "may_confirm": waiting is not None and confirming is None,
        "why_not_confirm": confirming,
        "may_review": who.reviewer and reviewing is None and item["state"] != State.DRAFT,
        "why_not_review": reviewing,
        "means": review.means_of(db, item["id"]),
        "opened": next(iter(wrong), None),
        "forms": {
            "marks": marks_form(db, review.marks_of(db, item["id"], who.id)),
            "decision": decision_form(db, item),
            "comment": TextForm(prefix="comment", formdata=None),
            "back": TextForm(prefix="back", formdata=None),
            **wrong,
        },
    }


def criteria(db: sqlite3.Connection) -> list[sqlite3.Row]:
    return db.execute("SELECT * FROM criterion WHERE active = 1 ORDER BY weight DESC, name").fetchall()


def marks_form(db: sqlite3.Connection, given: dict[int, int] | None = None) -> Form:
    """Points per criterion in use; without `given` what was sent is read."""

    class MarksForm(Form):
        """Made anew for each request: the criteria are the city's."""

    for row in criteria(db):
        setattr(MarksForm, f"c{row['id']}", points_field(named(row["name"], row["name_en"])))
    if given is None:
        return MarksForm(prefix="marks")
    start = {f"c{criterion}": points for criterion, points in given.items()}
    return MarksForm(prefix="marks", formdata=None, data=start)


def decision_form(db: sqlite3.Connection, item: sqlite3.Row, sent: bool = False) -> DecisionForm:
    """The decision, with those kinds that make sense for this sub-activity."""
    form = DecisionForm(prefix="decision", **({} if sent else {"formdata": None}))
    causes = db.execute("SELECT id, name, name_en FROM cause WHERE active = 1 ORDER BY name").fetchall()
    form.cause_id.choices = choices(((row["id"], named(row["name"], row["name_en"])) for row in causes), _("Choose …"))
    kinds = [Kind.RESTORE] if item["state"] == State.STRUCK else [Kind.STRIKE, Kind.REDUCE]
    if item["state"] == State.SUBMITTED and item["amount"] < item["asked"]:
        kinds.append(Kind.RESTORE)
    form.kind.choices = [choice for choice in form.kind.choices if choice.value in kinds]
    return form
