"""For maintainers: which cities follow an app, and saying that a release closes a hole."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.catalog import service as catalog
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work
from registry.forge.following import followers, notices
from registry.forge.views import blueprint
from registry.tenants.access import enter_programme

PERMISSION = "app.publish"
FOLLOWERS = "/programme/apps/<app>/followers"
MAX_ROWS, MAX_WORDS = 600, 80
Page = str | Response | tuple[str, int]


@blueprint.get(FOLLOWERS)
def followers_of(app: str) -> Page:
    """Every fork: its version, how far it is, what its city was told."""
    enter_programme(PERMISSION)
    return _page(app)


@blueprint.post("/programme/apps/<app>/releases/<version>/security")
def mark_security(app: str, version: str) -> Page:
    """Every city below this release is written to at once."""
    enter_programme(PERMISSION)
    try:
        with unit_of_work():
            notices.mark_security(
                catalog.get_release(catalog.get_app(app), version), request.form.get("advice", "")[:10_000]
            )
    except InvalidError as refusal:
        return _page(app, refusal.message), refusal.status
    flash(_("Every city below %(version)s is being told.", version=version), "success")
    return redirect(url_for("forge.followers_of", app=app), 303)


def _page(slug: str, refusal: str = "") -> str:
    app = catalog.get_app(slug)
    state, words = request.args.get("state", followers.ALL), request.args.get("q", "").strip()[:MAX_WORDS]
    with unit_of_work():
        rows = followers.of(app)
    found = followers.chosen(rows, state, words)
    counts = {one: sum(row.is_in(one) for row in rows) for one in followers.STATES}
    return render_template(
        "forge/following/followers.html", app=app, rows=found[:MAX_ROWS], more=max(0, len(found) - MAX_ROWS),
        counts=counts, state=state, words=words, releases=catalog.releases_of(app, yanked=False)[:20],
        marked=notices.security_versions(app), refusal=refusal,
    )  # fmt: skip
