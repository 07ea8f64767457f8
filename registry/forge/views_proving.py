"""A bundle's own tests: a maintainer has them run before a release, everybody reads how those of a release went."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.catalog.models import Release
from registry.catalog.trust import proving as trust
from registry.catalog.trust.models import Proving
from registry.core.uow import unit_of_work
from registry.forge import candidates, proving
from registry.forge.looking import Look, look_pushed, look_repository, look_upload
from registry.forge.views import blueprint
from registry.tenants import rules
from registry.tenants.access import enter_programme, memberships
from registry.tenants.models import City

PERMISSION = "app.publish"


@blueprint.post("/programme/publish/tests")
def run_tests() -> Answer:
    """Of what was looked over: answers with the page that tells how far they are."""
    publisher = enter_programme(PERMISSION)
    look, sends = look_again(publisher, request.form.get("candidate", ""), request.form.get("app", ""),
                             request.form.get("ref", ""))  # fmt: skip
    source = {"app": sends["app"], "commit": sends["ref"]} if "ref" in sends else sends
    with unit_of_work():
        number = proving.ask(publisher, look, source, person().id).id
    return redirect(url_for("forge.show_tests", proving_id=number))


def look_again(publisher: City, candidate: str, app: str = "", ref: str = "") -> tuple[Look, dict[str, str]]:
    """What is kept as ``candidate``, or was pushed as ``ref``; and what the next step sends. Raises NotFoundError."""
    if not candidate:
        look = look_pushed(catalog.get_app(app), ref or "main")
        return look, {"app": app, "ref": look.commit}
    if kept := candidates.repository(candidate):
        return look_repository(publisher, kept, "HEAD"), {"candidate": candidate}
    with candidates.opened(candidate) as stream:
        return look_upload(publisher, stream, candidate), {"candidate": candidate}


@blueprint.get("/programme/publish/tests/<int:proving_id>")
def show_tests(proving_id: int) -> Response:
    """How far a run is, and how it went: read again by htmx, or by the page itself where scripts are off."""
    enter_programme(PERMISSION)
    found = trust.get(proving_id)
    return _page("forge/tests.html", found, back=_back(found))


@blueprint.get("/apps/<app>/releases/<version>/tests")
def show_release_tests(app: str, version: str) -> Response:
    """How a release's own tests went in the sandbox, with their log: for everybody."""
    release = catalog.get_release(catalog.get_app(app), version)
    return _page("catalog/tests.html", trust.newest(release.tree), release=release, may_run=_may_run(release))


@blueprint.post("/apps/<app>/releases/<version>/tests")
def run_release_tests(app: str, version: str) -> Answer:
    """Of a release that is out. For maintainers."""
    enter_programme(PERMISSION)
    release = catalog.get_release(catalog.get_app(app), version)
    with unit_of_work():
        proving.ask_released(release, person().id)
    return redirect(url_for("forge.show_release_tests", app=app, version=version))


def _page(template: str, found: Proving | None, **given: object) -> Response:
    result = trust.told(found) if found else None
    log = found.log if found and found.ended else ""
    answer = Response(render_template(template, result=result, log=log, proving=found, **given))
    if result and result.under_way and not request.headers.get("HX-Request"):
        answer.headers["Refresh"] = "3"
    return answer


def _back(found: Proving) -> str:
    """The checklist of what was tested; "" when it came from elsewhere (an import's own job goes on by itself)."""
    source = found.source
    if "candidate" in source:
        return url_for("forge.look", candidate=source["candidate"])
    return "" if "city" in source else url_for("forge.look", app=source.get("app"), ref=source.get("commit"))


def _may_run(release: Release) -> bool:
    """Whether the visitor may have them run, and somebody is there to do it."""
    allowed = any(one.city.publisher and rules.allows(PERMISSION, {one.role}) for one in memberships())
    return allowed and trust.host_is_there()
