"""Pages of assistance: lists, a new request, what stands on an app's page. One thread is in `…views_thread`."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from registry.accounts.access import person
from registry.accounts.acting import submitted
from registry.accounts.models import User
from registry.catalog import service as catalog
from registry.catalog.assistance import doors, knowledge, reading, rules, seams, service, words
from registry.catalog.assistance.doors import ASKS, SEE, WRITE, Door, every
from registry.catalog.assistance.forms import AskForm
from registry.catalog.assistance.models import AssistanceRequest
from registry.catalog.assistance.reading import Wanted
from registry.catalog.assistance.service import Asked
from registry.catalog.models import App
from registry.catalog.voices.views import title_of
from registry.core.clock import now
from registry.core.db import db
from registry.tenants import access
from registry.tenants import rules as policy
from registry.tenants.models import City

Page = str | Response | tuple[str, int]
PER_PAGE = 25
blueprint = Blueprint("assistance", __name__)


@blueprint.app_context_processor
def _offered() -> dict[str, object]:
    """For an app's page."""
    return {"assistance_answers": knowledge.answers_of, "asks_assistance_for": asking_cities}


@every(blueprint, "")
def overview(place: str, city: str) -> Page:
    """Those whose turn it is first; what is searched and filtered stands in the address."""
    door = doors.enter(place, city, SEE)
    asked = Wanted.of(request.args)
    found = reading.wanted(door.side, door.city, asked, person())
    page = db.paginate(found, per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)
    shown = {"page": page, "wanted": asked, "apps": _apps_asked(door)}
    if door.side == rules.HELPER:
        shown["figures"] = reading.figures(door.city)
    return render_template("assistance/list.html", door=door, city=door.city, **shown, **_words(), **_given(door))


@every(blueprint, "/new", ("GET", "POST"), (ASKS,))
def new(place: str, city: str) -> Page:
    """``?app=`` chooses the app; what the PKS promises for it is shown, and asking is possible without it too."""
    door, me, form = doors.enter(place, city, WRITE), person(), AskForm()
    apps, plugins = _apps(door.city), seams.plugins(door.city)
    form.app.choices = [("", _("Choose an app")), *((slug, name) for slug, name in apps.items())]
    named = [(one.name, f"{one.name} {one.version}") for one in plugins]
    form.plugin.choices = [("", _("none, or not in use yet")), *named]
    if not form.is_submitted() and (chosen := request.args.get("app", "")) in apps:
        form.app.data = chosen
    made: list[AssistanceRequest] = []
    status = submitted(form, lambda: made.append(_open(door, form, me)))
    if status == 200:
        flash(_("Your request is sent. You are told by mail when somebody answers."), "success")
        return redirect(door.url("one", request_id=made[0].id), 303)
    chosen = form.app.data or ""
    promise = service.promise_of(door.city, catalog.get_app(chosen)) if chosen in apps else None
    shown = {"door": door, "city": door.city, "form": form, "promise": promise}
    return render_template("assistance/new.html", **shown, **_words()), status or 200


def _open(door: Door, form: AskForm, me: User) -> AssistanceRequest:
    names = ("title", "text", "tried", "urgency", "phase", "plugin", "app_version")
    asked = Asked(**{name: getattr(form, name).data or "" for name in names})
    return service.open_request(door.city, catalog.get_app(form.app.data), me, asked, form.given())


@blueprint.get("/apps/<app>/answers")
def answers(app: str) -> Page:
    """Everything that was agreed to be kept about an app, searchable with ``q``. For everybody."""
    found, searched = catalog.get_app(app), request.args.get("q", "").strip()[: reading.MAX_WORDS]
    page = db.paginate(knowledge.answers(found, searched), per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)
    return render_template("assistance/answers.html", app=found, title=title_of(found), page=page, words=searched)


def asking_cities() -> list[City]:
    """The admitted cities for which the person who looks may ask for assistance."""
    mine = [one.city for one in access.memberships() if policy.allows("assistance.write", {one.role})]
    found = {city.id: city for city in mine if city.state == "admitted"}
    return sorted(found.values(), key=lambda city: city.name)


def back(door: Door, request_id: int, anchor: str = "") -> Response:
    return redirect(door.url("one", request_id=request_id, _anchor=anchor or None), 303)


def _apps(city: City) -> dict[str, str]:
    """Those somebody else answers for, by name."""
    rows = db.session.execute(select(App.slug, App.name).where(App.publisher_id != city.id).order_by(App.name))
    return dict(rows.tuples().all())


def _apps_asked(door: Door) -> dict[str, str]:
    """Those of this list, for its filter."""
    held = select(AssistanceRequest.app_id).where(reading.whose(door.side, door.city))
    rows = db.session.execute(select(App.slug, App.name).where(App.id.in_(held)).order_by(App.name))
    return dict(rows.tuples().all())


def _given(door: Door) -> dict[str, object]:
    """Whether a partner city's console also has requests that it answers: of a variant it publishes."""
    publishes = select(App.id).where(App.publisher_id == door.city.id).exists()
    ours = door.place == doors.PROGRAMME or not db.session.scalar(select(publishes))
    other = doors.GIVES if door.place == ASKS else ASKS
    link = "" if ours or door.city.publisher else url_for("assistance.overview", place=other, city=door.city.slug)
    return {"other_side": link}


def _words() -> dict[str, object]:
    names = ("state_name", "state_tone", "urgency_name", "phase_name", "promise_text", "act_name", "span_text")
    return {**{name: getattr(words, name) for name in names}, "rules": rules, "reading": reading, "now": now()}
