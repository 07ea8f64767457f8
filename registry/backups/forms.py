"""Forms of the pages about backups."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from registry.backups import rules, service
from registry.backups.rules import Policy


class PolicyForm(FlaskForm):
    every = SelectField(
        _l("How often"),
        choices=[
            (rules.HOURLY, _l("every hour")),
            (rules.DAILY, _l("every day")),
            (rules.WEEKLY, _l("every week, on Sunday")),
            (rules.OFF, _l("never by itself")),
        ],
    )
    hour = IntegerField(
        _l("After which hour"),
        description=_l(
            "0 to 23, in your city's time. The exact minute is spread so that not all plugins come at once."
        ),
        validators=[InputRequired(), NumberRange(0, 23)],
    )
    daily = IntegerField(_l("Days kept"), validators=[InputRequired(), NumberRange(1, service.MOST["daily"])])
    weekly = IntegerField(_l("Weeks kept"), validators=[InputRequired(), NumberRange(0, service.MOST["weekly"])])
    monthly = IntegerField(_l("Months kept"), validators=[InputRequired(), NumberRange(0, service.MOST["monthly"])])
    drills = BooleanField(
        _l("Try once a week whether the newest can be put back"),
        description=_l("On a scratch copy that nobody reaches; the plugin itself is not touched."),
    )

    def policy(self) -> Policy:
        return Policy(
            every=self.every.data,
            hour=self.hour.data or 0,
            daily=self.daily.data or 1,
            weekly=self.weekly.data or 0,
            monthly=self.monthly.data or 0,
            drills=bool(self.drills.data),
        )


class TryForm(FlaskForm):
    ref = StringField(
        _l("Branch, tag or commit of your fork"), default="main", validators=[InputRequired(), Length(max=200)]
    )


class ActForm(FlaskForm):
    """A button: only the CSRF token."""


class ConfirmForm(FlaskForm):
    """The name typed to confirm."""

    confirm = StringField(validators=[InputRequired(), Length(max=100)])
