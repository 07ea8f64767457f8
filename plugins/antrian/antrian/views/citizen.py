"""What a citizen sees: the services, taking a number, the ticket."""

import secrets
from datetime import date

import segno
from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from lumbung_plugin import city, database, public_url, settings
from markupsafe import Markup
from werkzeug.wrappers import Response

from antrian import clock, figures, messages, rules, store, tickets
from antrian.forms import TakeForm
from antrian.models import OpenDay, Refusal, Refused, Service, State, Ticket, Wish
from antrian.settings import read

pages = Blueprint("citizen", __name__)


@pages.get("/")
def home() -> str:
    """The services, how full they are today, and this browser's own numbers."""
    connection, now, chosen = database(), clock.now(), read(settings())
    waiting = store.waiting_counts(connection, now.date().isoformat())
    services = [(service, tickets.day_of(connection, service, now.date(), now, chosen), waiting.get(service.id, 0))
                for service in store.services(connection)]
    mine = store.visitor_tickets(connection, str(session.get("visitor", "")), now.date().isoformat())
    return render_template(
        "antrian/home.html", services=services, chosen=chosen, today=now.date(),
        mine=[ticket for ticket in mine if ticket.state in (State.WAITING, State.CALLED)])


@pages.route("/ambil/<int:service_id>", methods=["GET", "POST"])
def take(service_id: int) -> str | Response | tuple[str, int]:
    """Choose a day and a time, and take a number."""
    service = store.service(database(), service_id)
    if service is None:
        abort(404)
    form = TakeForm()
    if request.method == "GET":
        return _take_page(service, form, _day(request.args.get("hari", "")))
    day = _day(form.day.data or "")
    if not form.validate():
        return _take_page(service, form, day), 422
    try:
        taken = _take(service, form, day)
    except Refused as refused:
        return _refused_take(service, form, day, refused), 409
    flash(gettext("You sent the form twice; you have one number, this one.") if taken.repeated
          else gettext("Your number has been taken. Keep this page or save its address."),
          "info" if taken.repeated else "good")
    return redirect(url_for("citizen.ticket", code=taken.ticket.code), 303)


@pages.get("/tiket/<code>")
def ticket(code: str) -> str:
    """One number: its place in the line and when it is likely to be called."""
    held = _ticket(code)
    connection, now = database(), clock.now()
    line = store.service(connection, held.line_id)
    ahead = store.dues_ahead(connection, held)
    counter = store.counter(connection, held.counter_id) if held.counter_id else None
    address = public_url("citizen.ticket", code=held.code)
    estimate = rules.estimate(ahead, held.due_at, int(now.timestamp()), line.minutes if line else 1,
                              store.counters_serving(connection, held.line_id))
    return render_template(
        "antrian/ticket.html", ticket=held, service=store.service(connection, held.service_id), line=line,
        ahead=len(ahead), counter=counter, estimate=estimate, address=address, qr=_qr(address),
        day=date.fromisoformat(held.day), today=now.date(), mine=held.visitor == session.get("visitor"))


@pages.route("/tiket/<code>/batal", methods=["GET", "POST"])
def cancel(code: str) -> str | Response:
    """Ask, then give the number back."""
    held = _ticket(code)
    if request.method == "GET":
        return render_template("antrian/cancel.html", ticket=held, day=date.fromisoformat(held.day),
                               service=store.service(database(), held.service_id))
    try:
        tickets.cancel(database(), code, clock.now())
        flash(gettext("The number was given back. Thank you: someone else can have the place."), "good")
    except Refused as refused:
        flash(messages.sentence(refused), "wrong")
    return redirect(url_for("citizen.ticket", code=code), 303)


@pages.get("/_kpi")
def kpi() -> tuple[dict[str, object], int, dict[str, str]]:
    """Today's figures for the city's command centre; counts only, nobody's data."""
    today = clock.now().date()
    values = figures.today_figures(database(), today)
    return {"plugin": "antrian", "day": today.isoformat(), "demo": city().demo, **values}, 200, {
        "Cache-Control": "no-store"}


def _take(service: Service, form: TakeForm, day: date | None) -> tickets.Taken:
    if form.website.data:
        raise Refused(Refusal.LOOKS_AUTOMATIC)
    if day is None:
        raise Refused(Refusal.DAY_PAST)
    wish = Wish(service.id, day, form.slot.data or 0, form.name.data or "", form.phone.data or "",
                form.nonce.data or "", _visitor())
    return tickets.take(database(), wish, clock.now(), read(settings()))


def _refused_take(service: Service, form: TakeForm, day: date | None, refused: Refused) -> str:
    field = {Refusal.NAME_LONG: form.name, Refusal.PHONE_INVALID: form.phone}.get(refused.reason)
    if field is None:
        return _take_page(service, form, day, messages.sentence(refused))
    field.errors = [*field.errors, messages.sentence(refused)]
    return _take_page(service, form, day)


def _take_page(service: Service, form: TakeForm, day: date | None, refusal: str = "") -> str:
    connection, now, chosen = database(), clock.now(), read(settings())
    days = tickets.open_days(connection, service, now, chosen)
    free = next((found.day for found in days if found.refusal is None), now.date())
    shown = next((found for found in days if found.day == (day or free)), None)
    # Whatever was sent before led to no number, so the shown form is a new one.
    form.nonce.data = secrets.token_urlsafe(12)
    _visitor()
    return render_template(
        "antrian/take.html", service=service, form=form, days=days, shown=shown, chosen=chosen, refusal=refusal,
        past=shown is None, slots=tickets.open_slots(connection, service, shown.day, now, chosen) if shown else [],
        today=now.date(), full=_all_refused(days))


def _all_refused(days: list[OpenDay]) -> bool:
    return all(found.refusal is not None for found in days)


def _ticket(code: str) -> Ticket:
    held = store.ticket_by_code(database(), code)
    if held is None:
        abort(404, gettext("This number is not known. Check the address, or take a new number."))
    return held


def _visitor() -> str:
    # Remembered so that people find their numbers again, and so that nobody empties the day's quota.
    if "visitor" not in session:
        session["visitor"] = secrets.token_urlsafe(12)
        session.permanent = True
    return str(session["visitor"])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _qr(address: str) -> Markup:
    drawn = segno.make(address, error="m", micro=False)
    # S704: the drawing holds only numbers that segno computed; the address is in the pattern, not the markup.
    return Markup(drawn.svg_inline(border=2, omitsize=True, dark="#172033", light="#fff"))  # noqa: S704
