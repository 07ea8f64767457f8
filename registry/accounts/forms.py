"""Forms of the account pages, and how a service's refusal reaches the field it is about."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, IntegerField, PasswordField, RadioField, SelectMultipleField, StringField
from wtforms.validators import Email, EqualTo, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from registry.accounts import rules
from registry.accounts.scopes import READ, SCOPES
from registry.accounts.tokens import MAX_TOKEN_DAYS
from registry.core.errors import RefusalError

NEEDED = InputRequired(_l("Fill this in."))
EMAIL = [NEEDED, Email(_l("Write an e-mail address, for example admin@bontang.example.")), Length(max=200)]


def take(form: FlaskForm, error: RefusalError) -> bool:
    """Show a refusal's findings at their fields; False when one belongs to none of them."""
    fields = [(getattr(form, finding.path, None), finding.message) for finding in error.findings]
    for field, message in fields:
        if field is not None:
            field.errors = [*field.errors, message]
    return bool(fields) and all(field is not None for field, _message in fields)


def tell(form: FlaskForm, error: RefusalError) -> None:
    """Show a refusal at its fields, or above the page when it is about none of them."""
    if not take(form, error):
        flash(error.message, "error")


class SignInForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(
        _l("E-mail"), [NEEDED, Length(max=200)], render_kw={"autocomplete": "username", "autofocus": True}
    )
    password = PasswordField(
        _l("Password"), [NEEDED, Length(max=rules.MAX_PASSWORD)], render_kw={"autocomplete": "current-password"}
    )


class LanguageForm(FlaskForm):  # type: ignore[misc]
    language = RadioField(_l("Language"), [NEEDED])


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField(
        _l("New password"), [NEEDED, Length(max=rules.MAX_PASSWORD)], render_kw={"autocomplete": "new-password"},
        description=_l("At least 12 characters; a few words you remember do well."),
    )  # fmt: skip
    again = PasswordField(
        _l("New password again"), [NEEDED, EqualTo("password", _l("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )  # fmt: skip


class PasswordForm(NewPasswordForm):
    current = PasswordField(
        _l("Current password"), [NEEDED, Length(max=rules.MAX_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )  # fmt: skip


class SignOutForm(FlaskForm):  # type: ignore[misc]
    tokens = BooleanField(
        _l("Also revoke my tokens for git and the API"),
        description=_l("Machines that use one stop working until they get a new one."),
    )


class TokenForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        _l("Name"), [NEEDED, Length(max=80)], description=_l("So that you recognise it: the machine or the task.")
    )
    days = IntegerField(
        _l("Days it lives"), default=90,
        validators=[NEEDED, NumberRange(1, MAX_TOKEN_DAYS, _l("A token lives 1 to 366 days."))],
    )  # fmt: skip
    scopes = SelectMultipleField(
        _l("It may"), [NEEDED], choices=[], default=[READ],
        description=_l("No more than the machine needs: a token that leaks opens only this."),
        option_widget=CheckboxInput(), widget=ListWidget(),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.scopes.choices = [(code, f"{label} ({code})") for code, label in SCOPES.items()]
