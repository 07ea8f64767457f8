"""What maintainers fill in about room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

MB = 2**20
MOST_MB = 100 * 2**20


class RoomForm(FlaskForm):
    """Megabytes; empty: the installation's setting, 0: no limit."""

    limit = IntegerField(_("Limit in MB"), [Optional(), NumberRange(0, MOST_MB)])

    def bytes(self) -> int | None:
        found: int | None = self.limit.data
        return None if found is None else found * MB
