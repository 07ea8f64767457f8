"""Forms of the pages that links by mail lead to."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import EqualTo, Length

from registry.accounts import rules
from registry.accounts.forms import EMAIL, NEEDED


class ForgotForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(_l("E-mail"), EMAIL, render_kw={"autocomplete": "username"})


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField(
        _l("New password"), [NEEDED, Length(max=rules.MAX_PASSWORD)], render_kw={"autocomplete": "new-password"},
        description=_l("At least 12 characters; a few words you remember do well."),
    )  # fmt: skip
    again = PasswordField(
        _l("New password again"), [NEEDED, EqualTo("password", _l("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )  # fmt: skip


class NewcomerForm(NewPasswordForm):
    """Of somebody invited who has no account yet."""

    name = StringField(
        _l("Your name or position"), [NEEDED, Length(2, 120)], render_kw={"autocomplete": "name"},
        description=_l("What colleagues read beside your acts: Operator Disdukcapil."),
    )  # fmt: skip


class ButtonForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the button: a mail scanner that follows links presses none."""
