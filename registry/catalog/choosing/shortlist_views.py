"""A city's shortlist in its console: who may see it, add to it, vote and decide is in `registry.tenants.rules`."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from registry.accounts import acting
from registry.accounts.access import person
from registry.accounts.forms import tell
from registry.catalog import service as catalog
from registry.catalog.choosing import notes, plan, rules, service, voters
from registry.catalog.choosing.forms import AddForm, DecisionForm, NoteForm, VersionForm, VoteForm
from registry.catalog.choosing.models import ShortlistItem
from registry.catalog.choosing.views import blueprint
from registry.core import clock
from registry.core.errors import RefusalError
from registry.core.tables import download
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.agreements import service as agreements
from registry.tenants.models import City
from registry.tenants.people import service as people

SEE, WRITE, DECIDE = "shortlist.see", "shortlist.write", "shortlist.decide"
HOME = "/console/<city>/shortlist"
ONE = f"{HOME}/<int:item_id>"
Page = str | Response | tuple[str, int]


@blueprint.get(HOME)
def shortlist(city: str) -> Page:
    tenant = access.enter_city(city, SEE)
    return render_template(
        "catalog/shortlist.html", city=tenant, items=service.shortlist(tenant), removed=service.removed(tenant),
        tally_of=service.tally_of, plain=FlaskForm(),
    )  # fmt: skip


@blueprint.get(f"{HOME}/new")
def new(city: str) -> Page:
    """Of the apps named in ``apps``, as on the page that compares."""
    return _new(access.enter_city(city, WRITE), rules.chosen(request.args.getlist("apps")).slugs)


@blueprint.post(HOME)
def add(city: str) -> Page:
    """One or several at once, for the same reason."""
    tenant, form = access.enter_city(city, WRITE), AddForm()
    slugs = rules.chosen([form.apps.data or ""]).slugs
    if not form.validate_on_submit() or not slugs:
        return _new(tenant, slugs, form), 422
    try:
        with unit_of_work():
            items = [service.add(tenant, catalog.get_app(slug), form.why.data) for slug in slugs]
    except RefusalError as error:
        tell(form, error)
        return _new(tenant, slugs, form), error.status
    flash(_("It is on the shortlist of %(city)s now.", city=tenant.name), "success")
    if len(items) == 1:
        return redirect(url_for("choosing.item", city=city, item_id=items[0].id), 303)
    return redirect(url_for("choosing.shortlist", city=city), 303)


def _new(city: City, slugs: tuple[str, ...], form: AddForm | None = None) -> str:
    form = form or AddForm(formdata=None, data={"apps": ",".join(slugs)})
    apps = [catalog.get_app(slug) for slug in slugs]
    return render_template("catalog/shortlist_new.html", city=city, apps=apps, form=form)


@blueprint.get(ONE)
def item(city: str, item_id: int) -> Page:
    tenant = access.enter_city(city, SEE)
    return _one(tenant, service.get_item(tenant, item_id))


def _one(city: City, item: ShortlistItem, **forms: FlaskForm) -> str:
    """``forms`` are those with errors; the others are fresh."""
    units = voters.units(city) if access.may(WRITE, city) else []
    voting = forms.get("voting") or VoteForm(formdata=None)
    deciding = forms.get("deciding") or DecisionForm(formdata=None, data={"version": item.version})
    if isinstance(voting, VoteForm) and isinstance(deciding, DecisionForm):
        voting.offer(units)
        deciding.offer(people.units(city))
    adoption = next((one for one in catalog.adopters(item.app) if one.city_id == city.id), None)
    return render_template(
        "catalog/shortlist_item.html", city=city, item=item, tally=service.tally_of(item), units=units,
        voting=voting, deciding=deciding, noting=forms.get("noting") or NoteForm(formdata=None), plain=FlaskForm(),
        adoption=adoption, may_fork=may_fork(city), me=person(), most_letters=rules.MAX_NOTE,
    )  # fmt: skip


def may_fork(city: City) -> bool:
    return city.publisher or agreements.active_pks(city.id) is not None


@blueprint.post(f"{ONE}/votes")
def vote(city: str, item_id: int) -> Page:
    tenant, form = access.enter_city(city, WRITE), VoteForm()
    found = service.get_item(tenant, item_id)
    form.offer(people.units(tenant))
    if not form.validate_on_submit():
        return _one(tenant, found, voting=form), 422
    voters.require(tenant, form.opd_id.data)
    return _done(
        tenant, found, lambda: service.vote(tenant, found, form.opd_id.data, form.choice.data, form.reason.data or ""),
        _("The vote is counted."),
    )  # fmt: skip


@blueprint.post(f"{ONE}/votes/<int:opd_id>/withdraw")
def withdraw_vote(city: str, item_id: int, opd_id: int) -> Page:
    tenant = access.enter_city(city, WRITE)
    found = service.get_item(tenant, item_id)
    voters.require(tenant, opd_id)
    return _done(tenant, found, lambda: service.withdraw_vote(tenant, found, opd_id), _("The vote is withdrawn."))


@blueprint.post(f"{ONE}/notes")
def add_note(city: str, item_id: int) -> Page:
    tenant, form = access.enter_city(city, WRITE), NoteForm()
    found = service.get_item(tenant, item_id)
    if not form.validate_on_submit():
        return _one(tenant, found, noting=form), 422
    return _done(tenant, found, lambda: notes.add_note(tenant, found, person(), form.text.data), _("Noted."))


@blueprint.post(f"{ONE}/notes/<int:note_id>/<any(edit, remove):act>")
def change_note(city: str, item_id: int, note_id: int, act: str) -> Page:
    """Only one's own."""
    tenant = access.enter_city(city, WRITE)
    found = service.get_item(tenant, item_id)
    note = notes.own_note(found, note_id, person())
    if act == "remove":
        return _done(tenant, found, lambda: notes.remove_note(tenant, found, note), _("The note is removed."))
    text = request.form.get("text", "")
    return _done(tenant, found, lambda: notes.edit_note(tenant, found, note, text), _("The note is changed."))


@blueprint.post(f"{ONE}/decision")
def decide(city: str, item_id: int) -> Page:
    tenant, form = access.enter_city(city, DECIDE), DecisionForm()
    found = service.get_item(tenant, item_id)
    form.offer(people.units(tenant))
    if not form.validate_on_submit():
        return _one(tenant, found, deciding=form), 422
    try:
        with unit_of_work():
            service.decide(tenant, found, form.version.data, form.read())
    except RefusalError as error:
        tell(form, error)
        return _one(tenant, service.get_item(tenant, item_id), deciding=form), error.status
    flash(_("Decided."), "success")
    return redirect(url_for("choosing.item", city=city, item_id=item_id), 303)


@blueprint.post(f"{ONE}/<any(reopen, remove, restore):act>")
def act_on(city: str, item_id: int, act: str) -> Page:
    """Reopening is for who decides; taking off the list and putting back for everybody who writes on it."""
    tenant, form = access.enter_city(city, DECIDE if act == "reopen" else WRITE), VersionForm()
    found = service.get_item(tenant, item_id)
    if not form.validate_on_submit():
        flash(_("Load the page again, then try once more."), "error")
        return redirect(url_for("choosing.item", city=city, item_id=item_id), 303)
    acts: dict[str, tuple[Callable[[City, ShortlistItem, int], None], str]] = {
        "reopen": (service.reopen, _("It is open again: units can vote, and the admin decides anew.")),
        "remove": (service.remove, _("It is off the list. Below the list it can be put back.")),
        "restore": (service.restore, _("It is back on the list, with its notes and votes.")),
    }
    done, said = acts[act]
    back = url_for("choosing.shortlist", city=city) if act == "remove" else ""
    return _done(tenant, found, lambda: done(tenant, found, form.version.data), said, back)


def _done(city: City, item: ShortlistItem, act: Callable[[], object], said: str, back: str = "") -> Response:
    """Do it, say it (or why not), and go back to the app on the list."""
    back = back or url_for("choosing.item", city=city.slug, item_id=item.id)
    return acting.act(act, said, back)


@blueprint.get("/console/<city>/plan")
def show_plan(city: str) -> Page:
    tenant = access.enter_city(city, SEE)
    return render_template(
        "catalog/plan.html", city=tenant, plan=plan.plan_of(tenant), may_fork=may_fork(tenant),
        tally_of=service.tally_of, today=clock.today(),
    )  # fmt: skip


@blueprint.get("/console/<city>/plan.csv")
def plan_file(city: str) -> Response:
    tenant = access.enter_city(city, SEE)
    text = plan.as_csv(plan.plan_of(tenant).items, current_app.extensions["lumbung"].origin)
    return download([text], f"plan-{tenant.slug}.csv")
