"""Forms of the pages that links by mail lead to."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField
from wtforms.validators import Length

from registry.accounts.forms import EMAIL, NEEDED, NewPasswordForm


class ForgotForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(_l("E-mail"), EMAIL, render_kw={"autocomplete": "username"})


class NewcomerForm(NewPasswordForm):
    """Of somebody invited who has no account yet."""

    name = StringField(
        _l("Your name or position"), [NEEDED, Length(2, 120)], render_kw={"autocomplete": "name"},
        description=_l("What colleagues read beside your acts: Operator Disdukcapil."),
    )  # fmt: skip


class ButtonForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the button: a mail scanner that follows links presses none."""
