"""Forms of declarations, questions and answers. What a rule can refuse is left to the service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from registry.accounts.forms import NEEDED
from registry.catalog.voices import rules
from registry.tenants.forms import SeenForm


class DeclarationForm(SeenForm):
    use_case = TextAreaField(
        _l("What your city uses it for"), [NEEDED, Length(max=4 * rules.USE_CASE[1])],
        description=_l("Which offices, for which work, how many people. No names of persons: everybody reads it."),
        render_kw={"rows": 4, "maxlength": rules.USE_CASE[1]},
    )  # fmt: skip
    since = DateField(_l("Since when"), [Optional()])
    instance_url = StringField(
        _l("Address of your instance"), [Length(max=2 * rules.MAX_URL)],
        description=_l("Begins with https://. Only when the public may see it."),
        render_kw={"inputmode": "url", "maxlength": rules.MAX_URL, "placeholder": "https://"},
    )  # fmt: skip
    experience = TextAreaField(
        _l("Your experience"), [Length(max=4 * rules.EXPERIENCE[1])],
        description=_l("What went well, what was hard, what you would tell the next city."),
        render_kw={"rows": 6, "maxlength": rules.EXPERIENCE[1]},
    )  # fmt: skip


class QuestionForm(SeenForm):
    text = TextAreaField(
        _l("Your question"), [NEEDED, Length(max=4 * rules.QUESTION[1])],
        description=_l("The publisher's maintainers answer here. Everybody reads question and answer."),
        render_kw={"rows": 4, "maxlength": rules.QUESTION[1]},
    )  # fmt: skip


class AnswerForm(SeenForm):
    answer = TextAreaField(
        _l("The answer"), [NEEDED, Length(max=4 * rules.ANSWER[1])],
        description=_l("Everybody reads it, and who asked gets it by mail."),
        render_kw={"rows": 5, "maxlength": rules.ANSWER[1]},
    )  # fmt: skip
