"""The forms of staff and what they accept."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from lumbung_plugin import Form, tables
from lumbung_plugin.forms import choices, strip, whole
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from anggaran.rules import MOST_AMOUNT, MOST_POINTS, Kind
from anggaran.words import KINDS


def listed(rows: Iterable[Any], first: Any = None) -> list[SelectChoice]:
    """Options out of rows with `id` and `name`."""
    return choices(((row["id"], row["name"]) for row in rows), first)


class RupiahField(StringField):
    """Whole rupiah as people write them (`Rp 1.500.000`); `data` is an int, or None when empty or wrong."""

    data: int | None  # type: ignore[assignment]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Text to rupiah; raises ValueError with the sentence for the form."""
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not self.typed:
            return
        value = tables.amount(self.typed)
        if value > MOST_AMOUNT:
            raise ValueError(_("That is more than any city has. Check the digits."))
        self.data = value

    def _value(self) -> str:
        if self.data is None:
            return getattr(self, "typed", "")
        return f"{self.data:,}".replace(",", ".")


class ProposalForm(Form):
    """A sub-activity. `office_id` stays only for administrators, `activity_id` needs its choices."""

    office_id = SelectField(_l("Office (OPD)"), coerce=whole, validators=[InputRequired()])
    activity_id = SelectField(_l("Activity (kegiatan)"), coerce=whole, validators=[InputRequired()])
    number = StringField(
        _l("Number of the sub-activity"),
        description=_l("The last part of its code: 2 to 4 digits, like 0005."),
        filters=[strip],
        validators=[InputRequired(), Regexp(r"[0-9]{2,4}\Z", message=_l("Write 2 to 4 digits."))],
    )
    name = StringField(_l("Name of the sub-activity"), filters=[strip], validators=[InputRequired(), Length(5, 300)])
    amount = RupiahField(
        _l("Amount (rupiah)"), description=_l("Whole rupiah, like 1.500.000."), validators=[InputRequired()]
    )
    indicator = StringField(
        _l("Indicator"), description=_l("By what one sees that it worked."), filters=[strip],
        validators=[InputRequired(), Length(3, 400)],
    )  # fmt: skip
    target = StringField(
        _l("Target"), description=_l("A number with its unit, like 3.5 km."), filters=[strip],
        validators=[InputRequired(), Length(1, 120)],
    )  # fmt: skip
    places = SelectMultipleField(
        _l("Kelurahan"), description=_l("All it takes place in; none means the whole city."), coerce=int,
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip
    location = StringField(
        _l("Location"), description=_l("Street, building or RT."), filters=[strip], validators=[Length(max=400)]
    )
    reason = TextAreaField(
        _l("Why it is needed"), description=_l("It is published together with the proposal."), filters=[strip],
        validators=[InputRequired(), Length(20, 2000)],
    )  # fmt: skip


class TextForm(Form):
    """A comment, or what is missing."""

    text = TextAreaField(_l("Your words"), filters=[strip], validators=[InputRequired(), Length(5, 2000)])


class DecisionForm(Form):
    """What a reviewer decides; `cause_id` needs its choices."""

    kind = RadioField(_l("Decision"), choices=choices(KINDS.items()), validators=[InputRequired()])
    # No Optional(): it would end the checks of an empty field before ours.
    cause_id = SelectField(_l("Kind of reason"), coerce=whole)
    amount = RupiahField(_l("New amount (rupiah)"), description=_l("Only for reducing."))
    text = TextAreaField(
        _l("Reason"), description=_l("It is published once a second person has confirmed."), filters=[strip],
        validators=[InputRequired(), Length(10, 2000)],
    )  # fmt: skip

    def validate_cause_id(self, field: Any) -> None:
        """Striking and reducing name a kind of reason, so that the savings can be told by it."""
        if field.data is None and self.kind.data in (Kind.STRIKE, Kind.REDUCE):
            raise ValidationError(_("Choose the kind of reason."))

    def validate_amount(self, field: Any) -> None:
        """Reducing needs an amount."""
        if field.data is None and self.kind.data == Kind.REDUCE and not field.errors:
            raise ValidationError(_("Write the amount that remains."))


def points_field(label: str) -> RadioField:
    """Points from 1 to 5 for one criterion."""
    return RadioField(label, choices=choices((n, str(n)) for n in range(1, MOST_POINTS + 1)), coerce=int)


class CeilingForm(Form):
    """A ceiling; both selects need their choices."""

    office_id = SelectField(_l("Office (OPD)"), coerce=whole, validators=[Optional()])
    programme_id = SelectField(_l("Programme"), coerce=whole)
    amount = RupiahField(_l("At most (rupiah)"), validators=[InputRequired()])

    def validate_programme_id(self, field: Any) -> None:
        """A ceiling is of something."""
        if field.data is None and self.office_id.data is None:
            raise ValidationError(_("Choose an office, a programme, or both."))


class YearForm(Form):
    """A budget year to begin."""

    year = IntegerField(_l("Budget year"), validators=[InputRequired(), NumberRange(2000, 2100)])
    stage = SelectField(_l("First version"), validators=[InputRequired()])
    copy_from = SelectField(_l("Begin with"), coerce=whole, validators=[Optional()])


class NextForm(Form):
    """The next version of a year."""

    stage = SelectField(_l("Next version"), validators=[InputRequired()])


class CriterionForm(Form):
    """A criterion reviewers score by."""

    name = StringField(_l("Name"), filters=[strip], validators=[InputRequired(), Length(3, 120)])
    name_en = StringField(_l("English name"), filters=[strip], validators=[Length(max=120)])
    weight = IntegerField(
        _l("Weight"), description=_l("1 to 100; only the proportions count."),
        validators=[InputRequired(), NumberRange(1, 100)],
    )  # fmt: skip
    active = BooleanField(_l("In use"), default=True)


class CauseForm(Form):
    """A kind of reason for striking out or reducing."""

    name = StringField(_l("Name"), filters=[strip], validators=[InputRequired(), Length(3, 120)])
    name_en = StringField(_l("English name"), filters=[strip], validators=[Length(max=120)])
    active = BooleanField(_l("In use"), default=True)


class PlaceForm(Form):
    """A kelurahan."""

    name = StringField(_l("Name"), filters=[strip], validators=[InputRequired(), Length(2, 60)])
    active = BooleanField(_l("In use"), default=True)


class NameForm(Form):
    """A programme or activity and its code."""

    code = StringField(_l("Code"), filters=[strip], validators=[InputRequired(), Length(7, 12)])
    name = StringField(_l("Name"), filters=[strip], validators=[InputRequired(), Length(5, 300)])


class ImportForm(Form):
    """A file to be taken in."""

    file = FileField(_l("CSV file"), validators=[FileRequired(_l("Choose a file."))])
    submit_all = BooleanField(
        _l("Submit at once"), description=_l("Otherwise they become drafts. Ceilings hold when they are submitted.")
    )
