"""The forms and what they accept."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from lumbung_plugin import Form
from lumbung_plugin.identity import Nik, Phone
from wtforms import (
    BooleanField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from perizinan.words import ACCEPTS


def strip(value: str | None) -> str | None:
    return value.replace("\x00", "").strip() if value else value


def choices(pairs: Iterable[tuple[Any, Any]], first: Any = None) -> list[SelectChoice]:
    """Options from (value, words), led by one with an empty value and the words `first`."""
    lead = [SelectChoice("", first)] if first is not None else []
    return [*lead, *(SelectChoice(value, words) for value, words in pairs)]


def whole(value: str | int | None) -> int | None:
    """A chosen row id; an empty choice is none."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() else None


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


class TypeForm(Form):
    """A permit type: its service standard (UU 25/2009, article 21)."""

    name = StringField(_l("Name (Indonesian)"), filters=[strip], validators=[InputRequired(), Length(3, 120)])
    name_en = StringField(_l("Name (English)"), filters=[strip], validators=[Length(max=120)])
    code = StringField(
        _l("Letters of the number"),
        description=_l("Two to five capitals, such as REK: permits become REK-2026-000001."),
        filters=[strip],
        validators=[InputRequired(), Regexp(r"^[A-Z]{2,5}$", message=_l("Two to five capital letters."))],
    )
    about = TextAreaField(
        _l("For whom and what (Indonesian)"), filters=[strip], validators=[InputRequired(), Length(10, 1500)]
    )
    about_en = TextAreaField(_l("For whom and what (English)"), filters=[strip], validators=[Length(max=1500)])
    legal = TextAreaField(
        _l("Legal basis"),
        description=_l("One rule a line, as it is cited on the permit."),
        filters=[strip],
        validators=[InputRequired(), Length(5, 2000)],
    )
    office_id = SelectField(_l("Office (OPD) in charge"), coerce=whole)
    days = IntegerField(
        _l("Service standard (working days)"),
        description=_l("The promise to the applicant. A change holds for applications sent from then on."),
        validators=[InputRequired(), NumberRange(1, 120)],
    )
    fee = StringField(_l("Fee (Indonesian)"), filters=[strip], validators=[InputRequired(), Length(2, 200)])
    fee_en = StringField(_l("Fee (English)"), filters=[strip], validators=[Length(max=200)])
    valid_months = IntegerField(
        _l("Valid for (months)"),
        description=_l("0 means without end."),
        validators=[InputRequired(), NumberRange(0, 600)],
    )
    place = BooleanField(_l("The application names a place on the map"))
    zoning = BooleanField(
        _l("Ask the spatial plan (Simtaru) about the place"), description=_l("Needs a place and the use below.")
    )
    zoning_use = StringField(
        _l("Use as the spatial plan names it"),
        description=_l("The code of the activity in Simtaru."),
        filters=[strip],
        validators=[Optional(), Regexp(r"^[A-Za-z0-9._-]{1,40}$", message=_l("Letters, digits, dot and dash only."))],
    )
    zoning_blocks = BooleanField(
        _l("Do not take applications where the use is forbidden"),
        description=_l("Otherwise applicants are warned and may send all the same."),
    )
    active = BooleanField(_l("Open for applications"))

    def validate_zoning(self, field: BooleanField) -> None:
        if field.data and not (self.place.data and self.zoning_use.data):
            raise ValidationError(_("Tick the place as well, and name the use."))


class NeedForm(Form):
    """A requirement: what is asked, and which file shows it."""

    name = StringField(_l("Requirement (Indonesian)"), filters=[strip], validators=[InputRequired(), Length(3, 120)])
    name_en = StringField(_l("Requirement (English)"), filters=[strip], validators=[Length(max=120)])
    hint = StringField(_l("What to look out for (Indonesian)"), filters=[strip], validators=[Length(max=300)])
    hint_en = StringField(_l("What to look out for (English)"), filters=[strip], validators=[Length(max=300)])
    accept = SelectField(_l("File"), choices=choices(ACCEPTS.items()), default="any")
    position = IntegerField(_l("Place in the list"), default=1, validators=[InputRequired(), NumberRange(1, 99)])
    needed = BooleanField(_l("Always needed"), default=True)
