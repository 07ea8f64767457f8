"""How an office shows that it is one: a link to its official address, a letter, or a maintainer's own check."""

from __future__ import annotations

from datetime import date
from typing import IO

from flask_babel import gettext as _

from registry.accounts import service as accounts
from registry.accounts.links import service as links
from registry.accounts.links.models import Link
from registry.accounts.models import User
from registry.core import audit, clock, mail, scope
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.tenants.documents import files
from registry.tenants.joining import rules, service
from registry.tenants.joining.models import CityApplication
from registry.tenants.joining.words import problem_text
from registry.tenants.models import City

PURPOSE, DAYS = "address", 14
SUBJECT = "joining:"
MAX_NUMBER, MAX_LETTERS = 80, 5


def send_link(city: City, found: CityApplication) -> None:
    """Mail the link that proves the official address, in the open unit of work; older ones end."""
    links.withdraw(PURPOSE, found.proof_mail, _subject(city))
    address = links.make(PURPOSE, found.proof_mail, DAYS, _subject(city))
    text = _(
        "%(city)s applies to join the app-sharing programme and names this address as that of its office. Confirm it "
        "here:\n\n%(address)s\n\nThe link works for %(days)d days. If your office did not apply, do nothing: without "
        "you the application is not proven.",
        city=city.name, address=address, days=DAYS,
    )  # fmt: skip
    mail.send([found.proof_mail], _("Confirm the application of %(city)s", city=city.name), text + "\n",
              tenant_id=city.id)  # fmt: skip


def ask_link(city: City, address: str, seen: int | None = None) -> None:
    """Prove the office by this official address: the link goes there.

    Raises InvalidError, ConflictError, and TooManyError for who asks for link after link: cities sign up by themselves.
    """
    wanted = address.strip().lower()
    if not rules.is_official(wanted) or not rules.is_mail(wanted):
        raise InvalidError(problem_text("not-official"), [Finding("proof_mail", problem_text("not-official"))])
    found = service.lock(city, "prove", seen)
    if found.proven_at:
        raise ConflictError(_("The office is proven already."))
    accounts.count_sign_up(f"city {city.id}")
    accounts.count_sign_up(wanted)
    found.proof, found.proof_mail = "mail", wanted
    audit.record("city.prove-by", city.slug, tenant_id=city.id)
    send_link(city, found)


def accept(link: Link, user: User | None) -> str | None:
    """What the button of the link's page does; of `registry.accounts.links.service.on_accept`."""
    city = _city(link)
    if user is None:
        audit.act_as(audit.Actor(None, link.email))
    scope.enter_city(city.id)
    found = service.lock(city, "prove", None)
    if found.proof_mail != link.email:
        raise NotFoundError(_("The application names another address now."))
    found.proven_at, found.proven_by, found.proven_how = clock.now(), link.email, "mail"
    service.note(found, "proved", link.email)
    audit.record("city.prove", city.slug, tenant_id=city.id)
    return "/join/proved"


def describe(link: Link) -> str:
    city = _city(link)
    told = {"address": link.email, "city": city.name, "code": city.code}
    return _("%(address)s is the official address of the office that applies for %(city)s (%(code)s).", **told)


def keep_letter(
    city: City, name: str, stream: IO[bytes], number: str, day: date | None, seen: int | None = None
) -> None:
    """Keep the scan of a letter of assignment; a maintainer reads it and vouches for it.

    Raises InvalidError for a date or a file that is not right, TooLargeError, ConflictError; also for one too many:
    each stays on the disk, and anybody may sign a city up.
    """
    problem = rules.letter_problem(day, clock.today())
    if problem:
        raise InvalidError(problem_text(problem), [Finding("letter_on", problem_text(problem))])
    found = service.lock(city, "prove", seen)
    if sum(one.kind == "letter" for one in service.notes_of(city)) >= MAX_LETTERS:
        raise ConflictError(_("At most %(n)d letters are kept. Write to the maintainers below.", n=MAX_LETTERS))
    stored = files.keep(city, name, stream, field="letter")
    found.proof, found.letter_digest, found.letter_name = "letter", stored.digest, stored.name
    found.letter_kind, found.letter_size = stored.kind, stored.size
    found.letter_number, found.letter_on = " ".join(number.split())[:MAX_NUMBER], day
    service.note(found, "letter", stored.name)
    audit.record("city.letter", city.slug, tenant_id=city.id, digest=stored.digest)


def _subject(city: City) -> str:
    return f"{SUBJECT}{city.id}"


def _city(link: Link) -> City:
    number = link.subject.removeprefix(SUBJECT)
    city = db.session.get(City, int(number)) if link.subject.startswith(SUBJECT) and number.isdigit() else None
    if city is None:
        raise NotFoundError(_("This link is about a city that is not there any more."))
    return city
