"""How somebody wants to hear of each group: one choice a group, those that are fixed left out."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

from registry.accounts.notices.kinds import APP, DAILY, GROUPS, MAIL, OFF

WAY_NAMES = {
    MAIL: _l("in the app and by mail at once"),
    DAILY: _l("in the app, and once a day by mail"),
    APP: _l("in the app only"),
    OFF: _l("not at all"),
}


class PreferencesForm(FlaskForm):  # type: ignore[misc]
    """A field for each group that is not fixed, by the group's name."""

    def chosen(self) -> dict[str, str]:
        return {group: getattr(self, group).data for group, told in GROUPS.items() if not told.fixed}


for _group, _told in GROUPS.items():
    if not _told.fixed:
        setattr(PreferencesForm, _group, SelectField(_told.label, choices=list(WAY_NAMES.items())))
