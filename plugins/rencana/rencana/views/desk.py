"""The offices' pages under /kerja: their programmes, what is due, what is blocked on whom."""

import sqlite3
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template
from flask_babel import gettext as _
from lumbung_plugin import addresses, attachments, database, offices, require_role, settings, today
from lumbung_plugin.attachments import Attachment, AttachmentRefusal

from rencana import history, plan, work
from rencana.forms import AnswerForm, BlockerForm, EvidenceForm, MilestoneForm, listed, milestone_form
from rencana.people import actor
from rencana.plan import Wanted
from rencana.rules import Direction, may_change, may_resolve
from rencana.views.common import View, act, found_programme, to_programme
from rencana.words import named
from rencana.work import NewMilestone

pages = Blueprint("desk", __name__, url_prefix="/kerja")


@pages.get("")
@require_role("operator")
def overview() -> View:
    """An office's own programmes; for administrators all of them."""
    db = database()
    who = actor(db)
    involved = None if who.administrator else who.office_id or 0
    until = today() + timedelta(days=settings()["remind_days"])
    return render_template(
        "rencana/desk.html",
        who=who,
        found=plan.programmes(db, Wanted(involved=involved, q=addresses.text("q")), today()),
        due=plan.upcoming(db, until, involved),
        waiting=plan.blockers(db, office=who.office_id) if who.office_id else [],
        today=today(),
    )


@pages.get("/hambatan")
@require_role("operator")
def blockers() -> View:
    """The leaders' view: what is blocked on whom, by office, the longest wait first."""
    rows = plan.blockers(database())
    by_office = groupby(sorted(rows, key=lambda row: row["office"]), key=lambda row: row["office"])
    groups = [(office, sorted(found, key=lambda row: row["since"])) for office, found in by_office]
    groups.sort(key=lambda group: group[1][0]["since"])
    return render_template(
        "rencana/blockers.html", groups=groups, waited=_waited, today=today(), long=settings()["long_days"]
    )


@pages.get("/program/<int:programme_id>")
@require_role("operator")
def show(programme_id: int) -> View:
    return page_of(programme_id)


@pages.post("/program/<int:programme_id>/tonggak")
@require_role("operator")
def add(programme_id: int) -> View:
    found_programme(programme_id)
    form = milestone_form(_stages(), prefix="new")
    if not form.validate_on_submit():
        return page_of(programme_id, new=form), 400
    act(lambda db, who: work.save_milestone(db, who, programme_id, None, _new(form)), _("The milestone is added."))
    return to_programme(programme_id)


@pages.route("/tonggak/<int:milestone_id>", methods=["GET", "POST"])
@require_role("operator")
def milestone(milestone_id: int) -> View:
    """Change a milestone, or show what was reached."""
    row = _milestone(milestone_id)
    given = {**dict(row), "due": date.fromisoformat(row["due"]), "app": row["follow_app"], "figure": row["follow_name"]}
    form = milestone_form(_stages(), data=given)
    if form.validate_on_submit():
        act(lambda db, who: work.save_milestone(db, who, row["programme_id"], milestone_id, _new(form)), _("Saved."))
        return to_programme(row["programme_id"])
    return _milestone_page(row, form, EvidenceForm(prefix="show", formdata=None)), 400 if form.is_submitted() else 200


@pages.post("/tonggak/<int:milestone_id>/bukti")
@require_role("operator")
def evidence(milestone_id: int) -> View:
    row, form = _milestone(milestone_id), EvidenceForm(prefix="show")
    kept = _kept(form) if form.validate_on_submit() else None
    if form.errors:
        given = {**dict(row), "due": date.fromisoformat(row["due"])}
        return _milestone_page(row, milestone_form(_stages(), formdata=None, data=given), form), 400
    done = act(
        lambda db, who: work.show(
            db, who, milestone_id, form.text.data or "", form.url.data or "", kept, form.done.data
        ),
        _("The evidence is published."),
    )
    if kept and not done:
        attachments.discard([kept.name])
    return to_programme(row["programme_id"])


@pages.post("/tonggak/<int:milestone_id>/buka")
@require_role("operator")
def reopen(milestone_id: int) -> View:
    row = _milestone(milestone_id)
    act(lambda db, who: work.reopen(db, who, milestone_id), _("The milestone is open again."))
    return to_programme(row["programme_id"])


@pages.post("/tonggak/<int:milestone_id>/hapus")
@require_role("operator")
def remove(milestone_id: int) -> View:
    row, files = _milestone(milestone_id), list[str]()
    if act(lambda db, who: files.extend(work.remove_milestone(db, who, milestone_id)), _("The milestone is gone.")):
        attachments.discard(files)
    return to_programme(row["programme_id"])


@pages.post("/program/<int:programme_id>/hambatan")
@require_role("operator")
def block(programme_id: int) -> View:
    found_programme(programme_id)
    form = _blocker_form(database(), programme_id)
    if not form.validate_on_submit():
        return page_of(programme_id, blocker=form), 400
    act(
        lambda db, who: work.block(
            db, who, programme_id, form.office_id.data, form.since.data, form.need.data or "", form.milestone_id.data
        ),
        _("The office sees on its work page that you wait for it."),
    )
    return to_programme(programme_id)


@pages.post("/hambatan/<int:blocker_id>")
@require_role("operator")
def resolve(blocker_id: int) -> View:
    row = database().execute("SELECT programme_id FROM blocker WHERE id = ?", (blocker_id,)).fetchone()
    if row is None:
        abort(404)
    form = AnswerForm(prefix=f"b{blocker_id}")
    if not form.validate_on_submit():
        return page_of(row["programme_id"], **{f"b{blocker_id}": form}), 400
    act(lambda db, who: work.resolve(db, who, blocker_id, form.answer.data or ""), _("Settled."))
    return to_programme(row["programme_id"])


def page_of(programme_id: int, **wrong: Any) -> str:
    """A programme with everything this person may do to it; `wrong` holds forms that were refused."""
    db = database()
    who, found, partners = actor(db), found_programme(programme_id), plan.partners(db, programme_id)
    ids = [row["id"] for row in partners]
    rows = plan.blockers(db, programme_id, also_resolved=True)
    forms: dict[str, Any] = {
        "new": milestone_form(_stages(), prefix="new", formdata=None),
        "blocker": _blocker_form(db, programme_id, fresh=True),
        **{f"b{row['id']}": AnswerForm(prefix=f"b{row['id']}", formdata=None) for row in rows},
    }
    return render_template(
        "rencana/work.html",
        who=who,
        one=found,
        partners=partners,
        evidence=plan.evidence(db, programme_id),
        blockers=rows,
        settle={row["id"] for row in rows if may_resolve(who, row["office_id"], found.row["owner_id"], ids)},
        events=history.of(db, programme_id, blockers=True),
        may_change=may_change(who, found.row["owner_id"], ids),
        forms={**forms, **wrong},
        opened=next(iter(wrong), None),
        waited=_waited,
        today=today(),
    )


def _milestone_page(row: sqlite3.Row, form: MilestoneForm, show_form: EvidenceForm) -> str:
    db = database()
    who, found = actor(db), found_programme(row["programme_id"])
    if not may_change(who, found.row["owner_id"], [one["id"] for one in plan.partners(db, row["programme_id"])]):
        abort(403, _("This programme belongs to another office. Ask its owner, or your administrator."))
    told = plan.evidence(db, row["programme_id"]).get(row["id"], [])
    return render_template(
        "rencana/milestone.html", row=row, one=found, form=form, show_form=show_form, told=told, today=today()
    )


def _milestone(milestone_id: int) -> sqlite3.Row:
    row: sqlite3.Row | None = database().execute("SELECT * FROM milestone WHERE id = ?", (milestone_id,)).fetchone()
    if row is None:
        abort(404, _("There is no such milestone."))
    return row


def _new(form: MilestoneForm) -> NewMilestone:
    if not form.app.data:
        return NewMilestone(form.title.data or "", form.due.data, stage_id=form.stage_id.data)  # type: ignore[arg-type]
    return NewMilestone(
        form.title.data or "", form.due.data, form.app.data, form.figure.data or "", form.target.data,  # type: ignore[arg-type]
        Direction(form.direction.data), form.stage_id.data,
    )  # fmt: skip


def _stages() -> list[tuple[int, str]]:
    return [(row["id"], named(row["name"], row["name_en"])) for row in plan.stages(database())]


def _kept(form: EvidenceForm) -> Attachment | None:
    """The file of the form; what is refused becomes the field's error."""
    if not form.file.data or not form.file.data.filename:
        return None
    kept = attachments.keep(form.file.data)
    if isinstance(kept, AttachmentRefusal):
        form.file.errors = [attachments.words(kept, form.file.data.filename)]
        return None
    return kept


def _blocker_form(db: sqlite3.Connection, programme_id: int, fresh: bool = False) -> BlockerForm:
    form = BlockerForm(prefix="blocker", data={"since": today()}, **({"formdata": None} if fresh else {}))
    form.office_id.choices = listed(offices.listing(db), _("Choose …"))
    rows = db.execute(
        "SELECT id, title AS name FROM milestone WHERE programme_id = ? AND done_at IS NULL ORDER BY due",
        (programme_id,),
    )
    form.milestone_id.choices = listed(rows, _("The programme as a whole"))
    return form


def _waited(since: str) -> int:
    """Days since a day, for the template."""
    return (today() - date.fromisoformat(since)).days
