"""A citizen's errand: find what to rate, one tap, a few words, the survey."""

import sqlite3
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, offices, stuffing, transaction
from werkzeug.wrappers import Response

from penilaian import comments, results, store, voting, words
from penilaian.config import chosen
from penilaian.elements import ELEMENTS, SOURCE
from penilaian.forms import FindForm, SurveyForm, TokenForm, WithdrawForm, WordsForm
from penilaian.rules import Refusal

pages = Blueprint("citizen", __name__)

WITHDRAW_TRIES = 10
View = str | Response | tuple[str, int]


@pages.get("/")
def home() -> str:
    """What can be rated, by office; the city's result above it."""
    db, wanted = database(), addresses.text("q")
    offices.listing(db)
    listed = store.targets(db, wanted=wanted, officials=bool(chosen()["officials"]))
    told = results.by_office(store.targets(db), results.tallies(db, results.present()), results.stars(db))
    tally, rated = results.together(told)
    return render_template(
        "penilaian/home.html", groups=_grouped(listed), wanted=wanted, find=FindForm(formdata=None),
        index=tally.index(), rated=rated, minimum=results.minimum(), period=results.present(),
    )  # fmt: skip


@pages.post("/kode")
def find() -> View:
    """From the code on a poster to its page."""
    row = store.by_code(database(), request.form.get("code", "").strip())
    if row is None:
        flash(_("No poster has this code. Look at it again, or search by name."), "warn")
        return redirect(url_for("citizen.home"), 303)
    return redirect(url_for("citizen.rate", code=row["code"]), 303)


@pages.route("/nilai/<code>", methods=["GET", "POST"])
@pages.route("/nilai/<code>/<token>", methods=["GET", "POST"])
def rate(code: str, token: str = "") -> View:
    """Four faces; one tap is enough."""
    row = _target(code)
    slip = TokenForm()
    if request.method == "GET":
        return _faces(row, token)
    if slip.token.data and not token:
        return redirect(url_for("citizen.rate", code=row["code"], token=slip.token.data[:20]), 303)
    if stuffing.hidden():
        return redirect(url_for("citizen.thanks"), 303)
    score = request.form.get("score", type=int)
    refusal = voting.rate(session, row, score, token)
    if refusal is not None:
        return _faces(row, token, refusal), 409
    session["thanks"] = {"code": row["code"], "token": token, "score": score, "words": True}
    return redirect(url_for("citizen.thanks"), 303)


@pages.route("/terima-kasih", methods=["GET", "POST"])
def thanks() -> View:
    """After a rating: a few words if one likes, and the survey."""
    held = _thanked()
    row = store.by_code(database(), str(held.get("code", "")))
    form = WordsForm()
    if request.method == "POST" and row is not None and held.get("words"):
        if not form.validate_on_submit():
            return render_template("penilaian/thanks.html", target=row, held=held, form=form), 422
        if not stuffing.hidden():
            _keep_words(row, form.text.data or "", held.get("score"))
        return redirect(url_for("citizen.thanks"), 303)
    return render_template("penilaian/thanks.html", target=row, held=held, form=form, left=session.get("left"))


@pages.route("/survei/<code>", methods=["GET", "POST"])
@pages.route("/survei/<code>/<token>", methods=["GET", "POST"])
def survey(code: str, token: str = "") -> View:
    """The nine elements of PermenPANRB 14/2017."""
    row, form = _target(code), SurveyForm()
    if request.method == "GET":
        if not row["survey"]:
            abort(404, str(words.REFUSALS[Refusal.NO_SURVEY]))
        return _questions(row, form, token)
    if not form.validate_on_submit():
        return _questions(row, form, token), 422
    if stuffing.hidden():
        return redirect(url_for("citizen.thanks"), 303)
    refusal = voting.respond(session, row, form.answers, form.profile, token)
    if refusal is not None:
        return _questions(row, form, token, refusal), 409
    session["thanks"] = {"code": row["code"], "token": token, "score": None, "words": False, "survey": True}
    session.pop("left", None)
    if form.text.data:
        _keep_words(row, form.text.data, None)
    return redirect(url_for("citizen.thanks"), 303)


@pages.route("/hapus", methods=["GET", "POST"])
def withdraw() -> View:
    """Take one's words back, by number and code."""
    form = WithdrawForm()
    if not form.validate_on_submit():
        return render_template("penilaian/withdraw.html", form=form), 422 if form.errors else 200
    if not stuffing.allowed(session, "withdraw", WITHDRAW_TRIES):
        flash(str(words.REFUSALS[Refusal.TOO_OFTEN]), "wrong")
        return render_template("penilaian/withdraw.html", form=form), 429
    with transaction() as db:
        done = comments.withdraw(db, form.number.data or "", form.code.data or "")
    if not done:
        stuffing.count(session, "withdraw")
        form.code.errors = [_("Number and code do not fit together, or the words have been taken back already.")]
        return render_template("penilaian/withdraw.html", form=form), 422
    flash(_("Your words have been erased. The score alone stays counted."), "good")
    return redirect(url_for("citizen.home"), 303)


@pages.get("/tentang")
def about() -> str:
    """How the index is reckoned, what is kept, what is done against stuffing."""
    return render_template("penilaian/about.html", chosen=chosen(), elements=ELEMENTS, source=SOURCE)


def _target(code: str) -> sqlite3.Row:
    row = store.by_code(database(), code)
    if row is None:
        abort(404, _("No poster has this code. Look at it again, or search by name."))
    return row


def _faces(row: sqlite3.Row, token: str, refusal: Refusal | None = None) -> str:
    return render_template(
        "penilaian/rate.html", target=row, token=token, refusal=refusal and words.REFUSALS[refusal],
        slip=TokenForm(formdata=None), open=store.rateable(row, bool(chosen()["officials"])),
    )  # fmt: skip


def _questions(row: sqlite3.Row, form: SurveyForm, token: str, refusal: Refusal | None = None) -> str:
    return render_template("penilaian/survey.html", target=row, form=form, token=token, elements=ELEMENTS,
                           refusal=refusal and words.REFUSALS[refusal], minimum=results.minimum())  # fmt: skip


def _keep_words(row: sqlite3.Row, text: str, score: int | None) -> None:
    with transaction() as db:
        left = comments.add(db, row["id"], text, score)
    session["left"] = {"number": left.number, "code": left.code}
    session["thanks"] = {**_thanked(), "words": False}


def _thanked() -> dict[str, Any]:
    held = session.get("thanks")
    return held if isinstance(held, dict) else {}


def _grouped(rows: list[sqlite3.Row]) -> list[tuple[str, list[sqlite3.Row]]]:
    groups: dict[str, list[sqlite3.Row]] = {}
    for row in rows:
        groups.setdefault(row["office"], []).append(row)
    return list(groups.items())
