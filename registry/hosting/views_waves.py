"""The maintainers' upgrades of many cities at once."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from registry.catalog.service import get_app
from registry.core.uow import unit_of_work
from registry.hosting import forms, wave_rules
from registry.hosting import waves as plans
from registry.hosting.views import blueprint
from registry.tenants import access

PROGRAMME = "/programme/waves"
ACTS = {"stop": plans.stop, "resume": plans.resume, "abort": plans.abort}


@blueprint.get(PROGRAMME)
def waves() -> str:
    access.enter_programme("programme.see")
    found = plans.all_waves()
    return render_template(
        "hosting/waves.html", waves=found, counts=plans.counts(found), apps=plans.followed_apps()
    )  # fmt: skip


@blueprint.route(f"{PROGRAMME}/new", methods=["GET", "POST"])
def new_wave() -> str | BaseResponse | tuple[str, int]:
    """Who would take part is said first; then it is started."""
    access.enter_programme("programme.manage")
    app, form = get_app(request.args.get("app", "")), forms.WaveForm()
    form.app.choices = [(app.slug, app.name)]
    if form.validate_on_submit():
        plan = plans.Plan(form.canary.data, form.size.data, form.pause_minutes.data, form.tolerated.data)
        with unit_of_work():
            wave_id = plans.start(app, plan).id
        return redirect(url_for("hosting.wave", wave_id=wave_id), 303)
    page = render_template("hosting/wave_new.html", app=app, form=form, candidates=plans.candidates(app))
    return (page, 422) if form.is_submitted() else page


@blueprint.get(f"{PROGRAMME}/<int:wave_id>")
def wave(wave_id: int) -> str | Response:
    access.enter_programme("programme.see")
    found = plans.get(wave_id)
    shown = {"wave": found, "rows": plans.members(found), "counts": plans.counts([found])[found.id],
             "may_act": wave_rules.may, "act": forms.ActForm()}  # fmt: skip
    if request.headers.get("HX-Request"):
        return render_template("hosting/wave_progress.html", **shown)
    answer = Response(render_template("hosting/wave.html", **shown))
    if not found.finished_at:
        answer.headers["Refresh"] = "15"
    return answer


@blueprint.post(f"{PROGRAMME}/<int:wave_id>/<any(stop, resume, abort):what>")
def change_wave(wave_id: int, what: str) -> BaseResponse:
    access.enter_programme("programme.manage")
    with unit_of_work():
        ACTS[what](plans.get(wave_id))
    told = {
        "stop": _("Stopped: no further city begins."),
        "resume": _("It goes on."),
        "abort": _("Ended. Cities whose turn had not come stay as they are."),
    }
    flash(told[what], "success")
    return redirect(url_for("hosting.wave", wave_id=wave_id), 303)
