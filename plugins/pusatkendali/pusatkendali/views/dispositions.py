"""Dispositions: the leader's office gives and judges, an office answers its own."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, attachments, clock, database, offices, require_role, settings, tables, workdays
from lumbung_plugin.attachments import AttachmentRefusal
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from pusatkendali import alerts, dispositions, files, rules
from pusatkendali.forms import OrderForm, form_for
from pusatkendali.models import Act, Order, Part, Refusal, State, Told
from pusatkendali.shown import label
from pusatkendali.views.marks import me, words_of
from pusatkendali.words import DONE, REFUSALS, STATES

pages = Blueprint("dispositions", __name__, url_prefix="/kerja/disposisi")

View = str | Response | tuple[str, int]
PATHS = {
    "mulai": Act.START,
    "catatan": Act.NOTE,
    "tindak-lanjut": Act.REPORT,
    "bagian": Act.PART,
    "terima": Act.ACCEPT,
    "kembalikan": Act.RETURN,
    "tenggat": Act.EXTEND,
    "tarik": Act.WITHDRAW,
}
PATH_OF = {act: path for path, act in PATHS.items()}
# What usually comes next is shown unfolded.
NEXT_STEP = {State.GIVEN: Act.START, State.WORKING: Act.REPORT, State.RETURNED: Act.REPORT, State.REPORTED: Act.ACCEPT}


@pages.get("")
@require_role("operator")
def listing() -> str:
    """The register: all of it for the leader's office, one's own for an office."""
    db, actor = database(), me()
    tab = addresses.choice("tab", files.TABS) or "open"
    office_id = addresses.number("opd") if actor.leader else actor.office_id or 0
    skip, q = min(addresses.number(addresses.AFTER) or 0, 100_000), addresses.text("q")
    rows, following = files.page(db, tab, office_id, q, skip)
    previous = max(skip - files.PAGE, 0) if skip else None
    around = addresses.page_links(after=following)
    if previous is not None:
        around["previous"] = addresses.page_links(after=previous)["next"]
    return render_template(
        "pusatkendali/dispositions.html",
        rows=rows,
        tab=tab,
        q=q,
        office_id=office_id,
        counts=files.counts(db, office_id),
        around=around,
        offices=offices.all(db, also_closed=True) if actor.leader else [],
        nobody=words_of(actor),
        today=clock.today(),
    )


@pages.get("/baru")
@require_role("administrator")
def new() -> str:
    return _new_page(_order_form(fresh=True))


@pages.post("/baru")
@require_role("administrator")
def give() -> View:
    form = _order_form()
    if not form.validate_on_submit():
        return _new_page(form), 422
    order = Order(
        form.title.data,
        form.instruction.data,
        form.office_id.data,
        form.days.data,
        bool(form.urgent.data),
        addresses.number("peringatan"),
        tuple(form.partners.data or ()),
    )
    given = dispositions.give(database(), order, me())
    if isinstance(given, Refusal):
        form.office_id.errors = [str(REFUSALS[given])]
        return _new_page(form), 422
    flash(_("Given. The office sees it at once."), "good")
    return redirect(url_for(".show", number=given))


@pages.get("/disposisi.csv")
@require_role("administrator")
def export() -> Response:
    """The whole register, one line a disposition."""
    headings = [
        _("Number"),
        _("Matter"),
        _("Office (OPD)"),
        _("Partners"),
        _("State"),
        _("Given"),
        _("Due"),
        _("Reported"),
        _("Closed"),
    ]
    return tables.csv_response(f"disposisi-{clock.today()}", headings, _lines())


@pages.get("/<number>")
@require_role("operator")
def show(number: str) -> str:
    return _page(_found(number))


@pages.post("/<number>/<path>")
@require_role("operator")
def act(number: str, path: str) -> View:
    """One step; the form belongs to the step."""
    what = PATHS.get(path)
    if what is None:
        abort(404)
    row, form = _found(number), form_for(what)
    if not form.validate_on_submit():
        return _page(row, wrong=(what, form)), 422
    told = _told(form)
    if isinstance(told, AttachmentRefusal):
        form.file.errors = [attachments.words(told, form.file.data.filename)]
        return _page(row, wrong=(what, form)), 422
    refusal = dispositions.act(database(), number, what, me(), told)
    if refusal and told.file:
        attachments.discard([told.file])
    flash(str(REFUSALS[refusal] if refusal else DONE[what]), "warn" if refusal else "good")
    return redirect(url_for(".show", number=number))


@pages.get("/<number>/berkas/<int:step_id>")
@require_role("operator")
def file(number: str, step_id: int) -> Response:
    """A file handed in with a step, for who may see the disposition."""
    row = _found(number)
    step = next((one for one in files.steps(database(), row["id"]) if one["id"] == step_id and one["file"]), None)
    if step is None:
        abort(404)
    return attachments.send(step["file"], step["file_title"])


def _found(number: str) -> sqlite3.Row:
    row = files.one(database(), number)
    if row is None:
        abort(404, _("There is no disposition with this number."))
    if not dispositions.may_see(database(), row, me()):
        abort(403, _("This disposition was given to another office."))
    return row


def _page(row: sqlite3.Row, wrong: tuple[Act, Any] | None = None) -> str:
    db, actor = database(), me()
    state = State(row["state"])
    acts = dispositions.possible(db, row, actor)
    forms = {one: form_for(one, fresh=True) for one in acts} | ({wrong[0]: wrong[1]} if wrong else {})
    return render_template(
        "pusatkendali/disposition.html",
        row=row,
        alert=alerts.one(db, row["alert_id"]) if row["alert_id"] else None,
        steps=files.steps(db, row["id"]),
        duties=files.duties(db, row["id"]),
        acts=acts,
        forms=forms,
        paths=PATH_OF,
        opened=wrong[0] if wrong else Act.PART if Act.PART in acts else NEXT_STEP.get(state),
        late=rules.is_overdue(state, _due(row), clock.today()),
        left=workdays.working_days(clock.today(), _due(row)),
    )


def _due(row: sqlite3.Row) -> Any:
    return clock.today().fromisoformat(row["due"])


def _told(form: Any) -> Told | AttachmentRefusal:
    """What a form carries; a file is stored by then."""
    due = workdays.add_working_days(clock.today(), form.days.data) if "days" in form else None
    sent = form.file.data if "file" in form else None
    if not sent or not sent.filename:
        return Told(form.text.data or "", due=due)
    kept = attachments.keep(sent)
    if isinstance(kept, AttachmentRefusal):
        return kept
    return Told(form.text.data or "", kept.name, kept.title, due)


def _order_form(fresh: bool = False) -> OrderForm:
    """An empty form; from an alert, with what is known of it."""
    start: dict[str, object] = {"days": settings().get("due_days", 5)}
    alert = _alert() if fresh else None
    if alert:
        start |= {"title": label(alert)[:120], "instruction": alert["note"]}
    form = OrderForm(data=start, **({"formdata": None} if fresh else {}))
    listed = [SelectChoice(row["id"], row["name"]) for row in offices.listing(database())]
    form.office_id.choices = [SelectChoice("", _("Choose …")), *listed]
    form.partners.choices = listed
    return form


def _new_page(form: OrderForm) -> str:
    return render_template("pusatkendali/disposition_new.html", form=form, alert=_alert(), asked=request.full_path)


def _alert() -> sqlite3.Row | None:
    number = addresses.number("peringatan")
    return alerts.one(database(), number) if number else None


def _lines() -> Iterator[tuple[object, ...]]:
    """Asked while it is sent: the request's own connection is closed by then."""
    for row in files.everything(database()):
        state = str(STATES[State(row["state"])])
        others = [one["office"] for one in files.duties(database(), row["id"]) if one["part"] == Part.PARTNER]
        yield (row["number"], row["title"], row["office"], "; ".join(others), state, row["given_at"], row["due"],
               row["reported_at"], row["closed_at"])  # fmt: skip
