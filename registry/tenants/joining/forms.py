"""Forms of signing up. What a rule can refuse is left to the service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import Length

from registry.accounts import rules as passwords
from registry.accounts.forms import EMAIL, NEEDED
from registry.tenants.forms import CityFields


class JoinForm(CityFields):
    code = StringField(
        _l("Kemendagri code"), [NEEDED, Length(max=12)],
        description=_l("Two digits of the province, a dot, two digits: 64.74 for Kota Bontang. Not the BPS code."),
        render_kw={"placeholder": "64.74", "inputmode": "decimal"},
    )  # fmt: skip
    slug = StringField(
        _l("Name in addresses"), [NEEDED, Length(max=40)],
        description=_l("Small letters, digits and hyphens. It becomes part of every address and stays."),
        render_kw={"placeholder": "bontang", "autocapitalize": "off"},
    )  # fmt: skip
    contact_office = StringField(
        _l("Office in charge"), [NEEDED, Length(3, 120)],
        render_kw={"placeholder": "Dinas Komunikasi dan Informatika"},
    )  # fmt: skip
    contact_name = StringField(
        _l("Contact, by position"), [NEEDED, Length(3, 120)], render_kw={"placeholder": "Kepala Bidang Aplikasi"}
    )


class JoinWithAccountForm(JoinForm):
    """For a visitor without an account: the city's first admin is made with it."""

    email = EmailField(_l("E-mail of the first admin"), EMAIL, render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("Password"), [NEEDED, Length(max=passwords.MAX_PASSWORD)], render_kw={"autocomplete": "new-password"},
        description=_l("At least 12 characters; a few words you remember do well."),
    )  # fmt: skip
