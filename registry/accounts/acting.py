"""An act done from a page, and what came of it told, the same way on every page."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from registry.accounts.forms import tell
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work


def act(work: Callable[[], object], told: str, place: str) -> Response:
    """Do it in a unit of work, say ``told`` or why not, and go on to ``place``."""
    try:
        with unit_of_work():
            work()
        flash(told, "success")
    except RefusalError as refusal:
        flash(refusal.message, "error")
    return redirect(place, 303)


def submitted(form: FlaskForm, work: Callable[[], object]) -> int | None:
    """What came of a form: None while nothing was sent, 200 when ``work`` is done, else the status of the refusal.

    What is refused is written beside the fields it is about, or above the page.
    """
    if not form.validate_on_submit():
        return 422 if form.errors else None
    try:
        with unit_of_work():
            work()
    except RefusalError as refusal:
        tell(form, refusal)
        return refusal.status
    return 200
