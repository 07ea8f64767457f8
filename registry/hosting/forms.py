"""Forms of the plugin pages; a bundle's config form is drawn from its JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FloatField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from registry.hosting import rules, upkeep, wave_rules

CONFIG_PREFIX = "config-"


class NewPluginForm(FlaskForm):
    name = StringField(
        _l("Name in addresses"),
        description=_l("Small letters, digits and hyphens: it becomes part of the address citizens use."),
        validators=[
            InputRequired(),
            Length(max=rules.MAX_NAME),
            Regexp(rules.NAME.pattern + r"\Z", message=_l("Use small letters, digits and hyphens only.")),
        ],
    )
    opd_id = SelectField(_l("OPD"), coerce=int, description=_l("The unit of your government that answers for it."))


class RollbackForm(FlaskForm):
    revision = IntegerField(validators=[InputRequired()])
    with_data = BooleanField()


class MaintenanceForm(FlaskForm):
    words = TextAreaField(
        _l("What citizens read meanwhile"),
        description=_l("Why it is closed and when it is back, for example: Closed until 14.00 today for an update."),
        validators=[InputRequired(), Length(min=upkeep.LEAST_WORDS, max=upkeep.MOST_WORDS)],
        render_kw={"rows": 3},
    )


class DomainForm(FlaskForm):
    hostname = StringField(
        _l("Host name"),
        description=_l("One of your city's own, for example lapor.kotakita.go.id."),
        validators=[InputRequired(), Length(max=255)],
    )


class WaveForm(FlaskForm):
    app = SelectField(_l("App"), validators=[InputRequired()])
    canary = IntegerField(
        _l("Cities that go first"),
        description=_l("The others wait until these have ended well."),
        validators=[InputRequired(), NumberRange(1, wave_rules.MAX_CANARY)],
        default=1,
    )
    size = IntegerField(
        _l("Cities in each wave after that"),
        validators=[InputRequired(), NumberRange(1, wave_rules.MAX_SIZE)],
        default=5,
    )
    pause_minutes = IntegerField(
        _l("Minutes between two waves"),
        description=_l("Time to hear from people before more cities follow."),
        validators=[InputRequired(), NumberRange(0, wave_rules.MAX_PAUSE_MINUTES)],
        default=30,
    )
    tolerated = IntegerField(
        _l("Failures it goes on with"),
        description=_l("One more, and it stops by itself. A city whose upgrade fails is as it was before."),
        validators=[InputRequired(), NumberRange(0, wave_rules.MAX_TOLERATED)],
        default=0,
    )


class ActForm(FlaskForm):
    """A button: only the CSRF token."""


def config_form(schema: Mapping[str, Any], language: str) -> type[FlaskForm]:
    """A form class with one field per property of ``schema``."""
    fields = {CONFIG_PREFIX + field.name: _wtf_field(field) for field in rules.fields(schema, language)}
    return type("ConfigForm", (FlaskForm,), fields)


def config_of_form(schema: Mapping[str, Any], language: str, form: FlaskForm) -> dict[str, Any]:
    """What the person chose, as the values the schema asks for; an empty optional field is left out."""
    config: dict[str, Any] = {}
    for field in rules.fields(schema, language):
        value = _value(field, form[CONFIG_PREFIX + field.name].data)
        if value not in (None, "") or field.kind == "flag":
            config[field.name] = value
    return config


def data_for_form(schema: Mapping[str, Any], language: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """A config (or the schema's defaults) as the form's fields show it."""
    return {
        CONFIG_PREFIX + field.name: _shown(field, config.get(field.name, field.default))
        for field in rules.fields(schema, language)
    }


def _wtf_field(field: rules.Field) -> Field:
    common = {"label": field.title, "description": field.description, "validators": _validators(field)}
    if field.secret:
        return PasswordField(**common, render_kw={"autocomplete": "off"})
    if field.kind == "choice":
        blank = [] if field.required else [("", "–")]
        return SelectField(**common, choices=blank + [(str(choice), str(choice)) for choice in field.choices])
    kinds = {
        "flag": BooleanField,
        "integer": IntegerField,
        "number": FloatField,
        "long": TextAreaField,
        "list": TextAreaField,
        "json": TextAreaField,
    }
    extra = {"render_kw": {"rows": 6}} if kinds.get(field.kind) is TextAreaField else {}
    return kinds.get(field.kind, StringField)(**common, **extra)


def _validators(field: rules.Field) -> list[Any]:
    checks: list[Any] = [InputRequired() if field.required and field.kind != "flag" else Optional()]
    if field.kind in ("integer", "number") and (field.minimum is not None or field.maximum is not None):
        checks.append(NumberRange(min=field.minimum, max=field.maximum))
    if field.max_length and field.kind in ("text", "long"):
        checks.append(Length(max=field.max_length))
    if field.kind == "json":
        checks.append(_is_json)
    return checks


def _is_json(_form: FlaskForm, field: Field) -> None:
    try:
        json.loads(field.data)
    except ValueError as error:
        raise ValidationError(_("This is not JSON: %(why)s", why=str(error))) from None


def _value(field: rules.Field, data: Any) -> Any:
    if field.kind == "list":
        return [line.strip() for line in (data or "").splitlines() if line.strip()] or None
    if field.kind == "json":
        return json.loads(data) if data else None
    if field.kind == "choice":
        return next((choice for choice in field.choices if str(choice) == data), None)
    return data


def _shown(field: rules.Field, value: Any) -> Any:
    if value is None or field.kind == "flag":
        return value
    if field.kind == "list" and isinstance(value, Sequence):
        return "\n".join(map(str, value))
    if field.kind == "json":
        return json.dumps(value, ensure_ascii=False, indent=2)
    return str(value) if field.kind == "choice" else value
