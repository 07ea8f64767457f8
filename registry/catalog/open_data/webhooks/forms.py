"""Forms of the webhook pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField, URLField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from registry.catalog.open_data.events import EVENTS
from registry.catalog.open_data.webhooks import service, words
from registry.core.outgoing import MAX_URL


class ChangeForm(FlaskForm):  # type: ignore[misc]
    note = StringField(
        _l("What it is for"),
        [Length(max=service.MAX_NOTE)],
        description=_l("For your colleagues, for example: news on the city's intranet."),
    )
    events = SelectMultipleField(
        _l("When it is told"),
        [InputRequired(_l("Choose at least one."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )

    def offer(self) -> None:
        """Every event, in the visitor's language."""
        self.events.choices = [(code, f"{code} – {words.event(code)}") for code in EVENTS]


class WebhookForm(ChangeForm):
    url = URLField(
        _l("Address"),
        [InputRequired(_l("Fill this in.")), Length(max=MAX_URL)],
        description=_l("https only, on the public internet."),
    )
