"""The forms of citizens and staff."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from lumbung_plugin import Form, today
from lumbung_plugin.forms import strip
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from penilaian.comments import LONGEST, LONGEST_ANSWER, LONGEST_REASON
from penilaian.elements import ELEMENTS
from penilaian.plans import LONGEST_ACTION
from penilaian.rules import Kind
from penilaian.words import FIELDS, HIDING_REASONS, KINDS, PROFILE, said

MOST_TOKENS = 60


def options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Choices from (value, words)."""
    return [SelectChoice(value, words) for value, words in pairs]


def tidy(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


class WordsForm(Form):
    """A few words after a rating."""

    text = TextAreaField(
        _l("Your words"), filters=[strip],
        validators=[InputRequired(), Length(3, LONGEST)],
    )  # fmt: skip


class WithdrawForm(Form):
    """Number and code, as they were shown once."""

    number = StringField(_l("Number"), validators=[InputRequired(), Length(5, 20)])
    code = StringField(_l("Code"), validators=[InputRequired(), Length(6, 20)])


class FindForm(Form):
    """The code printed on a poster."""

    code = StringField(_l("Code on the poster"), filters=[strip], validators=[InputRequired(), Length(4, 12)])


class TokenForm(Form):
    """The code on a slip."""

    token = StringField(_l("Code on your slip"), filters=[strip], validators=[InputRequired(), Length(6, 20)])


class SurveyForm(Form):
    """Nine questions, four things about the respondent, a few words; `Survey()` speaks the page's language."""

    age = SelectField(FIELDS["age"], validators=[Optional()])
    sex = SelectField(FIELDS["sex"], validators=[Optional()])
    education = SelectField(FIELDS["education"], validators=[Optional()])
    occupation = SelectField(FIELDS["occupation"], validators=[Optional()])
    text = TextAreaField(_l("Something to add?"), filters=[strip], validators=[Optional(), Length(3, LONGEST)])

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        for one in ELEMENTS:
            field = self[one.code.lower()]
            field.label.text = said(one.question)
            field.choices = options(enumerate(said(one.answers), 1))
        for name, values in PROFILE.items():
            self[name].choices = options([("", _("rather not say")), *values.items()])

    @property
    def answers(self) -> list[int]:
        """U1 to U9."""
        return [self[one.code.lower()].data for one in ELEMENTS]

    @property
    def profile(self) -> dict[str, str]:
        """What the respondent chose to tell."""
        return {name: self[name].data for name in PROFILE if self[name].data}


for _element in ELEMENTS:
    setattr(SurveyForm, _element.code.lower(),
            RadioField("", coerce=int, validators=[InputRequired(_l("Choose one of the four answers."))]))  # fmt: skip


class TargetForm(Form):
    """Something to be rated."""

    office_id = SelectField(_l("Office (OPD)"), coerce=int, validators=[InputRequired()])
    kind = RadioField(_l("What is rated"), choices=options(KINDS.items()), default=Kind.SERVICE)
    name = StringField(
        _l("Name, or the role of an official"), filters=[tidy], validators=[InputRequired(), Length(2, 80)],
        description=_l("For an official write the role, such as “Petugas loket”, never a person's name."),
    )  # fmt: skip
    name_en = StringField(_l("Name in English"), filters=[tidy], validators=[Optional(), Length(2, 80)])
    number = StringField(
        _l("Number of the official"), filters=[tidy], validators=[Length(max=12)],
        description=_l("The number on the badge or the desk."),
    )  # fmt: skip
    place = StringField(
        _l("Place"), filters=[tidy], validators=[Optional(), Length(2, 80)],
        description=_l("Such as “Loket 3, lantai 1”; it stands on the poster."),
    )  # fmt: skip
    survey = BooleanField(_l("Offer the survey with nine elements"), default=True)
    token_only = BooleanField(
        _l("Only with a visit code"),
        description=_l("Staff give out slips with a code that is good for one rating and one survey."),
    )  # fmt: skip
    active = BooleanField(_l("Open for ratings"), default=True)

    def validate_number(self, field: StringField) -> None:
        """An official has a number, nothing else has."""
        if self.kind.data == Kind.OFFICIAL and not field.data:
            raise ValidationError(_("Write the number on the badge or the desk: officials are not rated by name."))
        if self.kind.data == Kind.OFFICIAL and not any(letter.isdigit() for letter in field.data):
            raise ValidationError(_("A number has a digit, such as 7 or A-12."))


class HideForm(Form):
    """Why a comment is not shown."""

    reason = SelectField(_l("Reason"), choices=options(HIDING_REASONS.items()))


class AnswerForm(Form):
    """The office's answer."""

    text = TextAreaField(
        _l("Answer of the office"), filters=[strip], validators=[InputRequired(), Length(3, LONGEST_ANSWER)]
    )


class JudgeForm(Form):
    """What becomes of a burst, and why: the reason is public."""

    state = RadioField(
        _l("Decision"), validators=[InputRequired()],
        choices=options([("excluded", _l("Leave them out")), ("counted", _l("Count them after all"))]),
    )  # fmt: skip
    reason = StringField(
        _l("Reason"), filters=[tidy], validators=[InputRequired(), Length(5, LONGEST_REASON)],
        description=_l("Everybody reads it beside the results."),
    )  # fmt: skip


class TokensForm(Form):
    """How many visit codes to make."""

    number = IntegerField(_l("How many codes"), default=24, validators=[InputRequired(), NumberRange(1, MOST_TOKENS)])


class PlanForm(Form):
    """What an office will do about an element, and until when."""

    office_id = SelectField(_l("Office (OPD)"), coerce=int, validators=[InputRequired()])
    element = SelectField(_l("Element"), validators=[InputRequired()])
    action = StringField(
        _l("What will be done"), filters=[tidy], validators=[InputRequired(), Length(5, LONGEST_ACTION)],
        description=_l("One thing that can be seen, such as “A second counter opens at noon”."),
    )  # fmt: skip
    due = DateField(_l("Until"), validators=[InputRequired()])

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.element.choices = options((one.code, f"{one.code} · {said(one.name)}") for one in ELEMENTS)

    def validate_due(self, field: DateField) -> None:
        """Within the next two years."""
        if not today() <= field.data <= today() + timedelta(days=730):
            raise ValidationError(_("Choose a day from today up to two years ahead."))
