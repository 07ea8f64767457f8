"""What comes after the signatures, as pages: renewal, addendum, an early end, and a city's plugins closed."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template
from flask_babel import gettext as _

from registry.accounts.forms import tell
from registry.core.errors import Finding, InvalidError, RefusalError
from registry.core.uow import unit_of_work
from registry.tenants.agreements import changing, doors, history, reading, rules, seams, service, suspending
from registry.tenants.agreements.doors import PROGRAMME, Door, both
from registry.tenants.agreements.forms import AgreementForm, EndForm, SuspendForm, WhyForm
from registry.tenants.agreements.views import ONE, blueprint, drawn, told
from registry.tenants.views import Page


@both(blueprint, f"{ONE}/renew", ("POST",))
def renew(side: str, city: str, agreement_id: int) -> Page:
    """A draft that says the same for as long again."""
    door, form = doors.enter(side, city, "act"), AgreementForm()
    with unit_of_work():
        found = history.locked(door.city, agreement_id, form.seen)
        made = changing.renew(door.city, found, side).id
    flash(_("The renewal is drafted: look at its term, give it a number, and propose it."), "success")
    return redirect(door.url("edit", agreement_id=made), 303)


@both(blueprint, f"{ONE}/amend", ("POST",))
def amend(side: str, city: str, agreement_id: int) -> Page:
    """A draft that changes terms or scope from a day on."""
    door, form = doors.enter(side, city, "act"), AgreementForm()
    with unit_of_work():
        found = history.locked(door.city, agreement_id, form.seen)
        made = changing.amend(door.city, found, side).id
    flash(_("The addendum is drafted with the terms as they are: change them, and say from which day."), "success")
    return redirect(door.url("edit", agreement_id=made), 303)


@blueprint.route(f"{PROGRAMME}/agreements{ONE}/terminate", methods=["GET", "POST"])
def terminate(city: str, agreement_id: int) -> Page:
    """Shows what ending it does, by name, before it is done; asks for reason and day."""
    door, form = doors.enter(rules.PUBLISHER, city, "act"), EndForm()
    if not form.validate_on_submit():
        return _ending(door, agreement_id, form), 422 if form.is_submitted() else 200
    try:
        with unit_of_work():
            found = history.locked(door.city, agreement_id, form.seen)
            changing.terminate(door.city, found, form.reason.data, form.effective_on.data)
    except RefusalError as error:
        door = doors.enter(rules.PUBLISHER, city, "act")
        tell(form, error)
        return _ending(door, agreement_id, form), error.status
    flash(_("The agreement is ended."), "success")
    return redirect(door.url("page", agreement_id=agreement_id), 303)


@blueprint.post(f"{PROGRAMME}/agreements{ONE}/keep")
def keep(city: str, agreement_id: int) -> Page:
    """Take back an early end whose day is still to come; the reason is told to both sides."""
    door, form = doors.enter(rules.PUBLISHER, city, "act"), WhyForm()
    if not form.validate_on_submit():
        return drawn(door, agreement_id, keeping=form), 422
    with unit_of_work():
        changing.keep(door.city, history.locked(door.city, agreement_id, form.seen), form.reason.data)
    flash(_("The agreement stays in force."), "success")
    return redirect(door.url("page", agreement_id=agreement_id), 303)


def _ending(door: Door, agreement_id: int, form: EndForm) -> str:
    one = service.agreement(door.city.id, agreement_id)
    if not form.is_submitted():
        form.version.data = str(one.version)
    effects = changing.effects_of_ending(door.city, one)
    return render_template(
        "agreements/terminate.html", **told(door), one=one, state=reading.effective_state(one), form=form,
        effects=effects,
    )  # fmt: skip


@blueprint.route(f"{PROGRAMME}/suspension", methods=["GET", "POST"])
def suspension(city: str) -> Page:
    """Close the city's plugins for citizens, by a maintainer's explicit act; or see that they are closed."""
    door, form = doors.enter(rules.PUBLISHER, city, "act"), SuspendForm()
    if not form.validate_on_submit():
        return _suspending(door, form), 422 if form.is_submitted() else 200
    try:
        if form.confirm.data.strip() != door.city.slug:
            message = _("Type %(phrase)s to confirm", phrase=door.city.slug)
            raise InvalidError(message, [Finding("confirm", message)])
        with unit_of_work():
            suspending.suspend(door.city, form.reason.data, form.words.data)
    except RefusalError as error:
        door = doors.enter(rules.PUBLISHER, city, "act")
        tell(form, error)
        return _suspending(door, form), error.status
    flash(_("The plugins are closed for citizens, who read your words. You can open them again here."), "success")
    return redirect(door.url("suspension"), 303)


@blueprint.post(f"{PROGRAMME}/suspension/end")
def resume(city: str) -> Page:
    door = doors.enter(rules.PUBLISHER, city, "act")
    with unit_of_work():
        names = suspending.resume(door.city)
    flash(_("Open again: %(names)s.", names=", ".join(names) or "–"), "success")
    return redirect(door.url("suspension"), 303)


def _suspending(door: Door, form: SuspendForm) -> str:
    shown: dict[str, Any] = {"held": suspending.current(door.city), "past": suspending.past(door.city)}
    running = seams.closer().running(door.city)
    in_force = door.city.publisher or reading.active_pks(door.city.id) is not None
    return render_template(
        "agreements/suspend.html", **told(door), **shown, running=running, in_force=in_force, form=form
    )
