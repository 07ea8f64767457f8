"""What the officers' pages about one application share: finding it, who may, the page itself."""

import sqlite3
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import database, offices, person, settings, staff, today
from werkzeug.wrappers import Response

from perizinan import desk, permits, rules, store, zoning
from perizinan.forms import ApproveForm, NoteForm, PassForm, PlanForm, ReasonForm, SurveyForm
from perizinan.rules import RUNNING, Officer, Refusal, Standing, State, possible
from perizinan.words import REFUSALS

View = str | Response | tuple[str, int]


def found(number: str) -> sqlite3.Row:
    """The application, when this officer may work on it; drafts are nobody's business (404), other offices' 403."""
    application = store.by_number(database(), number)
    if application is None or application["state"] == State.DRAFT:
        abort(404, _("There is no application with this number. Drafts belong to their applicants alone."))
    who = person()
    if not rules.may_work(own_office(), application["office_id"], who is not None and who.may("administrator")):
        abort(403, _("This application belongs to another office: %(office)s.", office=application["office"]))
    return application


def own_office() -> int | None:
    """The office this operator works for; None for administrators and who belongs to none."""
    who = person()
    return None if who is None or who.may("administrator") else offices.of(database(), who)


def officer() -> Officer:
    """Who is at work."""
    who = staff()
    return Officer(who.id, who.name)


def done(number: str, refusal: Refusal | None, words: str) -> Response:
    """Back to the application, with what was done or why it was not."""
    flash(REFUSALS[refusal] if refusal else words, "warn" if refusal else "good")
    return redirect(url_for("work.show", number=number))


def days_late(application: sqlite3.Row) -> int:
    """Days since the promised day; below 0 while it lies ahead."""
    return (today() - date.fromisoformat(application["deadline"])).days


def page(application: sqlite3.Row, revealed: bool = False, asking: Any = None, **wrong: Any) -> str:
    """The page of one application; `wrong` holds the form to be shown with its errors, by its name."""
    db = database()
    permit = permits.of_application(db, application["id"])
    return render_template(
        "perizinan/work.html",
        application=application,
        revealed=revealed,
        asking=asking,
        forms=_forms() | wrong,
        opened="asking" if asking else next(iter(wrong), ""),
        possible=possible(State(application["state"])),
        running=application["state"] in RUNNING,
        needs=store.requirements(db, application),
        files=store.files(db, application["id"]),
        corrections=store.corrections(db, application["id"]),
        steps=store.steps(db, application["id"]),
        photos=store.photos(db, application["id"]),
        events=store.events(db, application["id"], public=False),
        zone=zoning.kept(application["zoning"]),
        permit=permit,
        standing=permits.standing(permit) if permit else None,
        revocable=permit is not None and permits.standing(permit) is not Standing.REVOKED,
        may_resume=_may_resume(application),
        may_decide=rules.may_decide(officer(), desk.verifiers(db, application["id"]), settings()["four_eyes"]),
        days_late=days_late,
    )


def _forms() -> dict[str, Any]:
    return {
        "passing": PassForm(prefix="pass", formdata=None),
        "planning": PlanForm(prefix="plan", formdata=None),
        "surveying": SurveyForm(prefix="survey", formdata=None, data={"day": today()}),
        "approving": ApproveForm(prefix="approve", formdata=None),
        "refusing": ReasonForm(prefix="refuse", formdata=None),
        "revoking": ReasonForm(prefix="revoke", formdata=None),
        "noting": NoteForm(prefix="note", formdata=None),
    }


def _may_resume(application: sqlite3.Row) -> bool:
    paused = date.fromisoformat(application["paused_on"]) if application["paused_on"] else None
    return paused is not None and rules.may_resume(paused, today(), settings()["correction_days"])
