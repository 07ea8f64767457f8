"""Addresses of a city's own: asked for, proved in DNS, routed, looked after, taken away.

Whoever asks for a name shows that the city holds it by a TXT record with the name's token. Then the plugin host routes
it, and the edge may have a certificate for it (`is_ours`). A name whose proof is gone for a week is routed no more: it
may belong to somebody else by then.
"""

from __future__ import annotations

import secrets as random
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from registry.config import HOST_NAME, Settings
from registry.core import audit, scope
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.core.uow import wake_host
from registry.hosting import hostnames
from registry.hosting.dns import Dns, DnsSilentError
from registry.hosting.models import Deployment
from registry.hosting.models_operations import LOST, VERIFIED, Domain
from registry.hosting.reading import settings
from registry.tenants.models import City

MAX_DOMAINS = 5
MISSES = 7
HASTE = timedelta(seconds=5)
"""Who presses the button again within this time is told what was just seen."""

RECHECK_VERIFIED, RECHECK_WAITING = timedelta(days=1), timedelta(minutes=10)
GIVE_UP = timedelta(days=14)
"""A name that was never proved is looked up by itself for so long; the button goes on working."""


@dataclass(frozen=True)
class Seen:
    """What DNS says of a name: ``proved`` by its token, ``leads`` browsers here."""

    proved: bool
    leads: bool


def of(deployment: Deployment) -> list[Domain]:
    wanted = select(Domain).where(Domain.deployment_id == deployment.id).order_by(Domain.hostname)
    return list(db.session.scalars(wanted))


def find(deployment: Deployment, hostname: str) -> Domain:
    found = next((one for one in of(deployment) if one.hostname == hostname), None)
    if found is None:
        raise NotFoundError(_("%(name)s has no address %(host)s.", name=deployment.name, host=hostname))
    return found


def add(city: City, deployment: Deployment, text: str) -> Domain:
    """Ask for a host name; it is routed when it is proved. Raises InvalidError, ConflictError."""
    hostname = _checked(text)
    known = of(deployment)
    if any(one.hostname == hostname for one in known):
        raise ConflictError(_("%(host)s is on the list already.", host=hostname))
    if len(known) >= MAX_DOMAINS:
        raise ConflictError(_("A plugin has at most %(n)d addresses of its own. Remove one first.", n=MAX_DOMAINS))
    if deployment.trial_of:
        raise ConflictError(_("This is a copy for trying: it has no address of its own."))
    if deployment.removed_at:
        raise ConflictError(_("%(name)s was removed. Put it back first.", name=deployment.name))
    domain = Domain(
        tenant_id=city.id, deployment_id=deployment.id, hostname=hostname, token=f"lumbung={random.token_hex(16)}"
    )
    db.session.add(domain)
    db.session.flush()
    audit.record("domain.add", hostname, city.id, plugin=deployment.name)
    return domain


def origin(domain: Domain) -> str:
    """Where citizens reach the plugin by this name, no trailing slash."""
    house = settings()
    return house.origin.replace(house.registry_host, domain.hostname, 1)


def remove(city: City, deployment: Deployment, hostname: str) -> None:
    """Routed no more from now on; its records in DNS are the city's own to remove."""
    domain = find(deployment, hostname)
    db.session.delete(domain)
    audit.record("domain.remove", hostname, city.id, plugin=deployment.name)
    wake_host(deployment.id)


def look(hostname: str, token: str, dns: Dns) -> Seen | None:
    """Ask DNS, outside of any unit of work; None when no name server answered."""
    try:
        proved = token in dns.texts(hostnames.proof_name(hostname))
        return Seen(proved, leads=proved and _leads_here(hostname, dns))
    except DnsSilentError:
        return None


def judge(domain: Domain, seen: Seen | None, now: datetime) -> None:
    """Write what was seen and what follows from it. A silent DNS changes nothing."""
    domain.checked_at = now
    if seen is None:
        domain.message = _("No name server answered. Nothing changes; it is asked again later.")
    elif seen.proved:
        _prove(domain, now, seen.leads)
    elif domain.verified_at is None:
        where = hostnames.proof_name(domain.hostname)
        domain.message = _("The TXT record %(where)s is not there yet, or holds something else.", where=where)
    else:
        _miss(domain)


def due(now: datetime) -> list[Domain]:
    """Those to look up again, the longest unseen first. Needs the programme's scope."""
    verified = Domain.verified_at.is_not(None) & (Domain.checked_at < now - RECHECK_VERIFIED)
    fresh = Domain.verified_at.is_(None) & (Domain.created_at > now - GIVE_UP)
    unseen = func.coalesce(Domain.checked_at, Domain.created_at) < now - RECHECK_WAITING
    wanted = select(Domain).where(verified | (fresh & unseen))
    return list(db.session.scalars(wanted.order_by(Domain.checked_at.nulls_first()).limit(50)))


def is_ours(hostname: str) -> bool:
    """Whether the edge may have a certificate for this name: the registry, a portal, a plugin, a proved address.

    Asked without a session, for any name somebody connects with; answers from an index, whatever it is given.
    """
    name, house = hostname.strip().rstrip(".").lower(), settings()
    if name == house.registry_host:
        return True
    if len(name) > hostnames.MAX_LENGTH or not HOST_NAME.fullmatch(name):
        return False
    scope.enter_programme()
    if name.endswith(f".{house.plugin_domain}"):
        return _is_below(name, house)
    wanted = select(Domain.id).where(Domain.hostname == name, Domain.verified_at.is_not(None))
    return db.session.scalar(wanted) is not None


def _is_below(name: str, house: Settings) -> bool:
    """A portal of an admitted city, or one of its plugins."""
    labels = name.removesuffix(f".{house.plugin_domain}").split(".")
    wanted = select(City.id).where(City.slug == labels[-1], City.state == "admitted")
    if len(labels) == 2:
        wanted = wanted.join(Deployment, Deployment.tenant_id == City.id)
        wanted = wanted.where(Deployment.name == labels[0], Deployment.removed_at.is_(None))
    return len(labels) <= 2 and db.session.scalar(wanted) is not None


def _checked(text: str) -> str:
    house = settings()
    try:
        hostname = hostnames.normal(text[:1000])
    except ValueError:
        raise _invalid("no-name") from None
    if code := hostnames.problem(hostname, house.registry_host, house.plugin_domain, house.longest_domain):
        raise _invalid(code)
    return hostname


def _invalid(code: str) -> InvalidError:
    message = {
        "no-name": _("Write a whole host name, such as lapor.kotakita.go.id, without http:// and without a path."),
        "ours": _("Names below this domain are given by Lumbung itself. Write one of your city's own."),
        "not-public": _("No public DNS answers for a name that ends like this."),
        "too-long": _("This name is too long for this installation. Choose a shorter one."),
    }[code]
    return InvalidError(message, [Finding("hostname", message)])


def _leads_here(hostname: str, dns: Dns) -> bool:
    """Whether browsers arrive here: its addresses are among those of the plugin domain."""
    ours = dns.addresses(settings().plugin_domain)
    found = dns.addresses(hostname)
    return bool(found) and (found <= ours or not ours)


def _prove(domain: Domain, now: datetime, leads: bool) -> None:
    if domain.verified_at is None and not _take(domain, now):
        domain.message = _("Another plugin serves under this name already. Remove it there first.")
        return
    domain.state, domain.misses = VERIFIED, 0
    domain.message = "" if leads else _("Proved, but the name does not lead here yet: set its CNAME or A record.")


def _take(domain: Domain, now: datetime) -> bool:
    """Routed from now on, unless another city's plugin has the name."""
    try:
        with db.session.begin_nested():
            domain.verified_at = now
            db.session.flush()
    except IntegrityError:
        db.session.refresh(domain)
        domain.checked_at = now
        return False
    audit.record("domain.verify", domain.hostname, domain.tenant_id)
    wake_host(domain.deployment_id)
    return True


def _miss(domain: Domain) -> None:
    domain.misses += 1
    if domain.misses < MISSES:
        left = MISSES - domain.misses
        domain.message = _("The TXT record is gone. Put it back within %(n)d days, or the name is let go.", n=left)
        return
    domain.state, domain.verified_at = LOST, None
    domain.message = _("Let go: its TXT record was gone for a week. Put it back and check again.")
    audit.record("domain.lose", domain.hostname, domain.tenant_id)
    wake_host(domain.deployment_id)
