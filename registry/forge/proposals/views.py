"""Pages of proposals, for everybody: lists of an app, of a city and of who decides; one with its four tabs."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from registry.catalog import service as catalog
from registry.catalog.markdown import render
from registry.catalog.models import App
from registry.catalog.trust import proving as trust
from registry.core.db import db
from registry.forge import storage
from registry.forge.browsing.patches import FileDiff, Line
from registry.forge.browsing.places import Place, enter
from registry.forge.proposals import doors, looks, reading, remarks, rules, service, words
from registry.forge.proposals.models import Proposal, Remark
from registry.forge.service import forks_of
from registry.forge.views import blueprint
from registry.tenants.access import enter_city, enter_programme, may

LIST = "/apps/<app>/proposals"
ONE = f"{LIST}/<int:number>"
PER_PAGE = 25
Page = str | Answer | tuple[str, int]


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {"markdown": render, "proposal_state": words.state_name, "fit_text": words.fit_text,
            "remark_kind": words.kind_text}  # fmt: skip


@blueprint.app_template_global()
def proposal_credits(app: App) -> list[reading.Credit]:
    """Cities that improved an app, for its page."""
    return reading.credits_of(app)


@blueprint.get(LIST)
def proposals_of(app: str) -> str:
    """What cities offered to an app; ``state`` and ``q`` choose."""
    found = catalog.get_app(app)
    state, words_ = _asked(reading.LISTS, rules.OPEN)
    page = _paged(reading.wanted(state, words_, app=found))
    return render_template(
        "forge/proposals/list.html", app=found, place=_place(app), page=page, state=state, words=words_,
        counts=reading.counts(found),
    )  # fmt: skip


@blueprint.get("/console/<city>/proposals")
def city_proposals(city: str) -> str:
    """What a city offered, to whichever app."""
    entered = enter_city(city, "city.see")
    state, words_ = _asked(reading.LISTS, reading.ALL)
    page = _paged(reading.wanted(state, words_, city=entered))
    return render_template(
        "forge/proposals/city.html", city=entered, page=page, state=state, words=words_, forks=forks_of(entered),
        may_offer=may(doors.OFFER, entered),
    )  # fmt: skip


@blueprint.get("/programme/proposals")
def proposals_queue() -> str:
    """For maintainers: what is open, those that wait for them first."""
    enter_programme(doors.DECIDE)
    state, words_ = _asked(reading.QUEUE, reading.WAITING)
    page = _paged(reading.queue(state, words_))
    return render_template("forge/proposals/queue.html", page=page, state=state, words=words_)


@blueprint.get(ONE)
def proposal(app: str, number: int) -> str:
    """What was said, and what may be done."""
    return conversation(_found(app, number))


def conversation(found: Proposal, **told: Any) -> str:
    """The first tab; ``told`` may hold what somebody wrote and why it was refused."""
    said = reading.remarks_of(found)
    fresh, against, stale = rules.standing(reading.spoken(said), found.head)
    tests = looks.tests(found) if found.is_open else None
    return _page("conversation", found, remarks=said, fresh=fresh, against=against, stale=stale, tests=tests,
                 current=_current(found, said), **told)  # fmt: skip


@blueprint.get(f"{ONE}/commits")
def proposal_commits(app: str, number: int) -> str:
    found = _found(app, number)
    return _page("commits", found, commits=looks.commits(found))


@blueprint.get(f"{ONE}/changes")
def proposal_changes(app: str, number: int) -> str:
    """Line by line; ``at`` (side:line:path) is the line somebody wants to say something about."""
    return changes(_found(app, number))


def changes(found: Proposal, **told: Any) -> str:
    said: dict[tuple[str, str, int], list[Remark]] = {}
    for one in reading.remarks_of(found):
        if one.path:
            said.setdefault((one.path, one.line_side, one.line or 0), []).append(one)
    diff = remarks.changes(found)
    known = remarks.known_lines(diff)
    at = request.values.get("at", "")[: rules.MAX_PATH + 20]

    def key(file: FileDiff, line: Line) -> tuple[str, str, int]:
        side, number = (rules.OLD, line.old) if line.new is None else (rules.NEW, line.new)
        return file.path, side, number or 0

    def said_at(file: FileDiff, line: Line) -> list[Remark]:
        return [one for one in said.get(key(file, line), ()) if remarks.is_current(one, known)]

    def line_url(file: FileDiff, line: Line) -> str:
        path, side, number = key(file, line)
        return url_for("forge.proposal_changes", app=found.app.slug, number=found.id, at=f"{side}:{number}:{path}",
                       _anchor="say")  # fmt: skip

    def is_asked(file: FileDiff, line: Line) -> bool:
        path, side, number = key(file, line)
        return at == f"{side}:{number}:{path}"

    return _page("changes", found, diff=diff, said_at=said_at, is_asked=is_asked, at=at,
                 line_url=line_url if doors.side_of(found) else None, **told)  # fmt: skip


@blueprint.get(f"{ONE}/checks")
def proposal_checks(app: str, number: int) -> Response:
    """What the inspection and the checklist say of the merged tree, and how its own tests went."""
    found = _found(app, number)
    look = looks.look(found)
    run = trust.newest(look.content.tree) if look and look.content else None
    result = trust.told(run) if run else None
    answer = Response(_page("checks", found, look=look, result=result, log=run.log if run and run.ended else "",
                            may_run=bool(doors.side_of(found)) and trust.host_is_there()))  # fmt: skip
    if result and result.under_way and not request.headers.get("HX-Request"):
        answer.headers["Refresh"] = "3"
    return answer


def back(found: Proposal, endpoint: str = "forge.proposal", anchor: str | None = None) -> Answer:
    return redirect(url_for(endpoint, app=found.app.slug, number=found.id, _anchor=anchor), 303)


def _found(app: str, number: int) -> Proposal:
    return service.refreshed(reading.get(catalog.get_app(app), number))


def _page(template: str, found: Proposal, **told: Any) -> str:
    side = doors.side_of(found)
    return render_template(
        f"forge/proposals/{template}.html", app=found.app, place=_place(found.app.slug), proposal=found, side=side,
        limits=rules, recipe=_recipe(found), **told,
    )  # fmt: skip


def _recipe(found: Proposal) -> list[str]:
    """To try it: the very commit that is shown, by its id (git's protocol 2 answers to that)."""
    address = f"{storage.settings().origin}/git/{found.app.slug}.git"
    return [f"git fetch {address} {found.trial or found.head}", "git checkout FETCH_HEAD"] if found.head else []


def _current(found: Proposal, said: list[Remark]) -> frozenset[int]:
    """Ids of remarks about a line that still stands."""
    if not any(one.path for one in said):
        return frozenset()
    known = remarks.known_lines(remarks.changes(found))
    return frozenset(one.id for one in said if one.path and remarks.is_current(one, known))


def _place(app: str) -> Place:
    return enter(app, "")


def _asked(known: tuple[str, ...], otherwise: str) -> tuple[str, str]:
    state = request.args.get("state", "")
    return (state if state in known else otherwise), request.args.get("q", "").strip()[: reading.MAX_WORDS]


def _paged(wanted: Any) -> Any:
    return db.paginate(wanted, per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)


def title_of(code: str) -> str:
    """What a list is called."""
    return {
        rules.OPEN: _("Being discussed"), rules.MERGED: _("Merged"), reading.CLOSED: _("Not taken"),
        reading.ALL: _("All"), reading.WAITING: _("Waiting for you"), rules.CITY: _("Waiting for the city"),
    }[code]  # fmt: skip


blueprint.add_app_template_global(title_of, "proposal_list_title")
