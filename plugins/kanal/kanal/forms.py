"""The forms of citizens and staff."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from lumbung_plugin import Form
from lumbung_plugin.forms import strip
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from kanal import fakes, platforms
from kanal.platforms import PLATFORMS
from kanal.words import PROBLEMS, REASONS, REPORT_KINDS, WAYS

LONGEST_ANSWER = 1_000


def options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Choices from (value, words)."""
    return [SelectChoice(value, words) for value, words in pairs]


def tidy(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


class AccountForm(Form):
    """One official account."""

    office_id = SelectField(_l("Office (OPD)"), coerce=int, validators=[InputRequired()])
    platform = SelectField(
        _l("Platform"),
        validators=[InputRequired()],
        choices=options((one.code, one.name) for one in PLATFORMS.values()),
    )
    handle = StringField(
        _l("Account"), filters=[strip], validators=[InputRequired(), Length(1, 200)],
        description=_l("@name, or the address of the account."),
    )  # fmt: skip
    purpose = StringField(
        _l("What it is for"), filters=[tidy], validators=[Optional(), Length(2, 120)],
        description=_l("Such as “News and complaints of the office”."),
    )  # fmt: skip
    answerable = StringField(
        _l("Answerable (role)"), filters=[tidy], validators=[InputRequired(), Length(3, 80)],
        description=_l("A role, such as “Kasubbag Umum”: people change, the role stays. Not shown to the public."),
    )  # fmt: skip
    deputy = StringField(_l("Deputy (role)"), filters=[tidy], validators=[InputRequired(), Length(3, 80)])
    active = BooleanField(_l("In use"), default=True)

    def validate_handle(self, field: StringField) -> None:
        """In the one spelling afterwards."""
        found = platforms.handle(self.platform.data or "", field.data or "")
        if found is None:
            raise ValidationError(_("This cannot be an account of that platform. Write @name, or the full address."))
        field.data = found

    def validate_deputy(self, field: StringField) -> None:
        """Somebody else than the one answerable."""
        if (field.data or "").casefold() == (self.answerable.data or "").casefold():
            raise ValidationError(_("The deputy is another role than the one answerable."))


class VerifyForm(Form):
    """How an account was shown to be the office's own."""

    how = RadioField(_l("How was it verified?"), choices=options(WAYS.items()), validators=[InputRequired()])


class ProblemForm(Form):
    """What is wrong with an account."""

    problem = SelectField(_l("What is wrong?"), choices=options(PROBLEMS.items()), validators=[InputRequired()])


class FakeForm(Form):
    """An account that a citizen takes for fake."""

    url = StringField(
        _l("Address of the account"), filters=[strip], validators=[InputRequired(), Length(8, 200)],
        description=_l("Copy it from the app: Share, then Copy link."),
    )  # fmt: skip
    words = TextAreaField(
        _l("What does it do?"), filters=[strip], validators=[Optional(), Length(3, fakes.LONGEST)],
        description=_l("Such as “It asks for money in the name of the office”. Please no names and numbers of people."),
    )  # fmt: skip

    def validate_url(self, field: StringField) -> None:
        """An address that can be opened."""
        text = field.data or ""
        if platforms.web_address(text if "://" in text else f"https://{text}") is None or "." not in text:
            raise ValidationError(_("Write the address of the account, such as https://www.instagram.com/name."))


class JudgeForm(Form):
    """What became of a report of a fake, and why."""

    state = RadioField(
        _l("Decision"), validators=[InputRequired()],
        choices=options([
            ("confirmed", _l("It is fake: warn the public")), ("dismissed", _l("Not fake, or not clear")),
        ]),
    )  # fmt: skip
    reason = StringField(
        _l("Reason"), filters=[tidy], validators=[InputRequired(), Length(5, 200)],
        description=_l("For a fake it is public: say what it pretends and does."),
    )  # fmt: skip


class ReportForm(Form):
    """What lapor is told."""

    kind = RadioField(_l("What is it?"), choices=options(REPORT_KINDS.items()), default="complaint")
    title = StringField(_l("Title"), filters=[tidy], validators=[InputRequired(), Length(5, 100)])
    body = TextAreaField(_l("What was said"), filters=[strip], validators=[InputRequired(), Length(5, 4000)])
    kelurahan = StringField(_l("Kelurahan"), filters=[tidy], validators=[Optional(), Length(2, 60)])
    category = StringField(
        _l("Category in Lapor"), filters=[tidy], validators=[Optional(), Length(2, 60)],
        description=_l("Leave it empty when you are not sure: Lapor's operators choose it."),
    )  # fmt: skip


class AnswerForm(Form):
    """What was answered at the platform."""

    text = TextAreaField(
        _l("What was answered"), filters=[strip], validators=[InputRequired(), Length(3, LONGEST_ANSWER)]
    )


class SetAsideForm(Form):
    """Why nothing is done about a mention."""

    reason = SelectField(_l("Reason"), choices=options(REASONS.items()))


class ImportForm(Form):
    """A file with mentions."""

    file = FileField(_l("CSV file"), validators=[FileRequired(_l("Choose a file."))])
