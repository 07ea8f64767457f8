"""How a plugin's wishes and their answers are said."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.connect.rules import ASKED, EGRESS, GIVEN, MAIL, REFUSED, REVOKED, SIBLING, Wish


def wish(asked: Wish) -> str:
    """``asks simtaru for zoning.read``, as a sentence whose subject is the plugin."""
    if asked.kind == SIBLING:
        app, _colon, capability = asked.name.partition(":")
        return _("asks %(app)s for %(capability)s", app=app, capability=capability)
    if asked.kind == EGRESS:
        host, _colon, port = asked.name.rpartition(":")
        return _("wants to reach %(host)s, port %(port)s", host=host, port=port)
    return _("wants to send mail")


def meaning(asked: Wish) -> str:
    """What giving it means, for who decides."""
    if asked.kind == SIBLING:
        app = asked.name.partition(":")[0]
        return _("It may read and write what %(app)s offers there, of your city only.", app=app)
    if asked.kind == EGRESS:
        return _("Data of your city can go to this host; what travels there is not looked at.")
    return _("It may write to citizens and staff in your city's name, up to a number of messages a day.")


def state(code: str) -> str:
    names = {ASKED: _("waits for your answer"), GIVEN: _("allowed"), REFUSED: _("refused"), REVOKED: _("taken back")}
    return names[code]


TONES = {ASKED: "warn", GIVEN: "ok", REFUSED: "muted", REVOKED: "bad"}
ICONS = {SIBLING: "plugin", EGRESS: "globe", MAIL: "envelope"}
