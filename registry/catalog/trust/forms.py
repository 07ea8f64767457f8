"""Forms of an app's maintenance page."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from registry.catalog.search import classes
from registry.catalog.trust.maintenance import MAX_REASON

REASON = [InputRequired(_l("Fill this in.")), Length(max=MAX_REASON)]


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    reason = TextAreaField(
        _l("Why"), REASON, description=_l("Everybody reads it: what goes wrong, and for whom."), render_kw={"rows": 3}
    )


class RetireForm(FlaskForm):  # type: ignore[misc]
    why = TextAreaField(
        _l("Why"), REASON, description=_l("Everybody reads it: until when it is cared for, and what comes next."),
        render_kw={"rows": 3},
    )  # fmt: skip
    successor = StringField(
        _l("App that takes its place"),
        [Optional(), Length(max=60)],
        description=_l("Its name in addresses, as in /apps/lapor."),
    )


class ClassesForm(FlaskForm):  # type: ignore[misc]
    dimensions = SelectMultipleField(
        _l("Smart-city dimensions"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    affairs = SelectMultipleField(
        _l("Government affairs"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def offer(self) -> ClassesForm:
        """Every class, in the visitor's language."""
        language = str(get_locale())
        self.dimensions.choices = [(code, classes.name("dimension", code, language)) for code in classes.dimensions()]
        self.affairs.choices = [(code, classes.name("affair", code, language)) for code in classes.affairs()]
        return self
