"""Forms of the cities' and the programme's pages. What a rule can refuse is left to the service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    ColorField,
    EmailField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

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
