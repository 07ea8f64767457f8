"""Mail to citizens and staff, sent by the city: `[connect] mail = true`, and the admin's consent."""

import json
import logging
from collections.abc import Sequence

from lumbung_plugin import outside

logger = logging.getLogger("lumbung.mail")


def send(to: str | Sequence[str], subject: str, text: str) -> bool:
    """Hand a plain text message for one to five people over to Lumbung, which delivers it, also when that takes a day.

    Each gets a message of their own. The sender is the city's address; the plugin's name stands beside it. True when
    it was taken. Alone (and in a copy for trying) nothing is sent: the message is logged and the answer is False.
    Raises NotGranted, QuotaUsed, Refused (an address, a length, a line break in the subject), OutsideError.
    """
    people = [to] if isinstance(to, str) else list(to)
    body = json.dumps({"to": people, "subject": subject, "text": text}).encode()
    try:
        outside.checked(outside.ask("POST", "/mail", body, {"Content-Type": "application/json"}))
    except outside.Alone:
        logger.warning("not sent, the plugin runs alone: %r to %d people", subject, len(people))
        return False
    return True
