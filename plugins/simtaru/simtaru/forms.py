"""What people fill in, with its bounds."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from lumbung_plugin import Form, today
from lumbung_plugin.identity import Phone
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from simtaru import rules
from simtaru.geometry import Point
from simtaru.words import PURPOSES


def _stripped(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


def _placed(form: "PlaceForm", field: StringField) -> None:
    if rules.place_of(form.lat.data or "", form.lon.data or "") is None:
        raise ValidationError(_("Write a latitude and a longitude in Indonesia, like 0.1234 and 117.4821."))


class PlaceForm(Form):
    """A place: two decimal degrees."""

    lat = StringField(_l("Latitude"), filters=[_stripped], validators=[InputRequired(), Length(max=20), _placed])
    lon = StringField(_l("Longitude"), filters=[_stripped], validators=[InputRequired(), Length(max=20)])

    def place(self) -> Point | None:
        """(longitude, latitude), or None when it is none."""
        return rules.place_of(self.lat.data or "", self.lon.data or "")


class LookForm(PlaceForm):
    """Look a place up; by GET, so without a token."""

    class Meta(Form.Meta):
        csrf = False

    use = SelectField(_l("What do you want to do there?"), validators=[Optional()], default="")


class AskForm(PlaceForm):
    """Ask for a statement of zoning."""

    name = StringField(_l("Name of the applicant"), filters=[_stripped], validators=[InputRequired(), Length(2, 80)])
    phone = StringField(_l("Telephone"), validators=[Optional(), Length(max=20), Phone()])
    address = StringField(_l("Address of the land"), filters=[_stripped], validators=[InputRequired(), Length(3, 160)])
    purpose = SelectField(
        _l("What for"), choices=[Choice(*row) for row in PURPOSES.items()], validators=[InputRequired()]
    )
    use = SelectField(_l("Planned use"), validators=[Optional()], default="")


class FollowForm(Form):
    """Open a request by its number and code."""

    number = StringField(_l("Number"), filters=[_stripped], validators=[InputRequired(), Length(max=20)])
    code = StringField(_l("Code"), filters=[_stripped], validators=[InputRequired(), Length(max=20)])


class ReasonForm(Form):
    """Why a request is refused or a statement withdrawn."""

    reason = TextAreaField(_l("Reason, for the applicant to read"), validators=[InputRequired(), Length(5, 500)])


class PlanForm(Form):
    """Upload a draft."""

    title = StringField(_l("Title of the plan"), filters=[_stripped], validators=[InputRequired(), Length(3, 120)])
    note = StringField(_l("Note"), filters=[_stripped], validators=[Optional(), Length(max=200)])
    file = FileField(_l("GeoJSON file"), validators=[FileRequired(_l("Choose a file."))])


class PublishForm(Form):
    """Put a draft into force."""

    regulation = StringField(
        _l("Number of the regulation"), filters=[_stripped], validators=[InputRequired(), Length(5, 160)]
    )
    decided_on = DateField(_l("Day of the regulation"), validators=[InputRequired()])
    seen = BooleanField(_l("I have looked at the map and at every warning"), validators=[InputRequired()])

    def validate_decided_on(self, field: DateField) -> None:
        if field.data and field.data > today():
            raise ValidationError(_("This day has not come yet."))


class UseForm(Form):
    """A use of land."""

    code = StringField(
        _l("Code"),
        filters=[lambda text: text.strip().upper() if text else text],
        validators=[InputRequired(), Regexp(rules.CODE.pattern + r"\Z", message=_l("2 to 30 letters, digits and -."))],
    )
    name = StringField(_l("Name"), filters=[_stripped], validators=[InputRequired(), Length(2, 80)])
    name_en = StringField(_l("Name in English"), filters=[_stripped], validators=[Optional(), Length(max=80)])
    family = StringField(_l("Group"), filters=[_stripped], validators=[InputRequired(), Length(2, 60)])


class UploadForm(Form):
    """A CSV file."""

    file = FileField(_l("CSV file"), validators=[FileRequired(_l("Choose a file."))])
    replace = BooleanField(_l("Replace everything there is"))
