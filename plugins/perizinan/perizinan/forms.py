"""The forms and what they accept."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from lumbung_plugin import Form
from lumbung_plugin.forms import choices, strip
from lumbung_plugin.identity import Nik, Phone
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange

PHOTOS = 4


class DataForm(Form):
    """Who applies, and for what. Beside each field stands what it is for (Law 27/2022)."""

    name = StringField(
        _l("Full name"),
        description=_l("It stands on the permit. Public pages show only first letters."),
        filters=[strip],
        validators=[InputRequired(), Length(3, 80)],
    )
    nik = StringField(
        _l("NIK"),
        description=_l("16 digits of your identity card: the office compares them with the copy you send."),
        filters=[strip],
        validators=[InputRequired(), Length(max=40), Nik()],
    )
    phone = StringField(
        _l("Telephone or WhatsApp"),
        description=_l("Only for questions about this application. It is never published."),
        filters=[strip],
        validators=[InputRequired(), Length(max=30), Phone()],
    )
    address = StringField(
        _l("Your address"),
        description=_l("As on the identity card; used for letters only."),
        filters=[strip],
        validators=[InputRequired(), Length(5, 200)],
    )
    purpose = TextAreaField(
        _l("What do you need the permit for?"),
        description=_l("What, how large, from when to when. It stands on the permit: no names or numbers of others."),
        filters=[strip],
        validators=[InputRequired(), Length(10, 1000)],
    )


class BeginForm(DataForm):
    """The first step: the same, and that the purpose of the data was read."""

    agreed = BooleanField(
        _l("I have read what my data are for, and they are true"),
        validators=[InputRequired()],
    )


class PlaceForm(Form):
    place_address = StringField(
        _l("Address of the place"),
        description=_l("Street, number, kelurahan, or a landmark."),
        filters=[strip],
        validators=[InputRequired(), Length(5, 200)],
    )
    latitude = DecimalField(_l("Latitude"), places=6, validators=[InputRequired(), NumberRange(-12, 8)])
    longitude = DecimalField(_l("Longitude"), places=6, validators=[InputRequired(), NumberRange(94, 142)])


class FollowForm(Form):
    number = StringField(
        _l("Application number"),
        description=_l("For example PRZ-2026-000123"),
        filters=[strip],
        validators=[InputRequired(), Length(max=30)],
    )
    code = StringField(
        _l("Secret code"),
        description=_l("You got it together with the number."),
        filters=[strip],
        validators=[InputRequired(), Length(max=30)],
    )


class SendForm(Form):
    """The last step. `warned` is asked only when the spatial plan forbids the use."""

    warned = BooleanField(_l("I know that the spatial plan does not allow it, and apply all the same"))

    def validate_warned(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(_("Tick this when you want to send it all the same."))


class PassForm(Form):
    recommended = RadioField(
        _l("What did the verification show?"),
        choices=choices([("1", _l("Complete and right")), ("0", _l("Reasons against it"))]),
        validators=[InputRequired()],
    )
    note = TextAreaField(
        _l("Note for who decides"),
        description=_l("Only staff read it."),
        filters=[strip],
        validators=[InputRequired(), Length(5, 2000)],
    )


class PlanForm(Form):
    day = DateField(
        _l("Day of the survey"),
        description=_l("The applicant reads it and can be there."),
        validators=[InputRequired()],
    )


class SurveyForm(Form):
    """What was found at the place."""

    good = RadioField(
        _l("What did the survey show?"),
        choices=choices([("1", _l("Fits the place")), ("0", _l("Does not fit the place"))]),
        validators=[InputRequired()],
    )
    day = DateField(_l("When were you there?"), validators=[InputRequired()])
    note = TextAreaField(
        _l("What was found"),
        description=_l("Measures, distances, what differs from the drawing. Only staff read it."),
        filters=[strip],
        validators=[InputRequired(), Length(5, 2000)],
    )
    photos = MultipleFileField(
        _l("Photos"), description=_l("Up to 4 photos, JPEG, PNG or WebP. Place and camera data are removed from them.")
    )

    def validate_photos(self, field: MultipleFileField) -> None:
        if len([file for file in field.data or [] if file and file.filename]) > PHOTOS:
            raise ValidationError(_("At most %(count)s photos.", count=PHOTOS))


class ApproveForm(Form):
    terms = TextAreaField(
        _l("Terms of the permit"),
        description=_l("They are printed on it. Leave empty when there are none."),
        filters=[strip],
        validators=[Length(max=2000)],
    )


class ReasonForm(Form):
    text = TextAreaField(
        _l("Reason"),
        description=_l("The applicant reads it: name the rule, and what they can do instead."),
        filters=[strip],
        validators=[InputRequired(), Length(10, 1000)],
    )


class NoteForm(Form):
    text = TextAreaField(
        _l("Internal note"),
        description=_l("Only staff read it."),
        filters=[strip],
        validators=[InputRequired(), Length(2, 2000)],
    )


class VerifyForm(Form):
    number = StringField(
        _l("Permit number"),
        description=_l("For example REK-2026-000012; it stands at the top of the letter."),
        filters=[strip],
        validators=[InputRequired(), Length(max=40)],
    )
