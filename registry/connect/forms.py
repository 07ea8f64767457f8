"""The answer to one wish of a plugin."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from registry.connect import rules


class DecisionForm(FlaskForm):
    kind = StringField(validators=[InputRequired(), AnyOf(rules.KINDS)])
    wish = StringField(validators=[Length(max=300)])
    answer = SelectField(choices=["give", "take"], validators=[InputRequired()])
