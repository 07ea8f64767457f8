"""The forms people fill in. Rules beyond lengths and types are in ``antrian.rules``."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from lumbung_plugin import Form
from lumbung_plugin.forms import choices
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from antrian.office import CODE, NAME_LENGTH, NEEDS_LENGTH, REASON_LENGTH


def _ticks(label: LazyString) -> SelectMultipleField:
    """Several choices as tick boxes, each worth a number."""
    return SelectMultipleField(label, coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())


class TakeForm(Form):
    """Taking a number. The view fills in the choices of ``need``."""

    day = HiddenField(validators=[Length(max=10)])
    nonce = HiddenField(validators=[InputRequired(), Length(min=12, max=40)])
    slot = IntegerField(_l("Time"), validators=[InputRequired(_l("Choose one of the times."))])
    name = StringField(_l("Name to be called by"), validators=[Length(max=200)])
    phone = StringField(_l("Phone number"), validators=[Length(max=40)])
    need = SelectField(_l("Priority"))


class ServiceForm(Form):
    """A service; the letter is asked only for a new one."""

    code = StringField(
        _l("Letter"),
        description=_l("One or two capitals. It stands before every number and cannot be changed later."),
        validators=[InputRequired(), Regexp(CODE, message=_l("One or two capitals, such as A or KT."))],
    )
    name = StringField(_l("Name in Indonesian"), validators=[InputRequired(), Length(max=NAME_LENGTH)])
    name_en = StringField(_l("Name in English"), validators=[Length(max=NAME_LENGTH)])
    needs = TextAreaField(
        _l("What to bring, in Indonesian"),
        description=_l("One thing on each line."),
        validators=[Length(max=NEEDS_LENGTH)],
    )
    needs_en = TextAreaField(
        _l("What to bring, in English"),
        description=_l("One thing on each line."),
        validators=[Length(max=NEEDS_LENGTH)],
    )
    minutes = IntegerField(
        _l("Usual minutes at the counter"),
        description=_l("1 to 240; estimates are made from it."),
        validators=[InputRequired(), NumberRange(1, 240)],
    )
    day_quota = IntegerField(
        _l("Most numbers in one day"), description=_l("1 to 2000."), validators=[InputRequired(), NumberRange(1, 2000)]
    )
    office_id = SelectField(_l("Office in charge"), coerce=int)
    active = BooleanField(_l("Open for new numbers"), default=True)


class CounterForm(Form):
    """A counter and the lines it calls from."""

    name = StringField(
        _l("Name"),
        description=_l("As people read it on the door, such as Loket 1."),
        validators=[InputRequired(), Length(max=NAME_LENGTH)],
    )
    services = _ticks(_l("Services it calls"))
    active = BooleanField(_l("Open"), default=True)


class PlanForm(Form):
    """Opening hours from which the week's slots are cut."""

    weekdays = _ticks(_l("Days of the week"))
    start = TimeField(_l("Opens"), validators=[InputRequired()])
    end = TimeField(_l("Closes"), validators=[InputRequired()])
    break_start = TimeField(_l("Break from"), validators=[Optional()])
    break_end = TimeField(_l("Break until"), validators=[Optional()])
    minutes = IntegerField(
        _l("Minutes per slot"), description=_l("10 to 480."), validators=[InputRequired(), NumberRange(10, 480)]
    )
    quota = IntegerField(
        _l("Numbers per slot"), description=_l("1 to 500."), validators=[InputRequired(), NumberRange(1, 500)]
    )


KINDS = {"closed": _l("Closed: nobody can take a number"), "open": _l("Open, although it is a holiday")}


class DayForm(Form):
    """A day that is not as the week and the calendar have it."""

    kind = RadioField(
        _l("What is different"),
        default="closed",
        choices=choices(
            (("closed", _l("Closed: nobody can take a number")), ("open", _l("Open, although it is a holiday")))
        ),
    )
    day = DateField(_l("Day"), validators=[InputRequired()])
    reason = StringField(
        _l("Reason"),
        description=_l("Citizens read it, for example a public holiday."),
        validators=[InputRequired(), Length(max=REASON_LENGTH)],
    )
