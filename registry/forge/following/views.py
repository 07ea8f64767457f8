"""What is new upstream of a fork, and bringing it in: looked at first."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.catalog.markdown import render
from registry.catalog.models import App
from registry.catalog.rules import HEADING
from registry.core.uow import unit_of_work
from registry.forge import service as forks
from registry.forge.following import distances, news, news_words, notices, rules, service, words
from registry.forge.following.models import MAIN, OPEN, RELEASES, Sync
from registry.forge.following.preview import Preview, looked
from registry.forge.models import Fork
from registry.forge.views import blueprint
from registry.tenants.access import enter_city, may
from registry.tenants.models import City

PAGE = "/console/<city>/forks/<app>/upstream"
SEE, ACT = "city.see", "fork.push"


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {
        "way_title": words.way_title, "way_text": words.way_text, "point_title": news_words.title,
        "point_names": news_words.names, "rendered": _rendered, "conflict_title": words.conflict_title,
        "conflict_text": words.conflict_text,
    }  # fmt: skip


def _rendered(changes: str) -> Markup:
    """A part of a change log, its headings right below those of the page."""
    levels = [len(found[1]) for line in changes.splitlines() if (found := HEADING.match(line))]
    above = min(levels, default=1) - 1
    return render("\n".join(line[above:] if HEADING.match(line) else line for line in changes.splitlines()))


@blueprint.app_template_global()
def security_of(city: City) -> list[notices.Warning]:
    """What the console warns of: releases that close a hole and are not everywhere in the city."""
    return notices.warnings_of(city) if may(SEE, city) else []


@blueprint.app_template_global()
def security_versions(app: App) -> frozenset[str]:
    """For lists of releases; asked of the tables once per page."""
    known: dict[int, frozenset[str]] = g.setdefault("security_versions", {})
    if app.id not in known:
        known[app.id] = notices.security_versions(app)
    return known[app.id]


@blueprint.app_template_global()
def forks_behind(city: City) -> list[tuple[Fork, str]]:
    """Forks that were made from an older release than the newest, with that one's version. Asks no git."""
    if not may(SEE, city):
        return []
    newest = [(fork, catalog.latest_release(fork.app)) for fork in forks.forks_of(city)]
    return [
        (fork, one.version) for fork, one in newest if one and rules.concerns(fork.base_release.version, one.version)
    ]  # fmt: skip


def entered(city: str, app: str, permission: str = SEE) -> tuple[City, Fork]:
    """Raises what `enter_city` raises, NotFoundError without a fork."""
    owner = enter_city(city, permission)
    return owner, forks.fork_of(owner, app)


@blueprint.get(PAGE)
def upstream(city: str, app: str) -> str:
    """What is new, what bringing it in would do, and the acts."""
    owner, fork = entered(city, app)
    distance = distances.of(owner, fork)
    with looked(owner, fork, service.target_of(fork)) as found:
        told = news.gather(fork, found, str(get_locale())) if found.behind else None
        return render_template(
            "forge/following/upstream.html", city=owner, fork=fork, found=found, news=told, distance=distance,
            sync=service.under_way(fork), settings=service.settings_of(fork), channels=(RELEASES, MAIN),
            recipe=recipe(owner, fork, found), warnings=[one for one in security_of(owner) if one.fork.id == fork.id],
            rules=rules, may_act=may(ACT, owner) and owner.state == "admitted",
        )  # fmt: skip


@blueprint.get(f"{PAGE}/changes")
def upstream_changes(city: str, app: str) -> str:
    """Line by line what would change in the fork."""
    owner, fork = entered(city, app)
    with looked(owner, fork, service.target_of(fork)) as found:
        diff = found.diff(found.tree or found.target.commit) if found.behind else None
        return render_template("forge/following/changes.html", city=owner, fork=fork, found=found, diff=diff)


@blueprint.post(f"{PAGE}/sync")
def upstream_sync(city: str, app: str) -> Response:
    """Bring in what was looked at; with conflicts, begin to decide them."""
    seen = (request.form.get("head", "")[:64], request.form.get("target", "")[:64])
    return _begun(city, app, lambda owner, fork: service.begin(owner, fork, person().id, seen))


@blueprint.post(f"{PAGE}/discard")
def upstream_discard(city: str, app: str) -> Response:
    typed = request.form.get("confirm", "")[:80]
    return _begun(city, app, lambda owner, fork: service.discard(owner, fork, person().id, typed))


@blueprint.post(f"{PAGE}/tidy")
def upstream_tidy(city: str, app: str) -> Response:
    return _begun(city, app, lambda owner, fork: service.begin(owner, fork, person().id, act=rules.TIDY))


@blueprint.post(f"{PAGE}/settings")
def upstream_settings(city: str, app: str) -> Response:
    owner, fork = entered(city, app, ACT)
    wanted = service.Settings(request.form.get("channel", "")[:20], "auto" in request.form)
    with unit_of_work():
        service.set_settings(owner, fork, wanted)
    flash(_("Saved."), "success")
    return redirect(url_for("forge.upstream", city=city, app=app), 303)


def _begun(city: str, app: str, act: Callable[[City, Fork], Sync]) -> Response:
    owner, fork = entered(city, app, ACT)
    with unit_of_work():
        sync = act(owner, fork)
        job, decide = sync.job_id, sync.state == OPEN and sync.job_id is None
    if decide:
        return redirect(url_for("forge.upstream_decide", city=city, app=app), 303)
    return redirect(url_for("hosting.job", job_id=job), 303)


def recipe(city: City, fork: Fork, found: Preview) -> list[str]:
    """The same by hand, line by line: exact addresses, the very commit that is shown."""
    name = fork.app.slug
    what = found.target.release.tag if found.target.release else found.target.commit
    return [
        f"git clone {forks.clone_url(name, city.slug)}",
        f"cd {name}",
        f"git remote add upstream {forks.clone_url(name)}",
        "git fetch upstream --tags",
        f"git merge {what}",
        "git status",
        "git add -A",
        "git commit",
        "git push origin main",
    ]
