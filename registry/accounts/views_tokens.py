"""A person's tokens for git and the API."""

from __future__ import annotations

from typing import cast

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from registry.accounts import scopes, tokens
from registry.accounts.access import person
from registry.accounts.forms import TokenForm, tell
from registry.accounts.models import User
from registry.accounts.sessions import door
from registry.accounts.views import Page, blueprint
from registry.core.clock import now
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work


@blueprint.route("/account/tokens", methods=["GET", "POST"], endpoint="tokens")
def overview() -> Page:
    """A new token's text is shown in this one answer and never again."""
    user, form = person(), TokenForm()
    if not form.validate_on_submit():
        return _page(user, form), 422 if form.is_submitted() else 200
    door.demand_fresh()
    try:
        with unit_of_work():
            given = (form.name.data, cast(int, form.days.data), form.scopes.data)
            _token, text = tokens.create_token(user, *given)
    except InvalidError as error:
        tell(form, error)
        return _page(user, form), error.status
    return _page(user, TokenForm(formdata=None), text), 201


@blueprint.post("/account/tokens/<int:token_id>/revoke")
def revoke(token_id: int) -> Page:
    user = person()
    with unit_of_work():
        tokens.revoke_token(user, token_id)
    flash(_("The token no longer works."), "success")
    return redirect(url_for("accounts.tokens"), 303)


def _page(user: User, form: TokenForm, text: str = "") -> str:
    return render_template("accounts/tokens.html", form=form, tokens=tokens.tokens_of(user), text=text,
                           soon=now() + tokens.SOON, scope_names=scopes.SCOPES)  # fmt: skip
