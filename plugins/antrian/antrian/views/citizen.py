"""What a citizen sees: the services, taking a number, the ticket."""

import secrets
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from lumbung_plugin import addresses, clock, database, public_url, qr, settings, stuffing
from lumbung_plugin.codes import GROUP
from lumbung_plugin.forms import choices
from werkzeug.wrappers import Response

from antrian import figures, messages, rules, store, tickets
from antrian.forms import TakeForm
from antrian.models import Need, OpenDay, Refusal, Refused, Service, State, Ticket, Wish
from antrian.settings import read
from antrian.tickets import CODE_LENGTH

pages = Blueprint("citizen", __name__)


@pages.get("/")
def home() -> str:
    """The services, how full they are today, and this browser's own numbers."""
    connection, now, chosen = database(), _now(), read(settings())
    waiting = store.waiting_counts(connection, now.date().isoformat())
    services = [
        (service, tickets.day_of(connection, service, now.date(), now, chosen), waiting.get(service.id, 0))
        for service in store.services(connection)
    ]
    mine = store.visitor_tickets(connection, str(session.get("visitor", "")), now.date().isoformat())
    return render_template(
        "antrian/home.html",
        services=_by_office(services),
        chosen=chosen,
        today=now.date(),
        mine=[ticket for ticket in mine if ticket.state in (State.WAITING, State.CALLED)],
    )


@pages.route("/ambil/<int:service_id>", methods=["GET", "POST"])
def take(service_id: int) -> str | Response | tuple[str, int]:
    """Choose a day and a time, and take a number."""
    service = store.service(database(), service_id)
    if service is None:
        abort(404)
    form = TakeForm()
    stated = [need for need in Need if need is not Need.UNSTATED]
    words = [("", gettext("No priority")), *((need.value, messages.need_word(need)) for need in stated)]
    form.need.choices = choices(words)
    if request.method == "GET":
        return _take_page(service, form, addresses.day("hari"))
    day = _day(form.day.data or "")
    if not form.validate():
        return _take_page(service, form, day), 422
    try:
        taken = _take(service, form, day)
    except Refused as refused:
        return _refused_take(service, form, day, refused), 409
    flash(
        gettext("You sent the form twice; you have one number, this one.")
        if taken.repeated
        else gettext("Your number has been taken. Keep this page or save its address."),
        "info" if taken.repeated else "good",
    )
    return redirect(url_for("citizen.ticket", code=taken.ticket.code), 303)


@pages.get("/tiket/<code>")
def ticket(code: str) -> str:
    """One number: its place in the line and when it is likely to be called."""
    held = _ticket(code)
    connection, now, chosen = database(), _now(), read(settings())
    line = store.service(connection, held.line_id)
    ahead = store.dues_ahead(connection, held)
    counter = store.counter(connection, held.counter_id) if held.counter_id else None
    address = public_url("citizen.ticket", code=held.code)
    estimate = rules.estimate(
        ahead,
        held.due_at,
        int(now.timestamp()),
        line.minutes if line else 1,
        store.counters_serving(connection, held.line_id),
    )
    return render_template(
        "antrian/ticket.html",
        ticket=held,
        service=store.service(connection, held.service_id),
        line=line,
        ahead=len(ahead),
        counter=counter,
        estimate=estimate,
        address=address,
        qr=qr.svg(address, label=gettext("QR code with the address of this page")),
        nearly=rules.is_nearly(len(ahead), chosen.nearly, estimate, int(now.timestamp())),
        day=date.fromisoformat(held.day),
        today=now.date(),
        mine=bool(held.visitor) and held.visitor == session.get("visitor"),
    )


@pages.route("/tiket/<code>/batal", methods=["GET", "POST"])
def cancel(code: str) -> str | Response:
    """Ask, then give the number back."""
    held = _ticket(code)
    if request.method == "GET":
        return render_template(
            "antrian/cancel.html",
            ticket=held,
            day=date.fromisoformat(held.day),
            service=store.service(database(), held.service_id),
        )
    try:
        tickets.cancel(database(), held.code, _now())
        flash(gettext("The number was given back. Thank you: someone else can have the place."), "good")
    except Refused as refused:
        flash(messages.sentence(refused), "wrong")
    return redirect(url_for("citizen.ticket", code=held.code), 303)


@pages.get("/cari")
def find() -> str | Response:
    """From the code on a slip of paper to its page."""
    code = addresses.text("kode", 40)
    held = store.ticket_by_code(database(), code) or store.ticket_by_code(database(), _spelled(code)) if code else None
    if held is None:
        return render_template("antrian/find.html", code=code)
    return redirect(url_for("citizen.ticket", code=held.code), 303)


Offered = tuple[Service, OpenDay, int]


def _by_office(services: list[Offered]) -> list[tuple[str, list[Offered]]]:
    """Offices in the order of their first letter."""
    found: dict[str, list[Offered]] = {}
    for offered in services:
        found.setdefault(offered[0].office, []).append(offered)
    return list(found.items())


def _take(service: Service, form: TakeForm, day: date | None) -> tickets.Taken:
    if stuffing.hidden():
        raise Refused(Refusal.LOOKS_AUTOMATIC)
    if day is None:
        raise Refused(Refusal.DAY_PAST)
    wish = Wish(
        service.id,
        day,
        form.slot.data or 0,
        form.name.data or "",
        form.phone.data or "",
        form.nonce.data or "",
        _visitor(),
        form.need.data or "",
    )
    return tickets.take(database(), wish, _now(), read(settings()))


def _refused_take(service: Service, form: TakeForm, day: date | None, refused: Refused) -> str:
    field = {Refusal.NAME_LONG: form.name, Refusal.PHONE_INVALID: form.phone}.get(refused.reason)
    if field is None:
        return _take_page(service, form, day, messages.sentence(refused))
    field.errors = [*field.errors, messages.sentence(refused)]
    return _take_page(service, form, day)


def _take_page(service: Service, form: TakeForm, day: date | None, refusal: str = "") -> str:
    connection, now, chosen = database(), _now(), read(settings())
    days = tickets.open_days(connection, service, now, chosen)
    free = next((found.day for found in days if found.refusal is None), now.date())
    shown = next((found for found in days if found.day == (day or free)), None)
    # Whatever was sent before led to no number, so the shown form is a new one.
    form.nonce.data = secrets.token_urlsafe(12)
    _visitor()
    return render_template(
        "antrian/take.html",
        service=service,
        form=form,
        days=days,
        shown=shown,
        chosen=chosen,
        refusal=refusal,
        past=shown is None,
        slots=tickets.open_slots(connection, service, shown.day, now, chosen) if shown else [],
        today=now.date(),
        full=_all_refused(days),
        usual=figures.usual_waits(connection, service.id, now.date()),
    )


def _all_refused(days: list[OpenDay]) -> bool:
    return all(found.refusal is not None for found in days)


def _ticket(code: str) -> Ticket:
    held = store.ticket_by_code(database(), code) or store.ticket_by_code(database(), _spelled(code))
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


def _spelled(code: str) -> str:
    # As codes.secret_code writes it, however it was typed from paper.
    plain = "".join(letter for letter in code.upper() if letter.isalnum())[:CODE_LENGTH]
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))


def _now() -> datetime:
    return clock.local(clock.now())
