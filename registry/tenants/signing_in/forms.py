"""What a city's admin enters of the city's own sign-in; the rules are the service's."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import Length

from registry.accounts.forms import NEEDED
from registry.core.outgoing import MAX_URL
from registry.tenants.signing_in.service import MAX_CLIENT, MAX_SECRET


class ProviderForm(FlaskForm):  # type: ignore[misc]
    issuer = StringField(
        _l("Issuer"), [NEEDED, Length(max=MAX_URL)], render_kw={"placeholder": "https://login.bontangkota.go.id"},
        description=_l("The provider's own address, letter by letter as it writes it itself."),
    )  # fmt: skip
    client = StringField(
        _l("Client ID"), [NEEDED, Length(max=MAX_CLIENT)], description=_l("The name the provider gave this registry."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    secret = PasswordField(
        _l("Client secret"), [Length(max=MAX_SECRET)], render_kw={"autocomplete": "off"},
        description=_l("Kept encrypted and never shown. Leave it empty to keep the one there is."),
    )  # fmt: skip
    domains = StringField(
        _l("Mail domains"), [NEEDED, Length(max=2000)], render_kw={"placeholder": "bontangkota.go.id"},
        description=_l("The provider is believed about addresses of these domains only, and only about your people."),
    )  # fmt: skip
    enabled = BooleanField(_l("People may sign in with it"), default=True)
