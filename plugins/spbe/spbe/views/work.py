"""The desk: what an office has to answer, what an assessor has to review, and what would raise the index most."""

import sqlite3

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import Person, addresses, attachments, database, offices, require_role, staff
from lumbung_plugin.attachments import AttachmentRefusal
from werkzeug.wrappers import Response as Answer
from wtforms.fields.choices import SelectChoice

from spbe import config, rules, store
from spbe.forms import AnswerForm, EvidenceForm, ReviewForm
from spbe.instruments import HIGHEST, Indicator, Instrument
from spbe.rules import Round, Standing, State

pages = Blueprint("work", __name__, url_prefix="/kerja")
View = str | Answer | tuple[str, int]
SENT_BACK = 9
REVIEW = "nilai"
"""Prefix of the second form of the page, so that no field has the name of another."""


@pages.get("")
@require_role("operator")
def desk() -> str:
    """The present year: this office's indicators first, or all of them; or those that wait for review."""
    db, who = database(), staff()
    year = _chosen_year()
    if year is None:
        return render_template("spbe/work_empty.html")
    office = offices.of(db, who)
    chosen, rows = store.instrument(year), store.answers(db, year["id"])
    wish = addresses.choice("lihat", {"milik", "semua", "nilai"}) or ("milik" if office else "semua")
    shown = {number: row for number, row in rows.items() if _fits(row, wish, office)}
    levels = store.levels(db, year["id"])
    return render_template(
        "spbe/desk.html", year=year, years=store.years(db), instrument=chosen, rows=shown, all=rows, wish=wish,
        office=office, standing=store.standing, whole=rules.score(chosen, chosen, levels),
        claimed=rules.score(chosen, chosen, store.rounds(db, year["id"])[Round.SELF]), assessor=config.is_assessor(who),
        waiting=sum(_fits(row, "nilai", office) for row in rows.values()),
        mine=sum(_fits(row, "milik", office) for row in rows.values()),
    )  # fmt: skip


def _chosen_year() -> sqlite3.Row | None:
    db, wanted = database(), addresses.number("tahun")
    found = store.year(db, wanted) if wanted else None
    return found or store.present(db) or next(iter(store.years(db)), None)


def _fits(row: sqlite3.Row, wish: str, office: int | None) -> bool:
    if wish == "nilai":
        return store.standing(row) is Standing.CLAIMED
    return wish == "semua" or (office is not None and row["office_id"] == office)


@pages.get("/peningkatan")
@require_role("operator")
def improve() -> str:
    """What raises the index most, and the fewest steps to the next predicate and to the city's goal."""
    db, year = database(), _chosen_year()
    if year is None:
        return render_template("spbe/work_empty.html")
    chosen, levels = store.instrument(year), store.levels(db, year["id"])
    whole = rules.score(chosen, chosen, levels)
    better = rules.next_predicate(chosen, whole.exact)
    goal = rules.Fraction(str(config.target()))
    return render_template(
        "spbe/improve.html", year=year, instrument=chosen, whole=whole, better=better, goal=goal,
        gaps=rules.gaps(chosen, levels), rows=store.answers(db, year["id"]),
        steps=rules.way(rules.steps_to(chosen, levels, better.least)) if better else [],
        steps_to_goal=rules.way(rules.steps_to(chosen, levels, goal)),
    )  # fmt: skip


@pages.get("/<int:value>/<int:number>")
@require_role("operator")
def show(value: int, number: int) -> str:
    """One indicator: claim, evidence, review."""
    return _shown(value, number)


def _shown(
    value: int, number: int, answer: AnswerForm | None = None, evidence: EvidenceForm | None = None,
    review: ReviewForm | None = None,
) -> str:  # fmt: skip
    db, who = database(), staff()
    year, row, chosen, indicator = _found(value, number)
    answer = answer or AnswerForm(formdata=None, data={"level": row["level"], "note": row["note"]})
    review = review or ReviewForm(
        formdata=None,
        prefix=REVIEW,
        data={"level": row["reviewed"], "note": row["review_note"] or row["returned_note"]},
    )
    _choices(answer, review, chosen)
    aspect = chosen.aspect_of(number)
    numbers = [one.number for one in chosen.indicators]
    at = numbers.index(number)
    return render_template(
        "spbe/indicator.html", year=year, row=row, instrument=chosen, indicator=indicator, aspect=aspect,
        levels=chosen.levels[aspect.kind], answer=answer, review=review, evidence=store.evidence(db, row["id"]),
        add=evidence or EvidenceForm(formdata=None), standing=store.standing(row), sent_back=SENT_BACK,
        can_answer=_may_answer(row, who) and year["state"] == State.OPEN,
        can_review=_may_review(row, who) and year["state"] == State.OPEN,
        assessor=config.is_assessor(who), previous=numbers[at - 1] if at else None,
        next=numbers[at + 1] if at + 1 < len(numbers) else None,
    )  # fmt: skip


def _choices(answer: AnswerForm, review: ReviewForm, chosen: Instrument) -> None:
    steps = range(chosen.lowest, HIGHEST + 1)
    answer.level.choices = [SelectChoice(str(step), str(step)) for step in steps]
    review.level.choices = [*answer.level.choices, SelectChoice(str(SENT_BACK), _("Send back to the office"))]


def _found(value: int, number: int) -> tuple[sqlite3.Row, sqlite3.Row, Instrument, Indicator]:
    db = database()
    year = store.year(db, value) or abort(404)
    chosen, row = store.instrument(year), store.answer(db, year["id"], number)
    indicator = chosen.indicator(number)
    if row is None or indicator is None:
        abort(404)
    return year, row, chosen, indicator


def _may_answer(row: sqlite3.Row, who: Person) -> bool:
    office = offices.of(database(), who)
    return rules.may_answer(row["office_id"], office, who.may("administrator"))


def _may_review(row: sqlite3.Row, who: Person) -> bool:
    return rules.may_review(row["filled_by"] or "", who.id, config.is_assessor(who))


def _guarded(value: int, number: int) -> sqlite3.Row:
    """The answer, for a change by its office."""
    row = _found(value, number)[1]
    if not _may_answer(row, staff()):
        abort(403, _("This indicator was given to %(office)s.", office=row["office"] or _("another office")))
    return row


def _back(value: int, number: int, done: bool, words: str) -> Answer:
    if done:
        flash(words, "good")
    else:
        flash(_("Nothing was changed: the year is final, or there is too much already."), "warn")
    return redirect(url_for("work.show", value=value, number=number), 303)


@pages.post("/<int:value>/<int:number>")
@require_role("operator")
def fill(value: int, number: int) -> View:
    """Claim a level."""
    row, form = _guarded(value, number), AnswerForm()
    _choices(form, ReviewForm(formdata=None, prefix=REVIEW), _found(value, number)[2])
    if not form.validate_on_submit():
        return _shown(value, number, answer=form), 400
    done = store.fill(database(), row["id"], form.level.data, form.note.data or "", staff())
    return _back(value, number, done, _("Saved. It waits for review now."))


@pages.post("/<int:value>/<int:number>/nilai")
@require_role("operator")
def review(value: int, number: int) -> View:
    """Lay the assessor's level down, or send the claim back."""
    year, row, chosen, _one = _found(value, number)
    if not _may_review(row, staff()):
        abort(403, _("An assessor reviews what somebody else has answered."))
    form = ReviewForm(prefix=REVIEW)
    _choices(AnswerForm(formdata=None), form, chosen)
    valid = form.validate_on_submit()
    if valid and form.level.data != row["level"] and not (form.note.data or "").strip():
        form.note.errors = [_("Say why, so that the office can act on it.")]
        valid = False
    if not valid:
        return _shown(value, number, review=form), 400
    level = None if form.level.data == SENT_BACK else form.level.data
    done = store.review(database(), row["id"], level, form.note.data or "", staff())
    return _back(value, number, done, _("The review was saved."))


@pages.post("/<int:value>/<int:number>/bukti")
@require_role("operator")
def add_evidence(value: int, number: int) -> View:
    """Add a link or a file."""
    row, form = _guarded(value, number), EvidenceForm()
    valid = form.validate_on_submit()
    if valid and bool(form.url.data) == bool(form.file.data):
        form.url.errors = [_("Give either a link or a file.")]
        valid = False
    if not valid:
        return _shown(value, number, evidence=form), 400
    told = {"title": form.title.data, "url": rules.link(form.url.data or "") or ""}
    if form.file.data:
        kept = attachments.keep(form.file.data)
        if isinstance(kept, AttachmentRefusal):
            form.file.errors = [attachments.words(kept, form.file.data.filename)]
            return _shown(value, number, evidence=form), 400
        told |= {"file": kept.name, "kind": kept.kind, "size": kept.size}
    done = store.add_evidence(database(), row["id"], told, staff())
    if not done and told.get("file"):
        attachments.discard([str(told["file"])])
    return _back(value, number, done, _("The evidence was added."))


@pages.post("/<int:value>/<int:number>/bukti/<int:evidence_id>/hapus")
@require_role("operator")
def drop_evidence(value: int, number: int, evidence_id: int) -> View:
    """Delete one piece of evidence."""
    row = _guarded(value, number)
    file = store.drop_evidence(database(), row["id"], evidence_id)
    if file:
        attachments.discard([file])
    return _back(value, number, file is not None, _("The evidence was deleted."))


@pages.get("/<int:value>/<int:number>/bukti/<int:evidence_id>")
@require_role("operator")
def file(value: int, number: int, evidence_id: int) -> Response:
    """A file of evidence, for staff only."""
    row = _found(value, number)[1]
    held = next((one for one in store.evidence(database(), row["id"]) if one["id"] == evidence_id), None)
    if held is None or not held["file"]:
        abort(404)
    return attachments.send(held["file"], held["title"])
