"""What a link by mail is for and how long it opens something: values in, values out."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

INVITATION, PASSWORD, ADDRESS = "invitation", "password", "address"
PLACES = {INVITATION: "/invitation/", PASSWORD: "/sign-in/new-password/", ADDRESS: "/address/"}
"""Purpose → where its links lead."""

TEXT = re.compile(r"[A-Za-z0-9_-]{43}")
"""256 random bits in base64url."""

MAX_DAYS = 30
LIVES = timedelta(hours=1)
"""Of a link that sets a new password."""

KEPT = timedelta(days=30)
"""After its end: so that its row can say for a while that it was used or has expired."""

USED, EXPIRED = "used", "expired"


def problem(used_at: datetime | None, expires_at: datetime, now: datetime) -> str | None:
    """Why a link opens nothing any more."""
    if used_at is not None:
        return USED
    return EXPIRED if expires_at <= now else None
