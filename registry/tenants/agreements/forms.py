"""Forms of agreements. What a rule can refuse is left to the service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, StringField
from wtforms.validators import Length, Optional

from registry.accounts.forms import NEEDED


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
