"""Pages on which a city asks to publish its fork as a variant, and maintainers decide."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.accounts.access import person
from registry.core.errors import AgreementNeededError, ConflictError, ForbiddenError, InvalidError, RefusalError
from registry.core.uow import unit_of_work
from registry.forge.proposals import doors, rules, variants
from registry.forge.proposals.doors import Speaker
from registry.forge.proposals.views import Page
from registry.forge.views import blueprint
from registry.tenants.access import enter_programme


@blueprint.route("/console/<city>/forks/<app>/variant", methods=["GET", "POST"])
def ask_variant(city: str, app: str) -> Page:
    """The fork as an app of its own, beside the original."""
    owner, fork, user = doors.offering(city, app)
    given = {name: request.form.get(name, "")[: rules.MAX_WHY + 1] for name in ("name", "slug", "why")}
    refusal: RefusalError | None = None
    if request.method == "POST":
        try:
            with unit_of_work():
                variants.ask(owner, fork, user, given["name"], given["slug"].strip(), given["why"])
            flash(_("Asked. A maintainer of the programme decides."), "success")
            return redirect(url_for("forge.ask_variant", city=city, app=app), 303)
        except (InvalidError, ConflictError, AgreementNeededError, ForbiddenError) as error:
            refusal = error
    owner, fork, user = doors.offering(city, app)
    page = render_template(
        "forge/proposals/variant.html", city=owner, fork=fork, given=given, refusal=refusal, limits=rules,
        asked=variants.requests(owner, fork.app),
    )  # fmt: skip
    return page, refusal.status if refusal else 200


@blueprint.get("/programme/variants")
def variant_requests() -> Page:
    """For maintainers: what cities ask to publish."""
    enter_programme(doors.DECIDE)
    return _queue()


@blueprint.post("/programme/variants/<int:number>/decide")
def decide_variant(number: int) -> Page:
    """Publish it, or say why not."""
    publisher = enter_programme(doors.DECIDE)
    speaker = Speaker(rules.PUBLISHER, publisher, person())
    act, reason, job = request.form.get("act", ""), request.form.get("reason", "")[: rules.MAX_REASON + 1], None
    try:
        with unit_of_work():
            asked = variants.get(number)
            if act == "approve":
                job = variants.begin(asked, speaker).id
            else:
                variants.decline(asked, speaker, reason)
    except (InvalidError, ConflictError, AgreementNeededError, ForbiddenError) as refusal:
        enter_programme(doors.DECIDE)
        return _queue(refusal), refusal.status
    if job is not None:
        return redirect(url_for("hosting.job", job_id=job), 303)
    flash(_("Declined."), "success")
    return redirect(url_for("forge.variant_requests"), 303)


def _queue(refusal: RefusalError | None = None) -> str:
    return render_template("forge/proposals/variants.html", asked=variants.requests(), refusal=refusal, limits=rules,
                           job_of=variants.job_of)  # fmt: skip
