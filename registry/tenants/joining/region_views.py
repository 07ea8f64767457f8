"""The maintainers' page of Kemendagri's regions: what is known, since when, and a new list."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.accounts.forms import tell
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.joining import forms, lists, regions
from registry.tenants.joining.views import blueprint
from registry.tenants.service import find_city
from registry.tenants.views import Page

HOME = "/programme/regions"


@blueprint.get(HOME, endpoint="regions")
def known() -> Page:
    access.enter_programme("programme.see")
    return _page()


@blueprint.post(HOME, endpoint="regions_take_in")
def take_in() -> Page:
    """A list as a file: shown first, taken in when the box is not ticked."""
    access.enter_programme("programme.manage")
    form = forms.ListForm()
    if not form.validate():
        return _page(form), 422
    file, dry = form.list.data, bool(form.dry_run.data)
    content = file.stream.read(lists.MAX_BYTES + 1)
    try:
        with unit_of_work():
            reading, change = regions.take_in(content, file.filename or "", dry)
            left_out = dict(reading.left_out)
    except RefusalError as error:
        flash(error.message, "error")
        return _page(form, findings=error.findings), error.status
    if dry:
        return _page(form, change=change, left_out=left_out)
    flash(_("The list is taken in: %(added)d new, %(changed)d changed, %(renumbered)d renumbered, %(same)d as before.",
            added=len(change.added), changed=len(change.renamed), renumbered=len(change.renumbered),
            same=change.unchanged), "success")  # fmt: skip
    return redirect(url_for("joining.regions"), 303)


@blueprint.post(f"{HOME}/add", endpoint="regions_add")
def add() -> Page:
    access.enter_programme("programme.manage")
    form = forms.AddRegionForm()
    if not form.validate():
        return _page(adding=form), 422
    try:
        with unit_of_work():
            name = regions.add_by_hand(form.code.data, form.name.data).name
    except RefusalError as error:
        tell(form, error)
        return _page(adding=form), error.status
    flash(_("%(name)s is known now.", name=name), "success")
    return redirect(url_for("joining.regions"), 303)


@blueprint.post(f"{HOME}/renumber/<city>", endpoint="regions_renumber")
def renumber(city: str) -> Page:
    """A city of the programme takes the code its region has today."""
    access.enter_programme("programme.manage")
    found = find_city(city)
    with unit_of_work():
        regions.renumber(found)
    flash(_("%(city)s carries %(code)s now.", city=found.name, code=found.code), "success")
    return redirect(url_for("joining.regions"), 303)


def _page(
    form: forms.ListForm | None = None, adding: forms.AddRegionForm | None = None, **shown: object
) -> str:  # fmt: skip
    count, by_hand, former, last = regions.state()
    words = request.args.get("q", "").strip()[:80]
    return render_template(
        "joining/regions.html", count=count, by_hand=by_hand, former=former, last=last, words=words,
        found=regions.suggest(words) if words else [], outdated=regions.cities_with_former_codes(),
        form=form or forms.ListForm(formdata=None), adding=adding or forms.AddRegionForm(formdata=None), **shown,
    )  # fmt: skip
