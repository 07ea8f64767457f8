"""The maintainers' view of storage: every repository's weight and health, and how much room each city has."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select
from werkzeug.wrappers import Response

from registry.catalog.models import App
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.forge import storage as places
from registry.forge.keeping import asking, words
from registry.forge.keeping.forms import RoomForm
from registry.forge.keeping.models import BROKEN, FORK, LOST, REPAIRED, SOUND, UNCHECKED, ForkQuota, RepositoryState
from registry.forge.keeping.service import Room, set_quota
from registry.forge.views import blueprint
from registry.tenants import service as tenants
from registry.tenants.access import enter_programme, may
from registry.tenants.models import City

STORAGE = "/programme/storage"
SEE, MANAGE = "programme.see", "programme.manage"
STATES = (SOUND, REPAIRED, BROKEN, LOST, UNCHECKED)
PER_PAGE = 50
Page = str | Response | tuple[str, int]


@blueprint.get(STORAGE)
def storage() -> Page:
    """``q`` looks in the names of apps and cities, ``state`` chooses one of `STATES`."""
    publisher = enter_programme(SEE)
    asked, state = request.args.get("q", "").strip()[:80], request.args.get("state", "")
    page = db.paginate(_chosen(asked, state), per_page=PER_PAGE, max_per_page=PER_PAGE)
    return render_template(
        "forge/keeping/storage.html", page=page, asked=asked, state=state, states=STATES, kind_told=words.kind,
        acts_told=words.acts, totals=_totals(), may_manage=may(MANAGE, publisher),
        job=asking.open_job(publisher, asking.CHECK, "*"),
    )  # fmt: skip


@blueprint.post(f"{STORAGE}/check")
def check_storage() -> Page:
    """``act=repair`` mends what can be mended, ``deep`` reads the content of every object."""
    publisher = enter_programme(MANAGE)
    try:
        with unit_of_work():
            repair, deep = request.form.get("act") == "repair", bool(request.form.get("deep"))
            number = asking.ask_check(publisher, "", repair, deep).id
    except RefusalError as refusal:
        flash(refusal.message, "error")
        return redirect(url_for("forge.storage"), 303)
    return redirect(url_for("hosting.job", job_id=number), 303)


@blueprint.get(f"{STORAGE}/cities")
def storage_cities() -> Page:
    """How much room each city's forks take and have; ``q`` looks in names."""
    return _cities()


@blueprint.post(f"{STORAGE}/cities/<city>")
def storage_city(city: str) -> Page:
    """Give a city another limit."""
    enter_programme(MANAGE)
    found, form = tenants.find_city(city), RoomForm()
    if not form.validate_on_submit():
        flash(_("A limit is a whole number of megabytes, 0 for none, empty for the usual one."), "error")
        return _cities(), 422
    with unit_of_work():
        set_quota(found, form.bytes())
        name = found.name
    flash(_("Saved for %(city)s.", city=name), "success")
    return redirect(url_for("forge.storage_cities", q=request.form.get("q", "")[:80] or None), 303)


def _cities() -> str:
    publisher = enter_programme(SEE)
    asked = request.args.get("q", "").strip()[:80]
    wanted = select(City).where(City.state == "admitted").order_by(City.name)
    page = db.paginate(
        wanted.where(City.name.icontains(asked, autoescape=True)) if asked else wanted,
        per_page=PER_PAGE, max_per_page=PER_PAGE,
    )  # fmt: skip
    return render_template(
        "forge/keeping/cities.html", page=page, asked=asked, rooms=_rooms([one.id for one in page.items]),
        usual=places.settings().fork_quota, may_manage=may(MANAGE, publisher),
    )  # fmt: skip


def _chosen(asked: str, state: str) -> Select[Any]:
    wanted = select(RepositoryState).join(App, App.id == RepositoryState.app_id)
    wanted = wanted.join(City, City.id == RepositoryState.tenant_id)
    if asked:
        names = (App.slug, App.name, City.name, City.slug)
        wanted = wanted.where(or_(*(name.icontains(asked, autoescape=True) for name in names)))
    if state in STATES:
        wanted = wanted.where(RepositoryState.state == state)
    bad = RepositoryState.state.in_((BROKEN, LOST))
    return wanted.order_by(bad.desc(), RepositoryState.bytes.desc(), RepositoryState.id)


def _totals() -> dict[str, Any]:
    bad = RepositoryState.state.in_((BROKEN, LOST))
    columns = (func.count(), func.coalesce(func.sum(RepositoryState.bytes), 0), func.count().filter(bad),
               func.max(RepositoryState.kept_at), func.max(RepositoryState.checked_at))  # fmt: skip
    found = db.session.execute(select(*columns)).one()
    return dict(zip(("count", "bytes", "bad", "kept_at", "checked_at"), found, strict=True))


def _rooms(cities: list[int]) -> dict[int, Room]:
    """`keeping.service.room_of` of many, by two queries."""
    weights = select(RepositoryState.tenant_id, func.sum(RepositoryState.bytes)).where(RepositoryState.kind == FORK)
    used = dict(db.session.execute(weights.group_by(RepositoryState.tenant_id)).tuples().all())
    own = dict(db.session.execute(select(ForkQuota.tenant_id, ForkQuota.bytes)).tuples().all())
    usual = places.settings().fork_quota
    return {city: Room(int(used.get(city, 0)), own.get(city, usual) or None, city in own) for city in cities}
