"""An admin resets the second factor of somebody of the own city who lost it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.accounts.access import person
from registry.accounts.factors import service as factors
from registry.accounts.sessions import door
from registry.core.uow import unit_of_work
from registry.tenants import access, second_factors
from registry.tenants.views import blueprint

blueprint.add_app_template_global(factors.holders, "holders_of_second_factor")


@blueprint.post("/console/<city>/people/<int:membership_id>/reset-second-factor")
def reset_second_factor(city: str, membership_id: int) -> Response:
    found = access.enter_city(city, "people.manage")
    door.demand_fresh()
    with unit_of_work():
        name = second_factors.reset(found, membership_id, person()).name
    done = _(
        "The second factor of %(name)s is reset, and every session has ended. The person is told by mail.", name=name
    )
    flash(done, "success")
    return redirect(url_for("people.overview", city=city), 303)
