"""Conflicts decided in the browser, file by file; left and come back to; looked at as a whole before the commit."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.core.errors import InvalidError, NotFoundError
from registry.core.uow import unit_of_work
from registry.forge.following import rules, service, texts
from registry.forge.following.conflicts import Conflict
from registry.forge.following.merging import Merge
from registry.forge.following.models import Sync
from registry.forge.following.preview import Preview, looked
from registry.forge.following.results import choices_of, holds, result_of
from registry.forge.following.views import ACT, PAGE, SEE, entered, recipe
from registry.forge.models import Fork
from registry.forge.views import blueprint
from registry.tenants.access import may
from registry.tenants.models import City

Page = str | Response | tuple[str, int]
DECIDE = f"{PAGE}/decide"


@blueprint.get(DECIDE)
def upstream_decide(city: str, app: str) -> Page:
    """All files that must be decided, and what was decided so far."""
    owner, fork, sync = _under_way(city, app)
    if sync is None:
        return redirect(url_for("forge.upstream", city=city, app=app), 303)
    with looked(owner, fork, service.target_of(fork)) as found:
        choices = choices_of(sync)
        held = {one.path: choices[one.path] for one in found.conflicts if holds(one, choices.get(one.path))}
        return render_template(
            "forge/following/decide.html", held=held, lost=sorted(choices.keys() - held.keys()),
            cut=bool(found.merge and found.merge.cut), recipe=recipe(owner, fork, found),
            **_told(owner, fork, sync, found),
        )  # fmt: skip


@blueprint.get(f"{DECIDE}/file")
def upstream_file(city: str, app: str) -> Page:
    """One file: what each side has, and the three ways to decide."""
    owner, fork, sync = _under_way(city, app)
    if sync is None:
        return redirect(url_for("forge.upstream", city=city, app=app), 303)
    return _file(owner, fork, sync, request.args.get("path", ""))


@blueprint.post(f"{DECIDE}/file")
def upstream_file_decided(city: str, app: str) -> Page:
    owner, fork = entered(city, app, ACT)
    sync, path = service.get_under_way(fork), request.form.get("path", "")
    side, content = request.form.get("side", "")[:20], request.form.get("content", "")
    try:
        with looked(owner, fork, service.target_of(fork)) as found, unit_of_work():
            merge, conflict = conflict_at(found, path)
            service.decide(fork, sync, conflict, side, texts.as_typed(content, texts.of(merge, conflict)))
            after = _next(found, sync, path)
    except InvalidError as refusal:
        return _file(owner, fork, sync, path, refusal.message, content), refusal.status
    flash(_("%(path)s is decided.", path=path), "success")
    if after:
        return redirect(url_for("forge.upstream_file", city=city, app=app, path=after), 303)
    return redirect(url_for("forge.upstream_decide", city=city, app=app), 303)


@blueprint.post(f"{DECIDE}/all")
def upstream_decide_all(city: str, app: str) -> Response:
    """Everything that is still open goes to one side."""
    owner, fork = entered(city, app, ACT)
    sync, side = service.get_under_way(fork), request.form.get("side", "")[:20]
    with looked(owner, fork, service.target_of(fork)) as found, unit_of_work():
        choices = choices_of(sync)
        for conflict in found.conflicts:
            if not holds(conflict, choices.get(conflict.path)):
                service.decide(fork, sync, conflict, side)
    return redirect(url_for("forge.upstream_decide", city=city, app=app), 303)


@blueprint.post(f"{DECIDE}/renew")
def upstream_renew(city: str, app: str) -> Response:
    """Go on from where both sides are now."""
    owner, fork = entered(city, app, ACT)
    with unit_of_work():
        gone = service.renew(owner, fork, service.get_under_way(fork))
    if gone:
        flash(_("To be decided again: %(files)s", files=", ".join(gone[:10])), "warning")
    else:
        flash(_("Everything you decided still holds."), "success")
    return redirect(url_for("forge.upstream_decide", city=city, app=app), 303)


@blueprint.post(f"{PAGE}/stop")
def upstream_stop(city: str, app: str) -> Response:
    owner, fork = entered(city, app, ACT)
    with unit_of_work():
        service.stop(owner, fork, service.get_under_way(fork))
    flash(_("Stopped. Your fork is as it was."), "success")
    return redirect(url_for("forge.upstream", city=city, app=app), 303)


@blueprint.get(f"{PAGE}/result")
def upstream_result(city: str, app: str) -> Page:
    """What main would become with what was decided: line by line, and looked over as before a deployment."""
    owner, fork, sync = _under_way(city, app)
    if sync is None:
        return redirect(url_for("forge.upstream", city=city, app=app), 303)
    with looked(owner, fork, service.target_of(fork)) as found:
        result = result_of(found, choices_of(sync), found.way)
        diff = found.diff(result.tree) if result.tree else None
        told = _told(owner, fork, sync, found)
        return render_template("forge/following/result.html", result=result, diff=diff, **told)


@blueprint.post(f"{PAGE}/finish")
def upstream_finish(city: str, app: str) -> Response:
    """The worker makes the commit."""
    owner, fork = entered(city, app, ACT)
    with unit_of_work():
        job = service.finish(owner, fork, service.get_under_way(fork)).id
    return redirect(url_for("hosting.job", job_id=job), 303)


def conflict_at(found: Preview, path: str) -> tuple[Merge, Conflict]:
    """Raises NotFoundError."""
    wanted = next((one for one in found.conflicts if one.path == path), None)
    if wanted is None or found.merge is None:
        raise NotFoundError(_("There is nothing to decide about %(path)s.", path=path[:200]))
    return found.merge, wanted


def _under_way(city: str, app: str) -> tuple[City, Fork, Sync | None]:
    owner, fork = entered(city, app, SEE)
    return owner, fork, service.under_way(fork)


def _file(city: City, fork: Fork, sync: Sync, path: str, refusal: str = "", typed: str = "") -> str:
    with looked(city, fork, service.target_of(fork)) as found:
        merge, conflict = conflict_at(found, path)
        choice = choices_of(sync).get(path)
        return render_template(
            "forge/following/file.html", conflict=conflict, shown=texts.of(merge, conflict), refusal=refusal,
            names=texts.names(merge, conflict), choice=choice if holds(conflict, choice) else None, typed=typed,
            **_told(city, fork, sync, found),
        )  # fmt: skip


def _next(found: Preview, sync: Sync, path: str) -> str:
    """The next file that is open, from here on and then from the beginning."""
    choices = choices_of(sync)
    still = [one.path for one in found.conflicts if not holds(one, choices.get(one.path)) and one.path != path]
    return next((one for one in still if one > path), still[0] if still else "")


def _told(city: City, fork: Fork, sync: Sync, found: Preview) -> dict[str, object]:
    return {
        "city": city, "fork": fork, "sync": sync, "found": found, "stale": service.is_stale(sync, found),
        "may_act": may(ACT, city), "rules": rules,
    }  # fmt: skip
