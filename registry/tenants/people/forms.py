"""Forms about people. What a rule can refuse is left to the service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import Length, Optional

from registry.accounts.forms import EMAIL, NEEDED

ROLES = [
    ("admin", _l("City admin: decides everything for the city")),
    ("auditor", _l("Auditor: reads everything, changes nothing")),
    ("administrator", _l("Administrator of one plugin")),
    ("operator", _l("Operator of one plugin: the daily work in it")),
]
POSITION = [Length(max=120)]


class MaintainerForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(_l("E-mail"), EMAIL)
    name = StringField(
        _l("Name or position"), POSITION, description=_l("For you to recognise: Operator Disdukcapil."),
    )  # fmt: skip


class InviteForm(MaintainerForm):
    role = SelectField(_l("Role"), [NEEDED], choices=ROLES)
    plugin = StringField(
        _l("Plugin"), [Length(max=39)], render_kw={"list": "plugins", "autocomplete": "off"},
        description=_l("Only for the roles of one plugin: its name, for example lapor."),
    )  # fmt: skip
    opd = SelectField(_l("Unit (OPD)"), [Optional()])


class UnitForm(FlaskForm):  # type: ignore[misc]
    name = StringField(_l("Name of the unit"), [NEEDED, Length(3, 80)])
    parent = SelectField(_l("Part of"), [Optional()])
