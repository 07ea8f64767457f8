"""The forms and what they accept."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from lumbung_plugin import Form
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from lapor.words import KINDS, STARS, STATES

PHOTOS = 3


def strip(value: str | None) -> str | None:
    return value.strip() if value else value


def choices(pairs: Iterable[tuple[Any, Any]], first: Any = None) -> list[SelectChoice]:
    """Options from (value, words), led by one with an empty value and the words `first`."""
    lead = [SelectChoice("", first)] if first is not None else []
    return [*lead, *(SelectChoice(value, words) for value, words in pairs)]


def whole(value: str | None) -> int | None:
    """A chosen row id; an empty choice is none."""
    return int(value) if value else None


class ReportForm(Form):
    """What a citizen fills in. `choose` must be called with the city's lists before use."""

    kind = RadioField(_l("What do you want to tell us?"), choices=choices(KINDS.items()), default="complaint")
    category_id = SelectField(_l("Category"), coerce=whole, validators=[InputRequired()])
    title = StringField(
        _l("In a few words"),
        description=_l("For example: street lamp broken in front of the market"),
        filters=[strip],
        validators=[InputRequired(), Length(8, 100)],
    )
    body = TextAreaField(
        _l("What is the matter?"),
        description=_l(
            "What, where exactly, since when. Do not write names or telephone numbers here: this text is published."
        ),
        filters=[strip],
        validators=[InputRequired(), Length(20, 4000)],
    )
    # A city without a list of kelurahan does not show the field, and a browser then sends none.
    kelurahan = SelectField(_l("Kelurahan"), default="")
    address = StringField(
        _l("Street or landmark"),
        description=_l("It is published."),
        filters=[strip],
        validators=[Length(max=200)],
    )
    latitude = DecimalField(_l("Latitude"), places=6, validators=[Optional(), NumberRange(-12, 8)])
    longitude = DecimalField(_l("Longitude"), places=6, validators=[Optional(), NumberRange(94, 142)])
    photos = MultipleFileField(
        _l("Photos"),
        description=_l("Up to 3 photos, JPEG, PNG or WebP. Place and camera data are removed from them."),
    )
    anonymous = BooleanField(
        _l("I report anonymously"), description=_l("Then no name, number or internet address is stored at all.")
    )
    reporter_name = StringField(
        _l("Your name"),
        description=_l("Only the officers see it, to address you."),
        filters=[strip],
        validators=[Length(max=80)],
    )
    reporter_phone = StringField(
        _l("Telephone or WhatsApp"),
        description=_l("Only for questions about this report. It is never published."),
        filters=[strip],
        validators=[
            Optional(),
            Length(max=20),
            Regexp(r"^\+?[0-9][0-9 ().\-]{5,18}$", message=_l("Write a telephone number like 0812 3456 7890.")),
        ],
    )
    confidential = BooleanField(
        _l("Keep this report confidential"),
        description=_l("It does not appear in the public list; only the officers and you can read it."),
    )
    # People do not see this field; a machine that fills in everything gives itself away.
    website = StringField("Website", validators=[Length(max=200)])

    def choose(self, categories: list[tuple[Any, str]], kelurahan: list[str]) -> None:
        self.category_id.choices = choices(categories, _("Choose …"))
        self.kelurahan.choices = choices(((name, name) for name in kelurahan), _("Choose …"))

    def validate_photos(self, field: MultipleFileField) -> None:
        if len([file for file in field.data or [] if file and file.filename]) > PHOTOS:
            raise ValidationError(_("At most %(count)s photos.", count=PHOTOS))

    def validate_address(self, field: StringField) -> None:
        if not field.data and not self.kelurahan.data and self.latitude.data is None:
            raise ValidationError(_("Tell us the place: the kelurahan, or a street or landmark."))

    def validate(self, extra_validators: Any = None) -> bool:
        """All fields, and the two coordinates together: each alone is optional, so neither can ask for the other."""
        valid = super().validate(extra_validators)
        if (self.latitude.data is None) != (self.longitude.data is None) and not self.latitude.errors:
            self.longitude.errors = [_("Give latitude and longitude together, or neither.")]
            return False
        return valid


class FollowForm(Form):
    number = StringField(
        _l("Report number"),
        description=_l("For example LP-2611-0042"),
        filters=[strip],
        validators=[InputRequired(), Length(max=20)],
    )
    code = StringField(
        _l("Secret code"),
        description=_l("You got it together with the number."),
        filters=[strip],
        validators=[InputRequired(), Length(max=20)],
    )


class RatingForm(Form):
    stars = RadioField(
        _l("How content are you with the answer?"),
        choices=choices(STARS.items()),
        coerce=int,
        validators=[InputRequired()],
    )
    note = TextAreaField(_l("What should we know?"), filters=[strip], validators=[Length(max=500)])


class ReopenForm(Form):
    reason = TextAreaField(
        _l("What is still not right?"),
        description=_l("It is published with the report."),
        filters=[strip],
        validators=[InputRequired(), Length(10, 1000)],
    )


class AcceptForm(Form):
    pass


class ReasonForm(Form):
    text = TextAreaField(
        _l("Reason"),
        description=_l("The reporter reads it. Say what they can do instead."),
        filters=[strip],
        validators=[InputRequired(), Length(10, 1000)],
    )


class MergeForm(Form):
    original = StringField(
        _l("Number of the earlier report"), filters=[strip], validators=[InputRequired(), Length(max=20)]
    )


class AssignForm(Form):
    opd_id = SelectField(_l("Office (OPD)"), coerce=whole, validators=[InputRequired()])
    deadline = DateField(_l("Answer by"), validators=[InputRequired()])
    text = TextAreaField(
        _l("Message with it"), description=_l("The reporter reads it."), filters=[strip], validators=[Length(max=1000)]
    )


class AnswerForm(Form):
    text = TextAreaField(
        _l("Public answer"),
        description=_l("Everybody reads it. No names, no telephone numbers."),
        filters=[strip],
        validators=[InputRequired(), Length(10, 4000)],
    )
    solved = BooleanField(_l("The matter is solved: close the report"))


class NoteForm(Form):
    text = TextAreaField(
        _l("Internal note"),
        description=_l("Only staff read it."),
        filters=[strip],
        validators=[InputRequired(), Length(2, 2000)],
    )


class CategoryForm(Form):
    name = StringField(_l("Name (Indonesian)"), filters=[strip], validators=[InputRequired(), Length(2, 60)])
    name_en = StringField(_l("Name (English)"), filters=[strip], validators=[Length(max=60)])
    opd_id = SelectField(_l("Usual office (OPD)"), coerce=whole)
    active = BooleanField(_l("In use"), default=True)


class OfficeForm(Form):
    name = StringField(_l("Name of the office"), filters=[strip], validators=[InputRequired(), Length(2, 120)])
    active = BooleanField(_l("In use"), default=True)


class ExportForm(Form):
    start = DateField(_l("From"), validators=[InputRequired()])
    end = DateField(_l("To"), validators=[InputRequired()])
    state = SelectField(_l("State"), choices=choices(STATES.items(), _l("All")))
    contacts = BooleanField(
        _l("With names and telephone numbers"),
        description=_l("Only when the receiving body needs them. Delete the file after use."),
    )

    def validate_end(self, field: DateField) -> None:
        if field.data and self.start.data and field.data < self.start.data:
            raise ValidationError(_("The last day lies before the first."))
