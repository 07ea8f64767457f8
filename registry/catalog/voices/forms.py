"""Forms of declarations and questions. What a rule can refuse is left to the service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from registry.catalog.voices import rules

NEEDED = InputRequired(_l("Fill this in."))


class DeclarationForm(FlaskForm):  # type: ignore[misc]
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


class QuestionForm(FlaskForm):  # type: ignore[misc]
    text = TextAreaField(
        _l("Your question"), [NEEDED, Length(max=4 * rules.QUESTION[1])],
        description=_l("The publisher's maintainers answer here. Everybody reads question and answer."),
        render_kw={"rows": 4, "maxlength": rules.QUESTION[1]},
    )  # fmt: skip
