"""Forms of the cities' and the programme's pages. What a rule can refuse is left to the service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    ColorField,
    DateField,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from registry.accounts import rules as passwords
from registry.accounts.forms import EMAIL, NEEDED

ZONES = [
    ("Asia/Jakarta", _l("Western Indonesia (WIB)")),
    ("Asia/Makassar", _l("Central Indonesia (WITA)")),
    ("Asia/Jayapura", _l("Eastern Indonesia (WIT)")),
]
ROLES = [
    ("admin", _l("City admin: decides everything for the city")),
    ("auditor", _l("Auditor: reads everything, changes nothing")),
    ("administrator", _l("Administrator of one plugin")),
    ("operator", _l("Operator of one plugin: the daily work in it")),
]


class CityFields(FlaskForm):  # type: ignore[misc]
    """What a city may change later as well."""

    name = StringField(
        _l("Name of the city or regency"), [NEEDED, Length(3, 80)],
        render_kw={"placeholder": "Kota Bontang", "data-suggest-slug": "slug"},
    )  # fmt: skip
    timezone = SelectField(_l("Time zone"), [NEEDED], choices=ZONES)
    color = ColorField(
        _l("Colour"), [NEEDED], default="#0b5c4a", description=_l("Dark enough for white text: the portal wears it.")
    )


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


class AgreementForm(FlaskForm):  # type: ignore[misc]
    kind = RadioField(
        _l("Document"), [NEEDED],
        choices=[("memorandum", _l("Memorandum of the mayors")), ("pks", _l("Cooperation agreement (PKS)"))],
    )  # fmt: skip
    number = StringField(
        _l("Number of the document"), [Length(max=80)], description=_l("As it stands on the paper.")
    )
    starts_on = DateField(_l("In force from"), [Optional()])
    ends_on = DateField(_l("until"), [Optional()])
    allows_variants = BooleanField(_l("The city may publish its own variants"), default=True)


class SignForm(FlaskForm):  # type: ignore[misc]
    signatory = StringField(
        _l("Signed by (the office, not the person)"), [NEEDED, Length(3, 120)],
        render_kw={"placeholder": "Kepala Diskominfo"},
    )  # fmt: skip
    signed_on = DateField(_l("Day of the signature"), [Optional()], description=_l("Empty means today."))


class ReasonForm(FlaskForm):  # type: ignore[misc]
    reason = TextAreaField(_l("Reason"), [NEEDED, Length(3, 500)], render_kw={"rows": 3})


class PersonForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(_l("E-mail"), EMAIL)
    name = StringField(
        _l("Name or position"), [Length(max=120)], description=_l("For a new account: Operator Disdukcapil.")
    )
    role = SelectField(_l("Role"), [NEEDED], choices=ROLES)
    plugin = StringField(
        _l("Plugin"), [Length(max=39)], description=_l("Only for the roles of one plugin: its name, for example lapor.")
    )
    opd = SelectField(_l("Unit (OPD)"), [Optional()])


class OpdForm(FlaskForm):  # type: ignore[misc]
    name = StringField(_l("Name of the unit"), [NEEDED, Length(3, 80)])
