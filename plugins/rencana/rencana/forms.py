"""The forms of staff and what they accept."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from lumbung_plugin import Form, today
from lumbung_plugin.forms import choices, strip, whole
from wtforms import (
    BooleanField,
    DateField,
    FloatField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from rencana.follow import APPS
from rencana.words import DIRECTIONS

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_VALUE = 1e15


def listed(rows: Iterable[Any], first: Any = None) -> list[SelectChoice]:
    """Options out of rows with `id` and `name`."""
    return choices(((row["id"], row["name"]) for row in rows), first)


def in_plan(_form: Any, field: Any) -> None:
    """A day of a year a plan can have."""
    if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(_("Choose a day between 2000 and 2100."))


class ProgrammeForm(Form):
    """A programme; its selects need their choices."""

    name = StringField(_l("Name"), filters=[strip], validators=[InputRequired(), Length(5, 160)])
    aim_id = SelectField(_l("Aim"), coerce=whole, validators=[InputRequired()])
    summary = TextAreaField(
        _l("What citizens get from it"), filters=[strip], validators=[InputRequired(), Length(20, 1200)]
    )
    quick = BooleanField(_l("Quick win"), description=_l("Shown first, on the first page."))
    owner_id = SelectField(_l("Owner (OPD)"), coerce=whole, validators=[InputRequired()])
    partners = SelectMultipleField(
        _l("Partners (OPD)"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    begins = DateField(_l("Begins"), validators=[InputRequired(), in_plan])
    ends = DateField(_l("Ends"), validators=[InputRequired(), in_plan])

    def validate_ends(self, field: Any) -> None:
        """The end is not before the beginning."""
        if field.data and self.begins.data and field.data < self.begins.data:
            raise ValidationError(_("The end lies before the beginning."))


class MilestoneForm(Form):
    """A milestone, on its own or following a figure of another app."""

    title = StringField(
        _l("What is reached then"), description=_l("Something one can see: “3 kelurahan are connected”."),
        filters=[strip], validators=[InputRequired(), Length(5, 200)],
    )  # fmt: skip
    due = DateField(_l("Due"), validators=[InputRequired(), in_plan])
    stage_id = SelectField(_l("Stage"), coerce=whole)
    app = SelectField(_l("Follows a figure of"), validators=[])
    figure = StringField(
        _l("Name of the figure"), description=_l("As the app tells it, like lapor.selesai."), filters=[strip],
        validators=[Optional(), Regexp(r"[a-z0-9._-]{1,40}\Z", message=_l("Small letters, digits, dots."))],
    )  # fmt: skip
    direction = SelectField(_l("Reached when it is"), choices=choices(DIRECTIONS.items()))
    target = FloatField(_l("Target"), validators=[Optional(), NumberRange(-MOST_VALUE, MOST_VALUE)])

    def validate_app(self, field: Any) -> None:
        """Following needs a figure and its target."""
        if field.data and not (self.figure.data and self.target.data is not None):
            raise ValidationError(_("Name the figure and its target too."))


def milestone_form(stages: Iterable[tuple[int, str]], **given: Any) -> MilestoneForm:
    """A form with the stages there are, and the apps that can be followed."""
    form = MilestoneForm(**given)
    form.stage_id.choices = choices(stages, _("By its date"))
    form.app.choices = choices(((app, app) for app in APPS), _("No figure: we say it ourselves"))
    return form


class EvidenceForm(Form):
    """What shows that a milestone is reached."""

    text = TextAreaField(
        _l("What was reached"), description=_l("It is published. No names of people."), filters=[strip],
        validators=[InputRequired(), Length(10, 1000)],
    )  # fmt: skip
    url = StringField(
        _l("Link"), filters=[strip],
        validators=[Optional(), Length(max=300), Regexp(r"https?://[^\s<>\"']+\Z", message=_l("Begin with https://"))],
    )  # fmt: skip
    file = FileField(_l("File"), description=_l("A PDF or a photo, at most 5 MB."))
    done = BooleanField(_l("The milestone is reached"))


class BlockerForm(Form):
    """What a programme waits for; its selects need their choices."""

    office_id = SelectField(_l("Waiting for (OPD)"), coerce=whole, validators=[InputRequired()])
    milestone_id = SelectField(_l("Holds up"), coerce=whole)
    since = DateField(_l("Since"), validators=[InputRequired(), in_plan])
    need = TextAreaField(
        _l("What is needed"), description=_l("One thing the office can do: a signature, data, a decision."),
        filters=[strip], validators=[InputRequired(), Length(10, 600)],
    )  # fmt: skip

    def validate_since(self, field: Any) -> None:
        """Nobody waits since tomorrow."""
        if field.data and field.data > today():
            raise ValidationError(_("This day is still to come."))


class AnswerForm(Form):
    """How a blocker was settled."""

    answer = TextAreaField(_l("How it was settled"), filters=[strip], validators=[InputRequired(), Length(5, 600)])


class AimForm(Form):
    """An aim of the plan."""

    name = StringField(_l("Name"), filters=[strip], validators=[InputRequired(), Length(3, 80)])
    name_en = StringField(_l("English name"), filters=[strip], validators=[Length(max=80)])
    text = TextAreaField(_l("What it means"), filters=[strip], validators=[Length(max=400)])
    text_en = TextAreaField(_l("What it means, in English"), filters=[strip], validators=[Length(max=400)])
    position = IntegerField(_l("Place in the list"), validators=[InputRequired(), NumberRange(1, 99)])


class StageForm(Form):
    """A stage of the plan."""

    name = StringField(_l("Name"), filters=[strip], validators=[InputRequired(), Length(3, 80)])
    name_en = StringField(_l("English name"), filters=[strip], validators=[Length(max=80)])
    first = IntegerField(_l("First year"), validators=[InputRequired(), NumberRange(FIRST_YEAR, LAST_YEAR)])
    last = IntegerField(_l("Last year"), validators=[InputRequired(), NumberRange(FIRST_YEAR, LAST_YEAR)])

    def validate_last(self, field: Any) -> None:
        """A stage does not run backwards."""
        if field.data is not None and self.first.data is not None and field.data < self.first.data:
            raise ValidationError(_("The last year lies before the first."))
