"""The forms of staff. Every input is bounded."""

import math
import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from lumbung_plugin import Form
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from pusatkendali.models import Act, Side, Theme
from pusatkendali.words import SIDES, THEMES

LARGEST = 1e15
LONG = 2_000
MOST_PARTNERS = 10
ADDRESS = r"[^@\s<>,;]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"


def _trimmed(text: str | None) -> str | None:
    return text.strip() if text else text


class AmountField(StringField):
    """A number as people write it in either language: `1500`, `1.500`, `1.500,5`, `0.5`."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0].strip()[:40] if valuelist else ""
        self.data = number(self.typed)
        if self.typed and self.data is None:
            raise ValueError(_("Write a number, such as 1500 or 12,5."))

    def _value(self) -> str:
        typed = getattr(self, "typed", "")
        return typed or ("" if self.data is None else f"{self.data:.15g}".replace(".", ","))


def number(text: str) -> float | None:
    """A number from its text; dots before three digits are thousands. None when it is none, or beyond 10¹⁵."""
    plain = text.replace(" ", "").replace("\u00a0", "")
    if "," in plain or re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{3})+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,16}(\.[0-9]{1,6})?", plain):
        return None
    value = float(plain)
    return value if math.isfinite(value) and abs(value) <= LARGEST else None


class ChecksField(SelectMultipleField):
    """Several of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ThresholdForm(Form):
    """When a figure raises an alert."""

    side = SelectField(_l("Alert when the figure is"), choices=[SelectChoice(side.value, SIDES[side]) for side in Side])
    bound = AmountField(_l("this value"), validators=[InputRequired()])
    clear = AmountField(
        _l("Over when it is back at"),
        description=_l("Leave a gap to the value above, so that a figure that swings does not alert again and again."),
        validators=[InputRequired()],
    )
    minutes = IntegerField(
        _l("For how many minutes on end"),
        default=0,
        description=_l(
            "0 alerts at once; 60 only when it has stayed beyond the value for an hour. At most 10,080 (a week)."
        ),
        validators=[InputRequired(), NumberRange(0, 10_080)],
    )
    note = StringField(
        _l("What to do then"),
        description=_l("One sentence, shown with the alert."),
        filters=[_trimmed],
        validators=[Optional(), Length(max=200)],
    )
    active = BooleanField(_l("In force"), default=True)


class FigureForm(Form):
    """Where a figure stands and who sees it."""

    theme = SelectField(_l("Theme"), choices=[SelectChoice(theme.value, THEMES[theme]) for theme in Theme])
    position = IntegerField(
        _l("Place"), description=_l("Lower numbers come first."), validators=[InputRequired(), NumberRange(1, 999)]
    )
    released = BooleanField(_l("Released to the public"))
    hidden = BooleanField(_l("Hide from the board and the wall"))


class ReadForm(Form):
    """Taking notice of an alert."""

    note = StringField(_l("Note"), filters=[_trimmed], validators=[Optional(), Length(max=200)])


class OrderForm(Form):
    """A disposition."""

    title = StringField(_l("Matter"), filters=[_trimmed], validators=[InputRequired(), Length(3, 120)])
    office_id = SelectField(_l("To the office (OPD)"), coerce=lambda value: int(value or 0))
    partners = ChecksField(
        _l("Partner offices"),
        coerce=int,
        description=_l("Offices that do a part of it. The office above leads and reports when all parts are done."),
        validators=[Optional(), Length(max=MOST_PARTNERS, message=_l("Choose at most ten partner offices."))],
    )
    instruction = TextAreaField(
        _l("Instruction"),
        description=_l("What is to be done, and how you will see that it is done."),
        filters=[_trimmed],
        validators=[InputRequired(), Length(10, LONG)],
    )
    days = IntegerField(
        _l("Due in working days"),
        description=_l("Counted from tomorrow, without weekends and holidays."),
        validators=[InputRequired(), NumberRange(1, 120)],
    )
    urgent = BooleanField(_l("Urgent"))

    def validate_office_id(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError(_("Choose an office from the list."))


class StepForm(Form):
    """Words for a step that needs none."""

    text = TextAreaField(_l("Words to it"), filters=[_trimmed], validators=[Optional(), Length(max=LONG)])


class WordsForm(Form):
    """Words for a step that needs them."""

    text = TextAreaField(_l("Text"), filters=[_trimmed], validators=[InputRequired(), Length(3, LONG)])


class ReportForm(Form):
    """What an office has done."""

    text = TextAreaField(
        _l("What was done, and with what result"), filters=[_trimmed], validators=[InputRequired(), Length(10, LONG)]
    )
    file = FileField(_l("Proof"), description=_l("A PDF or a photo, at most 5 MB."))


class DueForm(Form):
    """A reason and a new time."""

    text = TextAreaField(_l("Reason"), filters=[_trimmed], validators=[InputRequired(), Length(3, LONG)])
    days = IntegerField(
        _l("Due in working days"), default=3, description=_l("Counted from tomorrow, without weekends and holidays."),
        validators=[InputRequired(), NumberRange(1, 120)],
    )  # fmt: skip


class ContactForm(Form):
    """Where an office's reminders go."""

    email = StringField(
        _l("E-mail address"),
        filters=[_trimmed],
        validators=[
            Optional(),
            Length(max=120),
            Regexp(ADDRESS, message=_l("Write an e-mail address, such as umum@kota.go.id.")),
        ],
    )


FORMS: dict[Act, type[Form]] = {
    Act.START: StepForm,
    Act.NOTE: WordsForm,
    Act.REPORT: ReportForm,
    Act.PART: ReportForm,
    Act.ACCEPT: StepForm,
    Act.RETURN: DueForm,
    Act.EXTEND: DueForm,
    Act.WITHDRAW: WordsForm,
}


def form_for(act: Act, fresh: bool = False) -> Any:
    """The form of an act; `fresh` leaves out what was posted."""
    return FORMS[act](prefix=act, **({"formdata": None} if fresh else {}))
