"""Forms of the cities' and the programme's pages. What a rule can refuse is left to the service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import ColorField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from registry.accounts.forms import NEEDED

ZONES = [
    ("Asia/Jakarta", _l("Western Indonesia (WIB)")),
    ("Asia/Makassar", _l("Central Indonesia (WITA)")),
    ("Asia/Jayapura", _l("Eastern Indonesia (WIT)")),
]


class SeenForm(FlaskForm):  # type: ignore[misc]
    """Carries the ``version`` the person looked at, so that two who act at once hear of each other."""

    version = HiddenField()

    @property
    def seen(self) -> int | None:
        text = str(self.version.data or "").strip()
        return int(text) if text.isdecimal() and len(text) < 10 else None

    def see(self, version: int) -> None:
        """Who was slower is shown what stands there now, and goes on from that."""
        self.version.raw_data, self.version.data = None, version


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
