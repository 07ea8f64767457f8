"""The forms people fill in. Rules beyond lengths and types are in ``masdarling.rules``."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from lumbung_plugin import Form
from lumbung_plugin.forms import choices
from lumbung_plugin.identity import Phone
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from masdarling import words
from masdarling.catalogue import FAMILIES

NAME = 60


def tidy(value: str | None) -> str:
    """One line without spaces at its ends."""
    return " ".join((value or "").replace("\x00", "").split())


class BookForm(Form):
    """What opens a passbook."""

    number = StringField(
        _l("Passbook number"),
        description=_l("As on the passbook, such as BS-2026-000123."),
        validators=[InputRequired(), Length(max=40)],
    )
    code = StringField(
        _l("Code"),
        description=_l("The letters and digits you were given."),
        validators=[InputRequired(), Length(max=40)],
    )


class SaverForm(Form):
    """A new customer, or a correction of one."""

    name = StringField(_l("Name"), filters=[tidy], validators=[InputRequired(), Length(max=NAME)])
    phone = StringField(_l("Phone number"), validators=[Optional(), Length(max=40), Phone()])
    rt_id = SelectField("RT", coerce=int)


class KindForm(Form):
    """A kind of waste."""

    name = StringField(_l("Name in Indonesian"), filters=[tidy], validators=[InputRequired(), Length(max=NAME)])
    name_en = StringField(_l("Name in English"), filters=[tidy], validators=[Length(max=NAME)])
    family = SelectField(_l("Family"), choices=choices((name, words.FAMILIES[name]) for name in FAMILIES))
    active = BooleanField(_l("Is bought"), default=True)


class PriceForm(Form):
    """A price from a day on."""

    per_kg = IntegerField(_l("Rupiah per kilogram"), validators=[InputRequired(), NumberRange(0, 1_000_000)])
    since = DateField(_l("From"), validators=[InputRequired()])


class PostForm(Form):
    """A post where waste is weighed."""

    name = StringField(_l("Name"), filters=[tidy], validators=[InputRequired(), Length(max=NAME)])
    kelurahan_id = SelectField("Kelurahan", coerce=int)
    address = StringField(_l("Address"), filters=[tidy], validators=[Length(max=200)])
    hours = StringField(_l("Opening hours"), filters=[tidy], validators=[Length(max=120)])
    lat = DecimalField(_l("Latitude"), places=6, validators=[Optional(), NumberRange(-90, 90)])
    lon = DecimalField(_l("Longitude"), places=6, validators=[Optional(), NumberRange(-180, 180)])
    active = BooleanField(_l("Open"), default=True)


class GroupForm(Form):
    """An RT."""

    name = StringField(
        _l("Name"), description=_l("Such as RT 05."), filters=[tidy], validators=[InputRequired(), Length(max=NAME)]
    )
    kelurahan_id = SelectField("Kelurahan", coerce=int)
    households = IntegerField(_l("Households"), validators=[InputRequired(), NumberRange(1, 2000)])
    active = BooleanField(_l("Takes part"), default=True)


class ReachForm(Form):
    """How far a kelurahan has come."""

    name = StringField(_l("Name"), filters=[tidy], validators=[InputRequired(), Length(max=NAME)])
    reach = SelectField(_l("How far"), choices=choices(words.REACHES.items()))
    started = DateField(_l("Started on"), validators=[Optional()])
    note = StringField(_l("Note"), description=_l("Everybody reads it."), filters=[tidy], validators=[Length(max=200)])


class StageForm(Form):
    """A stage of the roll-out."""

    name = StringField(_l("Name in Indonesian"), filters=[tidy], validators=[InputRequired(), Length(max=NAME)])
    name_en = StringField(_l("Name in English"), filters=[tidy], validators=[Length(max=NAME)])
    begins = DateField(_l("Begins"), validators=[InputRequired()])
    ends = DateField(_l("Ends"), validators=[InputRequired()])
    aim = IntegerField(_l("Kelurahan to reach"), validators=[InputRequired(), NumberRange(0, 500)])


class ActivityForm(Form):
    """What a group has done."""

    title = StringField(_l("Title"), filters=[tidy], validators=[InputRequired(), Length(max=100)])
    rt_id = SelectField("RT", coerce=int)
    day = DateField(_l("Day"), validators=[InputRequired()])
    people = IntegerField(_l("People who took part"), default=0, validators=[NumberRange(0, 10_000)])
    body = TextAreaField(_l("What was done"), validators=[InputRequired(), Length(max=4000)])
    photos = MultipleFileField(
        _l("Photos"), description=_l("At most six; place and camera data are taken out. Ask the people in them.")
    )
    text = StringField(
        _l("What the photos show"), description=_l("For people who do not see them."), validators=[Length(max=200)]
    )
    shown = BooleanField(_l("Publish"), default=True)
