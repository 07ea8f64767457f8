"""Forms of handovers. What a rule can refuse is left to the service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, StringField
from wtforms.validators import Length, Optional

from registry.accounts.forms import NEEDED


class SignForm(FlaskForm):  # type: ignore[misc]
    signatory = StringField(
        _l("Signed by (the office, not the person)"), [NEEDED, Length(3, 120)],
        render_kw={"placeholder": "Kepala Diskominfo"},
    )  # fmt: skip
    signed_on = DateField(_l("Day of the signature"), [Optional()], description=_l("Empty means today."))


class ScanForm(FlaskForm):  # type: ignore[misc]
    scan = FileField(
        _l("Scan of the signed document"), [FileRequired(_l("Choose a file."))],
        description=_l("A PDF, a JPEG or a PNG, at most 10 MB."), render_kw={"accept": ".pdf,.jpg,.jpeg,.png"},
    )  # fmt: skip
