"""Mail as it lies in the folder of an installation that has no mail server."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.waiting import until

from .stack import Stack


def link(stack: Stack, to: str, path: str) -> str:
    """The newest address below ``path`` that was mailed to that person, once the worker has delivered it."""
    wanted = re.compile(re.escape(stack.origin) + path + r"\S*")
    found: str = until(lambda: next(iter(_links(stack, to, wanted)), ""), 30, 0.2)
    return found


def _links(stack: Stack, to: str, wanted: re.Pattern[str]) -> list[str]:
    """Newest first."""
    messages = [one for one in _messages(stack) if one["To"] == to]
    return [hit for one in messages for hit in wanted.findall(_text(one))]


def _messages(stack: Stack) -> list[EmailMessage]:
    files = sorted((stack.data / "mail").glob("*.eml"), reverse=True)
    return [message_from_bytes(one.read_bytes(), policy=policy.default) for one in files]  # type: ignore[misc]


def _text(message: EmailMessage) -> str:
    plain = message.get_body(("plain",))
    return str(plain.get_content()) if plain else ""
