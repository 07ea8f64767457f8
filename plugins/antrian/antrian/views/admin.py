"""The administrator's pages: services with their week, counters."""

from datetime import time

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from lumbung_plugin import Form, database, offices, require_role, settings
from lumbung_plugin.forms import choices
from werkzeug.wrappers import Response

from antrian import filters, messages, office, store
from antrian.forms import CounterForm, PlanForm, ServiceForm
from antrian.models import Plan, Refused, Service, Slot
from antrian.settings import read

pages = Blueprint("admin", __name__, url_prefix="/admin")

Page = str | Response | tuple[str, int]


@pages.get("/layanan")
@require_role("administrator")
def services() -> str:
    """All services, with the slots of the week counted."""
    connection = database()
    rows = [(service, store.slots(connection, service.id)) for service in store.services(connection, only_active=False)]
    return render_template("antrian/services.html", rows=rows)


@pages.route("/layanan/baru", methods=["GET", "POST"])
@require_role("administrator")
def new_service() -> Page:
    """Add a service; its week comes next."""
    form = _offered(ServiceForm(minutes=10, day_quota=60))
    if not form.validate_on_submit():
        return _shown("antrian/service_new.html", form)
    try:
        service_id = office.add_service(database(), _service_values(form))
    except Refused as refused:
        return _shown("antrian/service_new.html", form, messages.sentence(refused))
    flash(gettext("The service was added. Set its opening hours now."), "good")
    return redirect(url_for("admin.service", service_id=service_id) + "#week", 303)


@pages.route("/layanan/<int:service_id>", methods=["GET", "POST"])
@require_role("administrator")
def service(service_id: int) -> Page:
    """Change a service, see its week."""
    found = _service(service_id)
    form = _offered(ServiceForm(obj=found))
    del form.code
    if not form.validate_on_submit():
        return _service_page(found, form)
    try:
        office.change_service(database(), service_id, _service_values(form))
    except Refused as refused:
        return _service_page(found, form, messages.sentence(refused))
    flash(gettext("The service was saved."), "good")
    return redirect(url_for("admin.service", service_id=service_id), 303)


@pages.post("/layanan/<int:service_id>/minggu")
@require_role("administrator")
def plan(service_id: int) -> Page:
    """Replace the slots of the chosen weekdays."""
    found = _service(service_id)
    form = _plan_form()
    if not form.validate():
        return _service_page(found, _fresh(found), plan_form=form)
    try:
        made = office.plan_week(database(), service_id, _plan(form))
    except Refused as refused:
        return _service_page(found, _fresh(found), messages.sentence(refused), form)
    flash(gettext("%(count)s slots now stand in the week. Numbers already given stay as they are.", count=made), "good")
    return redirect(url_for("admin.service", service_id=service_id) + "#week", 303)


@pages.post("/layanan/<int:service_id>/jam/<int:slot_id>")
@require_role("administrator")
def slot(service_id: int, slot_id: int) -> Response:
    """Change one slot's quota; 0 takes the slot out of the week."""
    try:
        office.change_slot(database(), service_id, slot_id, request.form.get("quota", -1, type=int))
        flash(gettext("The slot was saved."), "good")
    except Refused as refused:
        flash(messages.sentence(refused), "wrong")
    return redirect(url_for("admin.service", service_id=service_id) + "#week", 303)


@pages.route("/loket", methods=["GET", "POST"])
@require_role("administrator")
def counters() -> Page:
    """All counters, and a form for one more."""
    return _counter_page(None)


@pages.route("/loket/<int:counter_id>", methods=["GET", "POST"])
@require_role("administrator")
def counter(counter_id: int) -> Page:
    """Change one counter."""
    return _counter_page(counter_id)


def _counter_page(counter_id: int | None) -> Page:
    connection = database()
    found = store.counter(connection, counter_id) if counter_id else None
    if counter_id and found is None:
        abort(404)
    form = CounterForm(
        data={"name": found.name, "services": sorted(found.services), "active": found.active}
        if found
        else {"active": True}
    )
    known = store.services(connection, only_active=False)
    form.services.choices = choices((one.id, f"{one.code} · {filters.service_name(one)}") for one in known)
    refusal = ""
    if form.validate_on_submit():
        try:
            office.save_counter(
                connection, counter_id, form.name.data or "", form.services.data or [], bool(form.active.data)
            )
            flash(gettext("The counter was saved."), "good")
            return redirect(url_for("admin.counters"), 303)
        except Refused as refused:
            refusal = messages.sentence(refused)
    return _shown(
        "antrian/admin_counters.html",
        form,
        refusal,
        counter=found,
        counters=store.counters(connection, only_active=False),
        services={service.id: service for service in known},
    )


def _shown(template: str, form: Form, refusal: str = "", **values: object) -> Page:
    page = render_template(template, form=form, refusal=refusal, **values)
    return (page, 422) if refusal or form.errors else page


def _service_page(found: Service, form: ServiceForm, refusal: str = "", plan_form: PlanForm | None = None) -> Page:
    slots = store.slots(database(), found.id)
    week: dict[int, list[Slot]] = {}
    for offered in slots:
        week.setdefault(offered.weekday, []).append(offered)
    shown_plan = plan_form or _plan_form(fresh=True)
    page = render_template(
        "antrian/service.html", service=found, form=form, plan_form=shown_plan, week=week, refusal=refusal
    )
    return (page, 422) if refusal or form.errors or shown_plan.errors else page


def _plan_form(fresh: bool = False) -> PlanForm:
    chosen = read(settings())
    start = {
        "weekdays": list(range(5)),
        "minutes": chosen.slot_minutes,
        "quota": 10,
        "start": _time(chosen.open_from),
        "end": _time(chosen.open_until),
        "break_start": _time(chosen.break_from),
        "break_end": _time(chosen.break_until),
    }
    form = PlanForm(formdata=None, data=start, prefix="plan") if fresh else PlanForm(prefix="plan")
    form.weekdays.choices = choices((number, filters.weekday(number)) for number in range(7))
    return form


def _plan(form: PlanForm) -> Plan:
    def text(value: time | None) -> str:
        return value.strftime("%H:%M") if value else ""

    return Plan(
        tuple(form.weekdays.data or ()),
        text(form.start.data),
        text(form.end.data),
        text(form.break_start.data),
        text(form.break_end.data),
        form.minutes.data or 0,
        form.quota.data or 0,
    )


def _service(service_id: int) -> Service:
    found = store.service(database(), service_id)
    if found is None:
        abort(404)
    return found


def _service_values(form: ServiceForm) -> office.ServiceForm:
    # The letter's field is taken off the form of a service that exists.
    code = form.code.data if "code" in form else ""
    return office.ServiceForm(
        code or "",
        " ".join((form.name.data or "").split()),
        " ".join((form.name_en.data or "").split()),
        form.needs.data or "",
        form.needs_en.data or "",
        form.minutes.data or 0,
        form.day_quota.data or 0,
        bool(form.active.data),
        form.office_id.data or None,
    )


def _fresh(found: Service) -> ServiceForm:
    return _offered(ServiceForm(formdata=None, obj=found))


def _offered(form: ServiceForm) -> ServiceForm:
    known = [(row["id"], row["name"]) for row in offices.listing(database())]
    form.office_id.choices = choices([(0, gettext("None named")), *known])
    return form


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None
