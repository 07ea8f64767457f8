"""Which hosts outside a bundle may ask to reach, judged by the text of ``host:port`` alone.

The gateway asks for the address when the connection is made, and judges that too (`registry.connect.rules`).
"""

from __future__ import annotations

import re

from flask_babel import gettext as _

MAX_HOSTS = 20
HOST = re.compile(
    r"(?=.{4,253}:)((?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)[a-z][a-z0-9-]{0,61}[a-z0-9]:[1-9][0-9]{0,4}", re.ASCII
)
"""Small letters, at least two labels, the last of which is no number: an address cannot be written this way."""

HERE_ONLY = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".localdomain")
MAIL_PORT = 25


def problem(wish: str) -> str | None:
    """Why ``host:port`` cannot be asked for, in words for the bundle's author."""
    host, _colon, port = wish.rpartition(":")
    if not HOST.fullmatch(wish) or int(port) > 65_535:
        return _("Must name one host and its port in small letters, such as api.bmkg.go.id:443; no IP address.")
    if host.endswith(HERE_ONLY):
        return _(
            "%(host)s is a name of a private network: only hosts of the public internet can be reached.", host=host
        )
    if int(port) == MAIL_PORT:
        return _("Port 25 is closed: write mail = true, and send mail through the city.")
    return None
