"""The administrator's forms: permit types and what they ask for."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from lumbung_plugin import Form
from lumbung_plugin.forms import choices, strip, whole
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from perizinan.filing import PREFIX
from perizinan.words import ACCEPTS


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
    survey = BooleanField(
        _l("A survey at the place before the decision"),
        description=_l("Holds for applications verified from then on."),
    )
    active = BooleanField(_l("Open for applications"))

    def validate_code(self, field: StringField) -> None:
        if field.data == PREFIX:
            raise ValidationError(
                _("%(letters)s begins the numbers of applications. Choose other letters.", letters=PREFIX)
            )

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
