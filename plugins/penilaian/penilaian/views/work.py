"""The operators' desk: comments to check and answer, bursts to judge, the office's report."""

import sqlite3

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, require_role, staff, transaction
from werkzeug.wrappers import Response

from penilaian import bursts, comments, periods, results, rules, store
from penilaian.elements import ELEMENTS
from penilaian.forms import AnswerForm, HideForm, JudgeForm
from penilaian.views.results import published
from penilaian.words import COMMENT_STATES

pages = Blueprint("work", __name__, url_prefix="/kerja")

View = str | Response | tuple[str, int]
STATES = [one for one in COMMENT_STATES if one != "withdrawn"]


@pages.get("")
@require_role("operator")
def desk() -> str:
    """What waits: comments, and bursts."""
    db = database()
    office, state = store.staff_office(db), addresses.choice("keadaan", STATES) or "waiting"
    found = comments.listed(db, state, office, addresses.number(addresses.AFTER))
    more = found[-2]["id"] if len(found) > comments.PER_PAGE else None
    return render_template(
        "penilaian/desk.html", comments=found[: comments.PER_PAGE], state=state, states=STATES,
        counts=comments.counts(db, office), bursts=bursts.listed(db, office, waiting=True),
        links=addresses.page_links(after=more), hide=HideForm(formdata=None), answer=AnswerForm(formdata=None),
    )  # fmt: skip


@pages.post("/komentar/<int:comment_id>/tampilkan")
@require_role("operator")
def show(comment_id: int) -> Response:
    """Make a comment public."""
    return _judged(comment_id, "shown", "")


@pages.post("/komentar/<int:comment_id>/sembunyikan")
@require_role("operator")
def hide(comment_id: int) -> Response:
    """Keep a comment from the public, for a reason of the list."""
    form = HideForm()
    if not form.validate_on_submit():
        flash(_("Choose the reason for which it is not shown."), "wrong")
        return _back("waiting")
    return _judged(comment_id, "hidden", str(form.reason.data))


@pages.route("/komentar/<int:comment_id>", methods=["GET", "POST"])
@require_role("operator")
def comment(comment_id: int) -> View:
    """One comment: answer it."""
    row, form = _comment(comment_id), AnswerForm()
    if request.method == "GET":
        form.text.data = row["answer"]
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return render_template("penilaian/comment.html", comment=row, form=form, hide=HideForm(formdata=None)), status
    with transaction() as db:
        comments.answer(db, comment_id, form.text.data or "")
    flash(_("The answer is kept. The public reads it as soon as the comment is public."), "good")
    return redirect(url_for("work.comment", comment_id=comment_id), 303)


@pages.get("/lonjakan")
@require_role("operator")
def burst_list() -> str:
    """All bursts, judged or not."""
    db = database()
    return render_template("penilaian/bursts.html", bursts=bursts.listed(db, store.staff_office(db)))


@pages.route("/lonjakan/<int:burst_id>", methods=["GET", "POST"])
@require_role("operator")
def burst(burst_id: int) -> View:
    """Judge what came suspiciously fast."""
    row, form = bursts.found(database(), burst_id, store.staff_office(database())), JudgeForm()
    if row is None:
        abort(404)
    if not form.validate_on_submit():
        return render_template("penilaian/burst.html", burst=row, form=form), 422 if form.errors else 200
    with transaction() as db:
        bursts.judge(db, burst_id, str(form.state.data), form.reason.data or "", staff().name)
    flash(_("Decided. The reason stands beside the results."), "good")
    return redirect(url_for("work.burst_list"), 303)


@pages.get("/laporan")
@require_role("operator")
def report() -> str:
    """The survey's report of a period: of the city, or of one office."""
    db = database()
    mine = store.staff_office(db)
    office = addresses.number("unit") if mine is None else mine
    period = results.chosen(db, addresses.text("periode", 8))
    targets = store.targets(db, office)
    offices = results.by_office(targets, results.tallies(db, period), results.stars(db))
    tally, _rated = results.together(offices)
    return render_template(
        "penilaian/report.html", period=period, periods=results.periods(db), offices=offices, office=office,
        all_offices=results.by_office(store.targets(db, mine), {}, {}), targets=targets, tally=tally,
        served=periods.served(db, period.code),
        index=tally.index(), elements=ELEMENTS, needed=needed(db, period.code), mine=mine,
        excluded=results.excluded(db, period, office), profile=published(results.profile(db, period, office)),
    )  # fmt: skip


def needed(db: sqlite3.Connection, period: str) -> dict[int, int]:
    """How many respondents each needs, where the people served in the period are known."""
    return {target_id: rules.sample_size(people) for target_id, people in periods.served(db, period).items()}


def _judged(comment_id: int, state: str, reason: str) -> Response:
    row = _comment(comment_id)
    if row["state"] == "withdrawn":
        flash(_("The writer has taken these words back in the meantime."), "warn")
        return _back("waiting")
    with transaction() as db:
        comments.judge(db, comment_id, state, reason, staff().name)
    flash(_("The comment is public.") if state == "shown" else _("The comment is not shown."), "good")
    return _back("waiting")


def _comment(comment_id: int) -> sqlite3.Row:
    row = comments.found(database(), comment_id, store.staff_office(database()))
    if row is None:
        abort(404)
    return row


def _back(state: str) -> Response:
    return redirect(url_for("work.desk", keadaan=state), 303)
