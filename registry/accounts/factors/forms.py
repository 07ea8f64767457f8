"""Forms of second factors. What a passkey answers is put into `answer` by a script."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from registry.accounts import rules as accounts_rules
from registry.accounts.factors import rules

NEEDED = InputRequired(_l("Fill this in."))
ONE_TIME = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class CodeForm(FlaskForm):  # type: ignore[misc]
    code = StringField(
        _l("Code from your app"), [NEEDED, Length(max=rules.MAX_CODE)], render_kw=ONE_TIME,
        description=_l("Six digits; each is good for one time."),
    )  # fmt: skip


class RecoveryForm(FlaskForm):  # type: ignore[misc]
    code = StringField(
        _l("Recovery code"), [NEEDED, Length(max=rules.MAX_CODE)], render_kw=PLAIN, id="recovery",
        description=_l("One of the ten you kept, for example abcd-efgh-jkmn-pqrs."),
    )  # fmt: skip


class PasskeyForm(FlaskForm):  # type: ignore[misc]
    answer = HiddenField(validators=[NEEDED, Length(max=rules.MAX_ANSWER)])


class NewPasskeyForm(PasskeyForm):
    name = StringField(
        _l("Name"), [NEEDED, Length(max=rules.MAX_NAME)],
        description=_l("So that you recognise it: the phone, the computer or the stick it is on."),
    )  # fmt: skip


class PasswordOnlyForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField(
        _l("Password"), [NEEDED, Length(max=accounts_rules.MAX_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )  # fmt: skip
