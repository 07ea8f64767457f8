"""The list of the own sessions."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.accounts import service as accounts
from registry.accounts.access import person
from registry.accounts.forms import SignOutForm
from registry.accounts.sessions import door, rules, service, words
from registry.core import audit
from registry.core.uow import unit_of_work

blueprint = Blueprint("sessions", __name__, template_folder="templates")


@blueprint.get("/account/sessions")
def overview() -> str:
    user, here = person(), door.here()
    told = {"here_id": here.id if here else None, "token_count": len(accounts.tokens_of(user))}
    form = SignOutForm(formdata=None)
    return render_template(
        "sessions/sessions.html", sessions=service.of(user), rules=rules, words=words, sign_out_form=form, **told
    )


@blueprint.post("/account/sessions/<int:session_id>/end")
def end(session_id: int) -> Response:
    user = person()
    with unit_of_work():
        service.end(user, session_id)
    flash(_("The session has ended."), "success")
    return redirect(url_for("sessions.overview"), 303)


@blueprint.post("/account/sessions/end-others")
def end_others() -> Response:
    user = person()
    with unit_of_work():
        door.end_others(user)
        audit.record("session.end", user.email, others=True)
    flash(_("Every other session has ended."), "success")
    return redirect(url_for("sessions.overview"), 303)
