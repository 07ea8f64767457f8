"""What staff fill in, with its bounds."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from lumbung_plugin import Form
from wtforms import DecimalField, IntegerField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from spbe import rules


def _stripped(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


class AnswerForm(Form):
    """The level an office claims, and why. The levels are those of the instrument."""

    level = RadioField(_l("Level"), coerce=int, validators=[InputRequired(_l("Choose a level."))])
    note = TextAreaField(_l("Reasons"), validators=[InputRequired(), Length(10, 2000)])


class ReviewForm(Form):
    """The assessor's level; 9 sends the claim back."""

    level = RadioField(_l("Assessment"), coerce=int, validators=[InputRequired(_l("Choose one."))])
    note = TextAreaField(_l("Findings"), validators=[Optional(), Length(max=2000)])


class EvidenceForm(Form):
    """A link or a file."""

    title = StringField(_l("What it shows"), filters=[_stripped], validators=[InputRequired(), Length(3, 160)])
    url = StringField(_l("Link"), validators=[Optional(), Length(max=500)])
    file = FileField(_l("Or a file (PDF or photo, at most 5 MB)"))

    def validate_url(self, field: StringField) -> None:
        if field.data and rules.link(field.data) is None:
            raise ValidationError(_("Write a whole address, like https://jdih.kota.go.id/perwali-12."))


class YearForm(Form):
    """Begin a year."""

    year = IntegerField(_l("Year"), validators=[InputRequired(), NumberRange(2018, 2100)])
    instrument = SelectField(_l("Instrument"), validators=[InputRequired()])


class UploadForm(Form):
    """A CSV file."""

    file = FileField(_l("CSV file"), validators=[FileRequired(_l("Choose a file."))])


class FinalForm(Form):
    """Close a year. The ministry's own result is kept beside."""

    official = DecimalField(
        _l("Index by the ministry, when known"), places=2, validators=[Optional(), NumberRange(0, 5)]
    )
    note = StringField(_l("Note for the public"), filters=[_stripped], validators=[Optional(), Length(max=300)])
