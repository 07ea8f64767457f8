"""The keys of the own account."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from registry.accounts.access import person
from registry.accounts.forms import tell
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.forge.signatures import keys
from registry.forge.signatures.forms import KeyForm
from registry.forge.views import blueprint


@blueprint.route("/account/keys", methods=["GET", "POST"])
def signing_keys() -> tuple[str, int] | AnyResponse:
    user, form = person(), KeyForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                keys.add(user, form.name.data, form.text.data, form.proof.data)
            flash(_("The key is added. What you sign with it is shown as yours from now on."), "success")
            return redirect(url_for("forge.signing_keys"), 303)
        except RefusalError as error:
            tell(form, error)
    status = 422 if form.is_submitted() else 200
    told = {"keys": keys.of(user), "challenge": keys.challenge(user), "namespace": keys.NAMESPACE}
    return render_template("forge/signatures/keys.html", form=form, **told), status


@blueprint.post("/account/keys/<int:key_id>/revoke")
def revoke_signing_key(key_id: int) -> AnyResponse:
    user = person()
    with unit_of_work():
        keys.revoke(user, key_id)
    flash(_("The key is revoked. What it signed is shown with this date."), "success")
    return redirect(url_for("forge.signing_keys"), 303)
