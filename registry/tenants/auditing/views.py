"""The audit log of a city and of the programme: read, looked through, taken along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from registry.core import scope
from registry.core.db import db
from registry.core.errors import Finding, InvalidError
from registry.core.tables import BOM, download, row
from registry.tenants import access, acts, words
from registry.tenants.auditing import service
from registry.tenants.auditing.service import Wanted
from registry.tenants.models import City

blueprint = Blueprint("auditing", __name__)

Page = str | Response
PER_PAGE, MAX_WORDS = 40, 80
OF_CITY, OF_PROGRAMME = "/console/<city>/audit", "/programme/audit"
COLUMNS = ("number", "at", "actor", "action", "subject", "detail")


@blueprint.get(OF_CITY)
def log(city: str) -> Page:
    """Who did what, newest first; ``q`` looks in person, act and subject, ``from`` and ``to`` are days."""
    return _page(access.enter_city(city, "audit.read"))


@blueprint.get(OF_PROGRAMME)
def programme_log() -> Page:
    """What concerns no single city: people, apps, releases, the programme."""
    access.enter_programme("programme.see")
    return _page(None)


@blueprint.get(f"{OF_CITY}.<any(csv, jsonl):form>")
def export(city: str, form: str) -> Page:
    """All of it: a table to read, or the lines with their chain, to verify."""
    found = access.enter_city(city, "audit.read")
    return _export(found.id, found.slug, form)


@blueprint.get(f"{OF_PROGRAMME}.<any(csv, jsonl):form>")
def programme_export(form: str) -> Page:
    access.enter_programme("programme.see")
    return _export(None, "programme", form)


def _page(city: City | None) -> str:
    tenant, zone = (city.id, city.timezone) if city else (None, "Asia/Jakarta")
    wanted = _wanted()
    page = db.paginate(service.entries(tenant, wanted, zone), per_page=PER_PAGE, max_per_page=PER_PAGE)
    return render_template(
        "auditing/log.html" if city else "auditing/programme.html", city=city, page=page, wanted=wanted, zone=zone,
        head=service.head(tenant), late=service.late(tenant), check=service.last_check(),
        act_text=acts.act_text, detail_text=words.detail_text,
    )  # fmt: skip


def _wanted() -> Wanted:
    words_given = request.args.get("q", "").strip()[:MAX_WORDS]
    return Wanted(words_given, _day("from"), _day("to"))


def _day(name: str) -> date | None:
    given = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        message = _("Write a day as year-month-day: 2026-11-23.")
        raise InvalidError(message, [Finding(name, message)]) from None


def _export(tenant: int | None, name: str, form: str) -> Response:
    if form == "csv":
        return download(_table(tenant), f"audit-{name}.csv")
    return download(_lines(tenant), f"audit-{name}.jsonl", "application/jsonl")


def _lines(tenant: int | None) -> Iterator[str]:
    _enter(tenant)
    yield from (f"{line}\n" for line in service.lines(tenant))


def _table(tenant: int | None) -> Iterator[str]:
    """In the order of the chain; what is not tied yet is on the page only."""
    _enter(tenant)
    yield BOM + row(COLUMNS)
    for line in service.numbered(tenant):
        told = (line.number, line.at.isoformat(), line.actor, acts.act_text(line.action), line.subject)
        yield row([*told, words.detail_text(line.detail)])


def _enter(tenant: int | None) -> None:
    """An answer that is streamed has a session of its own, as the one of the request has ended by then."""
    if tenant is None:
        scope.enter_programme()
    else:
        scope.enter_city(tenant)
