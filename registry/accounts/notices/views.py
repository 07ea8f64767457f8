"""What a person was told, and how each wants to be told."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from registry.accounts.access import person
from registry.accounts.models import User
from registry.accounts.notices import letters, places, reading, rules, service
from registry.accounts.notices.forms import WAY_NAMES, PreferencesForm
from registry.accounts.notices.kinds import GROUPS, KINDS, MAIL
from registry.accounts.notices.reading import Filter
from registry.core import undelivered
from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.core.uow import unit_of_work

blueprint = Blueprint("notices", __name__, template_folder="templates")

Page = str | tuple[str, int] | Response


@blueprint.get("/notifications")
def overview() -> str:
    """Newest first; which group and which city stands in the address."""
    user, chosen = person(), asked()
    page = reading.page(user, chosen)
    names = places.names({one.city_id for one in page.items if one.city_id})
    return render_template(
        "notices/overview.html", page=page, chosen=chosen, groups=GROUPS, kinds=KINDS, names=names,
        cities=reading.cities_of(user), quotation=rules.quotation, linked=letters.linked, unread=reading.unread(),
        address=kept(),
    )  # fmt: skip


@blueprint.get("/notifications/<int:notification_id>")
def follow(notification_id: int) -> Page:
    """To what it is about; then it counts as read."""
    user = person()
    with unit_of_work():
        found = reading.one_of(user, notification_id)
        reading.mark(found)
        link = found.link
    return redirect(link or url_for("notices.overview"), 303)


@blueprint.post("/notifications/<int:notification_id>/read")
def read_one(notification_id: int) -> Page:
    user = person()
    with unit_of_work():
        reading.mark(reading.one_of(user, notification_id), request.form.get("unread") != "1")
    return _back()


@blueprint.post("/notifications/read")
def read_all() -> Page:
    """All that the list shows with its filter."""
    user = person()
    with unit_of_work():
        count = reading.mark_all(user, asked())
    flash(ngettext("%(num)d notification is marked as read.", "%(num)d notifications are marked as read.", count),
          "success")  # fmt: skip
    return _back()


@blueprint.route("/account/notifications", methods=["GET", "POST"])
def preferences() -> Page:
    user, form = person(), PreferencesForm()
    if form.validate_on_submit():
        with unit_of_work():
            service.change(user, form.chosen())
        flash(_("Saved. It holds from now on."), "success")
        return redirect(url_for("notices.preferences"), 303)
    return _preferences(user, form)


def _preferences(user: User, form: PreferencesForm) -> Page:
    if not form.is_submitted():
        form = PreferencesForm(formdata=None, data=service.choices(user))
    answer = render_template(
        "notices/preferences.html", form=form, groups=GROUPS, kinds=KINDS, always=WAY_NAMES[MAIL], user=user,
        refusal=undelivered.of_address(user.email),
    )  # fmt: skip
    return answer, 422 if form.errors else 200


@blueprint.route(f"{letters.OFF_PATH}/<token>", methods=["GET", "POST"])
def switch_off(token: str) -> Page:
    """From a mail, without signing in: who has the mail may end it. Mail programs send the POST by themselves
    (RFC 8058), so looking at the address alone changes nothing.
    """
    user_id, group = letters.read_off(token)
    user = db.session.get(User, user_id)
    if user is None or group not in GROUPS or GROUPS[group].fixed:
        raise NotFoundError(_("This address switches nothing off. Copy it whole, or sign in and choose."))
    done = request.method == "POST"
    if done:
        with unit_of_work():
            service.stop_mail(user, group)
    facts = {"group": GROUPS[group].label, "address": letters.hidden(user.email), "done": done}
    return render_template("notices/off.html", **facts)


def asked() -> Filter:
    """The filter in the address."""
    values = request.args
    return Filter(values.get("group", "")[:40], values.get("city", "")[:80], values.get("unread") == "1")


def kept() -> dict[str, str]:
    """What of the address makes the list what it is."""
    found = {name: request.args.get(name, "")[:80] for name in ("group", "city", "unread", "page")}
    return {name: value for name, value in found.items() if value}


def _back() -> Page:
    """To the list as it was."""
    return redirect(f"{url_for('notices.overview')}?{urlencode(kept())}", 303)
