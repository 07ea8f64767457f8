"""A session as people recognise it."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.accounts.sessions.models import BrowserSession


def name_of(one: BrowserSession) -> str:
    """``Firefox on Windows``, as far as the browser said."""
    if one.browser and one.system:
        return _("%(browser)s on %(system)s", browser=one.browser, system=one.system)
    return one.browser or one.system or _("An unknown browser")
