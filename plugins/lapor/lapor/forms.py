"""The forms of citizens and what they accept."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from lumbung_plugin import Form
from lumbung_plugin.forms import choices, strip, whole
from lumbung_plugin.identity import Phone
from wtforms import (
    BooleanField,
    DecimalField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lapor.words import KINDS, STARS

PHOTOS = 3


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
        validators=[Length(max=25), Phone()],
    )
    confidential = BooleanField(
        _l("Keep this report confidential"),
        description=_l("It does not appear in the public list; only the officers and you can read it."),
    )

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
        """All fields, and the two coordinates together: each alone is optional, so neither can ask for the other.

        Who reports anonymously is told nothing about the fields that are thrown away.
        """
        if self.anonymous.data:
            self.reporter_name.data = self.reporter_phone.data = None
        valid = super().validate(extra_validators)
        if (self.latitude.data is None) != (self.longitude.data is None) and not self.latitude.errors:
            self.longitude.errors = [_("Give latitude and longitude together, or neither.")]
            return False
        return valid


class FollowForm(Form):
    number = StringField(
        _l("Report number"),
        description=_l("For example LP-2026-000042"),
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
