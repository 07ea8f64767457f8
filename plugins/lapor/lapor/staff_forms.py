"""The forms of officers and administrators, and what they accept."""

import sqlite3
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from lumbung_plugin import Form, offices
from lumbung_plugin.forms import choices, strip, whole
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import HiddenInput

from lapor.words import STATES

# What mail takes is decided by Lumbung; this keeps what is no address at all from being saved.
ADDRESS = r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[A-Za-z0-9-]+$"


def office_choices(db: sqlite3.Connection) -> list[Any]:
    """The offices in use, led by nothing chosen."""
    return choices(((row["id"], row["name"]) for row in offices.listing(db)), _("Choose …"))


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


class BulkForm(Form):
    """What to do with the ticked reports; the ticks themselves are read from the request."""

    act = SelectField(
        _l("With the ticked reports"),
        choices=[
            SelectChoice("accept", _l("Accept and publish")),
            SelectChoice("assign", _l("Pass on to an office")),
            SelectChoice("reject", _l("Refuse")),
        ],
        validators=[InputRequired()],
    )
    office_id = SelectField(_l("Office (OPD)"), coerce=whole)
    text = StringField(_l("Message or reason"), filters=[strip], validators=[Length(max=1000)])

    def validate_office_id(self, field: SelectField) -> None:
        if self.act.data == "assign" and not field.data:
            raise ValidationError(_("Choose an office from the list."))

    def validate_text(self, field: StringField) -> None:
        if self.act.data == "reject" and len(field.data or "") < 10:
            raise ValidationError(_("Say the reason: the reporters read it."))


class AssignForm(Form):
    office_id = SelectField(_l("Office (OPD)"), coerce=whole, validators=[InputRequired()])
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
    office_id = SelectField(_l("Usual office (OPD)"), coerce=whole)
    active = BooleanField(_l("In use"), default=True)


class ReminderForm(Form):
    """An office's address; `office_id` says whose, so that one page holds many of these forms."""

    office_id = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    email = StringField(
        _l("Address"),
        filters=[strip],
        validators=[Optional(), Length(max=120), Regexp(ADDRESS, message=_l("Write one e-mail address."))],
    )


class MapForm(Form):
    file = FileField(
        _l("GeoJSON file"),
        description=_l("Polygons of the kelurahan in WGS 84, at most 2 MB, each with its name."),
        validators=[FileRequired(_l("Choose a file."))],
    )


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
