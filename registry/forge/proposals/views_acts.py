"""What people do with proposals: open, edit, say, review, decide, have the tests run."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.accounts.access import person
from registry.core.errors import ConflictError, InvalidError, RefusalError
from registry.core.uow import unit_of_work
from registry.forge import git, proving
from registry.forge.proposals import deciding, doors, remarks, rules, service, views
from registry.forge.proposals.remarks import Spot
from registry.forge.proposals.views import ONE, Page, back
from registry.forge.views import blueprint

FORM = "/console/<city>/forks/<app>/propose"


@blueprint.route(FORM, methods=["GET", "POST"])
def propose(city: str, app: str) -> Page:
    """Offer a branch of the fork to the original."""
    owner, fork, user = doors.offering(city, app)
    given = {name: request.form.get(name, "")[: rules.MAX_TEXT + 1] for name in ("title", "text", "branch")}
    refusal, status = "", 200
    if request.method == "POST":
        try:
            with unit_of_work():
                made = service.open_proposal(owner, fork, user, given["branch"], given["title"], given["text"])
                number = made.id
            flash(_("Offered. The publisher's maintainers are told by mail."), "success")
            return redirect(url_for("forge.proposal", app=app, number=number), 303)
        except (InvalidError, ConflictError) as error:
            refusal, status = error.message, error.status
        except git.GitError:
            refusal, status = _("Git could not bring this branch over: push it again, then try once more."), 409
    owner, fork, user = doors.offering(city, app)
    page = render_template(
        "forge/proposals/propose.html", city=owner, fork=fork, branches=service.branches_of(owner, fork), given=given,
        refusal=refusal, limits=rules,
    )  # fmt: skip
    return page, status


@blueprint.post(f"{ONE}/edit")
def edit_proposal(app: str, number: int) -> Page:
    """Other words, by the city."""
    found, speaker = doors.entered(app, number, rules.CITY)
    title, text = request.form.get("title", "")[: rules.MAX_TITLE + 1], request.form.get("text", "")
    try:
        with unit_of_work():
            service.edit(found, speaker, title, text[: rules.MAX_TEXT + 1])
    except InvalidError as refusal:
        return _refused(app, number, refusal)
    flash(_("Saved."), "success")
    return back(found)


@blueprint.post(f"{ONE}/say")
def say_on_proposal(app: str, number: int) -> Page:
    """A comment, on the whole or on the line ``at``, or a review."""
    found, speaker = doors.entered(app, number)
    found = service.refreshed(found)
    at, kind = request.form.get("at", ""), request.form.get("kind", rules.COMMENT)[:20]
    text, seen = request.form.get("text", "")[: rules.MAX_COMMENT + 1], request.form.get("head", "")[:64]
    try:
        with unit_of_work():
            said = remarks.say(found, speaker, kind, text, spot_of(at) if at else None, seen)
            anchor = f"r{said.id}"
    except (InvalidError, ConflictError) as refusal:
        return _refused(app, number, refusal, text=text, at=at)
    return back(found, "forge.proposal_changes" if at else "forge.proposal", anchor)


@blueprint.post(f"{ONE}/decide")
def decide_proposal(app: str, number: int) -> Page:
    """``act`` is one of `rules.ACTS`; merging names the commit that was looked at."""
    act = request.form.get("act", "")
    if act not in rules.ACTS:
        raise InvalidError(_("Choose what to do."))
    reason = request.form.get("reason", "")[: rules.MAX_REASON + 1]
    found, speaker = doors.entered(app, number)
    found = service.refreshed(found)
    try:
        if act in rules.WAYS:
            deciding.merge(found, speaker, act, request.form.get("head", "")[:64], "untested" in request.form)
            flash(_("Merged: it is in the original's main, and comes with the next release."), "success")
        else:
            with unit_of_work():
                deciding.close(found, speaker, act, reason)
    except (InvalidError, ConflictError) as refusal:
        return _refused(app, number, refusal, reason=reason)
    return redirect(url_for("forge.proposal", app=app, number=number), 303)


@blueprint.post(f"{ONE}/tests")
def run_proposal_tests(app: str, number: int) -> Page:
    """Of the merged tree, in the sandbox; for either side."""
    found, speaker = doors.entered(app, number)
    found = service.refreshed(found)
    if not found.trial:
        raise ConflictError(_("What cannot be merged is not tested."))
    with unit_of_work():
        proving.ask_commit(speaker.city, found.app, found.trial, person().id)
    return back(found, "forge.proposal_checks", "tests")


def spot_of(at: str) -> Spot:
    """Of ``side:line:path``. Raises InvalidError."""
    side, _colon, rest = at.partition(":")
    line, _colon, path = rest.partition(":")
    if side not in rules.LINE_SIDES or not (line.isascii() and line.isdigit() and len(line) < 9) or not path:
        raise InvalidError(_("This line is not in the changes any more: look at them again."))
    return Spot(path[: rules.MAX_PATH], side, int(line))


def _refused(app: str, number: int, refusal: RefusalError, **given: str) -> Page:
    """The page again, with what was written and why it was not taken."""
    found, _speaker = doors.entered(app, number)
    show = views.changes if given.get("at") else views.conversation
    given.pop("at", None)
    return show(found, refusal=refusal, given=given), refusal.status
