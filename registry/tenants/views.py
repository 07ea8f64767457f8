"""Public pages about the cities: who takes part, how to join, and the way to one's own console."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.accounts.access import person
from registry.tenants import access, rules, service, tiles
from registry.tenants.provinces import PROVINCES

blueprint = Blueprint("tenants", __name__, template_folder="templates")

Page = str | tuple[str, int] | Response


@blueprint.get("/cities")
def cities() -> Page:
    words = request.args.get("q", "").strip()[:80]
    found, everybody = service.admitted_cities(words), service.admitted_cities()
    drawn = tiles.tiles(Counter(city.code[:2] for city in everybody))
    return render_template(
        "tenants/cities.html", cities=found, words=words, tiles=drawn, legend=tiles.legend(),
        map_size=(tiles.WIDTH, tiles.HEIGHT, tiles.SIZE), province_address=_province_address,
    )  # fmt: skip


def _province_address(code: str) -> str:
    return url_for("tenants.cities", q=PROVINCES[code])


@blueprint.get("/console/")
def consoles() -> Page:
    """One's own city when there is one, else a choice; operators find their plugins here."""
    person()
    settings = current_app.extensions["lumbung"]
    held = access.memberships()
    mine = {one.city.slug: one.city for one in held if rules.allows("city.see", {one.role})}
    plugins = [(one, settings.plugin_origin(one.city.slug, one.plugin)) for one in held if one.plugin]
    if len(mine) == 1 and not plugins:
        return redirect(url_for("tenants.console", city=next(iter(mine))))
    leaving = {one.city.slug: one.city for one in held if rules.allows("city.leave", {one.role})}
    return render_template(
        "tenants/consoles.html", cities=list(mine.values()), plugins=plugins, leaving=list(leaving.values())
    )
