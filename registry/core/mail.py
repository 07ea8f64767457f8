"""Mail: written inside the unit of work that wants it, delivered by the worker, tried again for about a day.

Each recipient gets a message of their own, so none learns of the others and one that is refused holds up nobody. A
message lies encrypted in the queue. It may arrive twice when the worker is killed at the wrong moment; both copies
then carry one Message-ID.
"""

from __future__ import annotations

import os
import secrets as random
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

import procrastinate
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_babel import gettext as _

from registry.config import Settings
from registry.core import clock, jobs, undelivered
from registry.core.errors import InvalidError
from registry.core.logs import logger
from registry.core.secrets import open_vault

MAX_RECIPIENTS = 50
MAX_SUBJECT, MAX_SENDER, MAX_PLACE = 200, 100, 500
MAX_TEXT, MAX_HTML = 256 * 2**10, 512 * 2**10
KEPT_FILES = 500
SECONDS = 30
ATTEMPTS = procrastinate.RetryStrategy(max_attempts=8, exponential_wait=4)
"""After 4 s, 16 s, 64 s … 18 hours: a mail server that is being repaired loses nothing."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")
UNSUBSCRIBE = "List-Unsubscribe"


class _Wire(EmailPolicy):
    """As SMTP wants a message; but an address to unsubscribe is not broken into pieces, which no mailbox would read."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name == UNSUBSCRIBE:
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


_WIRE = _Wire(linesep="\r\n", cte_type="7bit")


class MailServerError(Exception):
    """LUMBUNG_SMTP cannot be used as it is written; the message says why."""


@dataclass(frozen=True)
class Server:
    """A mail server. ``implicit``: TLS from the first byte (smtps), else STARTTLS where it is offered."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    implicit: bool = False


def send(
    to: Sequence[str],
    subject: str,
    text: str,
    html: str | None = None,
    tenant_id: int | None = None,
    sender: str = "",
    unsubscribe: str = "",
) -> str:
    """Enqueue a message in the open unit of work; nothing is sent when that rolls back. Answers its Message-ID.

    ``sender`` is the name shown beside our own address, ``tenant_id`` the city it is sent for (for the log),
    ``unsubscribe`` an address that a POST to switches such mail off (RFC 8058). Raises InvalidError for an address, a
    length or a line break in a header that is not right.
    """
    settings: Settings = current_app.extensions["lumbung"]
    recipients = _recipients(to)
    _check_lengths(text, html)
    identity = make_msgid(domain=sender_address(settings).rpartition("@")[2])
    vault = open_vault(settings.secrets)
    for recipient in recipients:
        message = compose(settings, recipient, _line(subject, MAX_SUBJECT), text, html, _line(sender, MAX_SENDER))
        message["Message-ID"] = identity
        if unsubscribe:
            message[UNSUBSCRIBE] = f"<{_line(unsubscribe, MAX_PLACE)}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        sealed = vault.seal(message.as_bytes().decode("ascii")).decode()
        jobs.defer("core.mail", sealed=sealed, recipient=_hidden(recipient), tenant_id=tenant_id)
    return identity


def compose(
    settings: Settings, recipient: str, subject: str, text: str, html: str | None = None, sender: str = ""
) -> EmailMessage:
    """One message to one checked address, in plain ASCII on the wire."""
    address = sender_address(settings)
    message = EmailMessage(policy=_WIRE)
    message["From"] = Address(sender or "Lumbung", addr_spec=address)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.now())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    if html is not None:
        message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def sender_address(settings: Settings) -> str:
    return settings.mail_from or f"lumbung@{settings.registry_host}"


def checked_address(address: str) -> str:
    """The address as any server takes it (a foreign domain in its ASCII form). Raises InvalidError; asks no server."""
    try:
        known = validate_email(address, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        raise InvalidError(_("%(address)s is no e-mail address we can write to.", address=address[:100])) from None
    return known.ascii_email or known.normalized


def parse_server(url: str) -> Server:
    """``smtp://[user:password@]host[:port]`` or ``smtps://…``. Raises MailServerError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise MailServerError(f"LUMBUNG_SMTP: {error}") from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise MailServerError("LUMBUNG_SMTP must read smtp://host:port or smtps://host:port")
    implicit = parts.scheme == "smtps"
    default = 465 if implicit else 587 if parts.username else 25
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname, port or default, user, password, implicit)


@jobs.queue.task(name="core.mail", retry=ATTEMPTS)
def deliver(sealed: str, recipient: str, tenant_id: int | None) -> None:
    """In the worker: hand one message over, or keep it as a file where no mail server is named."""
    if jobs.application is None:
        raise RuntimeError("mail is delivered by the worker only")
    settings: Settings = jobs.application.extensions["lumbung"]
    content = open_vault(settings.secrets).open(sealed.encode()).encode("ascii")
    if not settings.smtp:
        keep(settings.data / "mail", content)
        return
    try:
        hand_over(parse_server(settings.smtp), sender_address(settings), content)
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        _given_up_or_again(error, code, reason, content, tenant_id)
    except smtplib.SMTPResponseException as error:
        _given_up_or_again(error, error.smtp_code, error.smtp_error, content, tenant_id)


def hand_over(server: Server, sender: str, content: bytes) -> None:
    """Raises OSError (smtplib's errors among them) when the server does not take it."""
    recipient = _recipient_in(content)
    with _connected(server) as client:
        if server.user:
            client.login(server.user, server.password)
        client.sendmail(sender, [recipient], content)


def keep(folder: Path, content: bytes) -> None:
    """Write a message to a file only we can read; the oldest of more than `KEPT_FILES` go."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{clock.now():%Y%m%dT%H%M%S%f}-{random.token_hex(4)}.eml"
    draft = path.with_suffix(".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.rename(path)
    for old in sorted(folder.glob("*.eml"))[:-KEPT_FILES]:
        old.unlink(missing_ok=True)


def _connected(server: Server) -> smtplib.SMTP:
    """A connection that is encrypted wherever a password or a foreign network is involved."""
    context = ssl.create_default_context()
    if server.implicit:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    client = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        client.ehlo()
        if server.host not in LOOPBACK and client.has_extn("starttls"):
            client.starttls(context=context)
        elif server.user and server.host not in LOOPBACK:
            raise MailServerError(f"{server.host} offers no encryption: the password is not sent in the clear")
    except BaseException:
        client.close()
        raise
    return client


def _given_up_or_again(error: OSError, code: int, reason: bytes | str, content: bytes, tenant_id: int | None) -> None:
    """A refusal for good (5xx) is noted and not repeated; anything else is tried again."""
    if not 500 <= code < 600 or jobs.application is None:
        raise error
    address = _recipient_in(content)
    said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    logger.warning("mail refused", to=_hidden(address), city=tenant_id, code=code, reason=said[:200])
    with jobs.application.app_context():
        undelivered.note(address, _hidden(address), code, said, tenant_id)


def _recipients(to: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(to))
    if isinstance(to, str) or not 1 <= len(wanted) <= MAX_RECIPIENTS:
        raise InvalidError(_("A message goes to 1 to %(n)d addresses.", n=MAX_RECIPIENTS))
    return [checked_address(address) for address in wanted]


def _check_lengths(text: str, html: str | None) -> None:
    if len(text.encode("utf-8", "replace")) > MAX_TEXT or len((html or "").encode("utf-8", "replace")) > MAX_HTML:
        raise InvalidError(_("This message is too long: at most %(n)d kB of text.", n=MAX_TEXT // 1024))
    if any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in text + (html or "")):
        raise InvalidError(_("The message has characters that cannot be sent (NUL or half a pair)."))


def _line(value: str, most: int) -> str:
    """What may stand in a header: one line of printable text."""
    if len(value) > most or not value.isprintable():
        raise InvalidError(_("The subject and the sender of a message are one line of at most %(n)d letters.", n=most))
    return value.strip()


def _recipient_in(content: bytes) -> str:
    """The address in the To line of our own message."""
    head = content.partition(b"\r\n\r\n")[0].decode("ascii").replace("\r\n ", " ")
    line = next(line for line in head.split("\r\n") if line.startswith("To: "))
    return line.removeprefix("To: ").strip()


def _hidden(address: str) -> str:
    """For logs and the queue's table: enough to help, not the whole address."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
