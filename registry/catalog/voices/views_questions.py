"""Pages on which officials ask, maintainers answer, and both change or take back what they wrote."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, render_template, request
from flask_babel import gettext as _

from registry.accounts.access import person
from registry.accounts.acting import submitted
from registry.catalog import service as catalog
from registry.catalog.voices import doors, questions, service, views
from registry.catalog.voices.doors import MODERATION
from registry.catalog.voices.forms import AnswerForm, QuestionForm
from registry.catalog.voices.models import Question
from registry.catalog.voices.views import Page, blueprint
from registry.core.db import db
from registry.tenants.access import enter_programme

ONE = "/apps/<app>/questions/<int:question_id>"
PER_PAGE = 25

blueprint.add_app_template_global(questions.is_own, "is_own_question")
blueprint.add_app_template_global(questions.visible, "visible_questions")


@blueprint.get("/programme/questions")
def waiting() -> Page:
    """For maintainers: what cities ask, those that wait first; ``state`` and ``q`` choose others."""
    enter_programme(MODERATION)
    state, words = request.args.get("state", ""), request.args.get("q", "").strip()[: questions.MAX_WORDS]
    state = state if state in questions.STATES else questions.WAITING
    found = questions.wanted(state, words)
    page = db.paginate(found, per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)
    return render_template("catalog/questions.html", page=page, state=state, words=words, title_of=views.title_of)


@blueprint.route("/apps/<app>/ask", methods=["GET", "POST"])
def ask(app: str) -> Page:
    me, found = person(), catalog.get_app(app)
    city, form = service.city_of_asker(request.args.get("city", "")), QuestionForm()
    status = submitted(form, lambda: questions.ask(found, city, me, form.text.data or ""))
    if status == 200:
        flash(_("Your question is on the app's page. The publisher's maintainers are told by mail."), "success")
        return views.back(app, "questions")
    return views.form_page("ask", found, city, form, question=None), status or 200


@blueprint.route(f"{ONE}/edit", methods=["GET", "POST"])
def edit(app: str, question_id: int) -> Page:
    """One's own, while nobody answered it."""
    found = doors.asked(app, question_id)
    form = QuestionForm(obj=found)
    status = submitted(form, lambda: questions.edit(found, form.text.data or "", form.seen or 0))
    if status == 200:
        flash(_("Your question is changed."), "success")
        return views.back(app, f"q{question_id}")
    if status == 409:
        form.see(found.version)
    return views.form_page("ask", found.app, found.city, form, question=found, late=status == 409), status or 200


@blueprint.post(f"{ONE}/<any(withdraw, restore):which>")
def withdraw_question(app: str, question_id: int, which: str) -> Page:
    """One's own; both ways, as often as wanted."""
    found = doors.asked(app, question_id)
    acts: dict[str, tuple[Callable[[Question], None], str]] = {
        "withdraw": (questions.withdraw, _("Your question is withdrawn. You can bring it back here.")),
        "restore": (questions.restore, _("Your question is on the app's page again.")),
    }
    work, told = acts[which]
    return views.act(app, f"q{question_id}", lambda: work(found), told)


@blueprint.route(f"{ONE}/answer", methods=["GET", "POST"])
def answer(app: str, question_id: int) -> Page:
    """Answer, or answer anew; who was slower keeps his words and sees what stands there now."""
    found = doors.answered(app, question_id)
    form, told = AnswerForm(obj=found), _("Answered. Who asked is told by mail.")
    if found.answered:
        told = _("The answer is changed.")
        form.answer.description = _("Everybody reads it, and that it was edited. Who asked is not written to again.")
    status = submitted(form, lambda: questions.answer(found, form.answer.data or "", form.seen or 0))
    if status == 200:
        flash(told, "success")
        return views.back(app, f"q{question_id}")
    if status == 409:
        form.see(found.version)
    shown = {"title": views.title_of(found.app), "question": found, "late": status == 409}
    return render_template("catalog/answer.html", app=found.app, form=form, **shown), status or 200


@blueprint.post(f"{ONE}/answer/withdraw")
def withdraw_answer(app: str, question_id: int) -> Page:
    found = doors.answered(app, question_id)
    told = _("The answer is withdrawn, the question waits again. Your words are kept for the next answer.")
    return views.act(app, f"q{question_id}", lambda: questions.withdraw_answer(found), told)


@blueprint.post(f"{ONE}/<any(hide, show):which>")
def moderate_question(app: str, question_id: int, which: str) -> Page:
    found = doors.answered(app, question_id)
    return views.act(app, f"q{question_id}", views.moderation(found, which), views.DONE[which]())
