"""What reviewers send from a proposal's page."""

from flask import Blueprint, abort, request
from flask_babel import gettext as _
from lumbung_plugin import database, require_role

from anggaran import review
from anggaran.forms import TextForm
from anggaran.rules import Kind
from anggaran.views import desk, reviewing
from anggaran.views.common import View, act, found_item, to_item

pages = Blueprint("judging", __name__, url_prefix="/kerja")


@pages.post("/usulan/<int:item_id>/nilai")
@require_role("operator")
def marks(item_id: int) -> View:
    found_item(item_id)
    form = reviewing.marks_form(database())
    if not form.validate_on_submit():
        return desk.page_of(item_id, marks=form), 400
    points = {int(field.short_name[1:]): field.data for field in form if field.type == "RadioField"}
    act(lambda db, who: review.give_marks(db, who, item_id, points), _("Your score is kept."))
    return to_item(item_id)


@pages.post("/usulan/<int:item_id>/catatan")
@require_role("operator")
def comment(item_id: int) -> View:
    found_item(item_id)
    form = TextForm(prefix="comment")
    if not form.validate_on_submit():
        return desk.page_of(item_id, comment=form), 400
    act(lambda db, who: review.comment(db, who, item_id, form.text.data), _("Your comment is kept."))
    return to_item(item_id)


@pages.post("/usulan/<int:item_id>/kembalikan")
@require_role("operator")
def give_back(item_id: int) -> View:
    found_item(item_id)
    form = TextForm(prefix="back")
    if not form.validate_on_submit():
        return desk.page_of(item_id, back=form), 400
    act(lambda db, who: review.give_back(db, who, item_id, form.text.data), _("Returned to the office as a draft."))
    return to_item(item_id)


@pages.post("/usulan/<int:item_id>/putusan")
@require_role("operator")
def decide(item_id: int) -> View:
    item = found_item(item_id)
    form = reviewing.decision_form(database(), item, sent=True)
    if not form.validate_on_submit():
        return desk.page_of(item_id, decision=form), 400
    kind = Kind(form.kind.data)
    cause = None if kind is Kind.RESTORE else form.cause_id.data
    act(
        lambda db, who: review.propose(db, who, item_id, kind, form.text.data, cause, form.amount.data),
        _("Proposed. It takes effect when a second reviewer confirms."),
    )
    return to_item(item_id)


@pages.post("/putusan/<int:decision_id>")
@require_role("operator")
def settle(decision_id: int) -> View:
    """`jawab` is `setuju`, `tolak` or `tarik`."""
    row = database().execute("SELECT item_id FROM decision WHERE id = ?", (decision_id,)).fetchone()
    if row is None:
        abort(404)
    ways = {
        "setuju": (review.confirm, _("Confirmed: the decision is in effect.")),
        "tolak": (review.decline, _("Not confirmed: all stays as it was.")),
        "tarik": (review.take_back, _("Taken back: all stays as it was.")),
    }
    way = ways.get(request.form.get("jawab", ""))
    if way is None:
        abort(400)
    act(lambda db, who: way[0](db, who, decision_id), way[1])
    return to_item(row["item_id"])
