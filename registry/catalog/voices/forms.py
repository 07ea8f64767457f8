"""Forms of declarations, questions and answers. What a rule can refuse is left to the service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from registry.catalog.voices import rules

NEEDED = InputRequired(_l("Fill this in."))


class _SeenForm(FlaskForm):  # type: ignore[misc]
    """``version`` is what the person saw; without one nothing stood there."""

    version = IntegerField(widget=HiddenInput(), default=0, validators=[Optional(), NumberRange(0, 2**31)])

    @property
    def seen(self) -> int:
        return int(self.version.data or 0)

    def see(self, version: int) -> None:
        """Who was slower is shown what stands there now, and goes on from that."""
        self.version.raw_data, self.version.data = None, version


class DeclarationForm(_SeenForm):
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


class QuestionForm(_SeenForm):
    text = TextAreaField(
        _l("Your question"), [NEEDED, Length(max=4 * rules.QUESTION[1])],
        description=_l("The publisher's maintainers answer here. Everybody reads question and answer."),
        render_kw={"rows": 4, "maxlength": rules.QUESTION[1]},
    )  # fmt: skip


class AnswerForm(_SeenForm):
    answer = TextAreaField(
        _l("The answer"), [NEEDED, Length(max=4 * rules.ANSWER[1])],
        description=_l("Everybody reads it, and who asked gets it by mail."),
        render_kw={"rows": 5, "maxlength": rules.ANSWER[1]},
    )  # fmt: skip
