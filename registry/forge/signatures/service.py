"""What pages and programs say of the signatures of a repository's commits and tags."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from threading import Lock

from sqlalchemy import func, select

from registry.catalog.models import App
from registry.core.clock import today
from registry.core.db import db
from registry.forge.signatures import objects, own, sealing
from registry.forge.signatures.models import PersonKey
from registry.forge.signatures.objects import Raw
from registry.forge.signatures.rules import (
    HERE,
    MAX_MARKS,
    MAX_PGP,
    UNCHECKED,
    Holder,
    Mark,
    Seal,
    mark,
)
from registry.tenants import rules as tenants
from registry.tenants.models import City, Membership

REMEMBERED = 20_000
PASSING = ("no-gpgv", "slow")
"""Why something was not checked that may be otherwise the next time."""

_seals: OrderedDict[tuple[str, str], Seal] = OrderedDict()
"""By object id and state of the keys: an object never changes. "" for what no OpenPGP key added later can change."""
_lock = Lock()


def marks(repository: Path, app: App, city: City | None, names: Sequence[str]) -> dict[str, Mark]:
    """By the name asked (full ids of commits, or ``refs/tags/…``), at most `MAX_MARKS`; one git process at most.

    ``city`` is the fork's, None for the app's upstream. What is not there is left out. Raises GitError.
    """
    found = _sealed(repository, names[:MAX_MARKS])
    ours = own.fingerprints()
    holders = _holders({seal.fingerprint for seal in found.values()} - {"", *ours}, app, city)
    return {name: _told(seal, holders, ours) for name, seal in found.items()}


def _told(seal: Seal, holders: Mapping[str, Holder], ours: Collection[str]) -> Mark:
    if seal.state == "good" and seal.kind == "ssh" and seal.fingerprint in ours:
        return Mark(HERE, seal.kind, seal.fingerprint)
    return mark(seal, holders.get(seal.fingerprint))


def _sealed(repository: Path, names: Sequence[str]) -> dict[str, Seal]:
    known = {name: _remembered(name, "") for name in names}
    if None not in known.values():
        return {name: seal for name, seal in known.items() if seal is not None}
    state = _state_of_keys()
    known = {name: _remembered(name, state) for name in names}
    missing = [name for name, seal in known.items() if seal is None]
    started = 0
    for name, raw in objects.read(repository, missing).items():
        seal = _remembered(raw.id, state)
        if seal is None and _is_pgp(raw):
            started += 1
            seal = Seal(UNCHECKED, "openpgp", reason="many") if started > MAX_PGP else None
        known[name] = seal = seal or _made(raw, state)
        started = MAX_PGP if seal.reason == "slow" else started
    return {name: seal for name, seal in known.items() if seal is not None}


def _made(raw: Raw, state: str) -> Seal:
    seal = sealing.seal(raw, _key_text)
    if seal.reason in PASSING:
        return seal
    with _lock:
        _seals[raw.id, state if seal.kind == "openpgp" else ""] = seal
        while len(_seals) > REMEMBERED:
            _seals.popitem(last=False)
    return seal


def _remembered(name: str, state: str) -> Seal | None:
    return _seals.get((name, "")) or _seals.get((name, state))


def _is_pgp(raw: Raw) -> bool:
    return raw.content is not None and b"-----BEGIN PGP " in raw.content


def _state_of_keys() -> str:
    """Changes with every key of OpenPGP that comes, and with the day, for keys expire."""
    newest = db.session.scalar(select(func.max(PersonKey.id)).where(PersonKey.kind == "openpgp"))
    return f"{newest or 0} {today().isoformat()}"


def _key_text(fingerprint: str) -> str:
    of_it = (PersonKey.kind == "openpgp", PersonKey.fingerprint == fingerprint)
    return db.session.scalar(select(PersonKey.text).where(*of_it)) or ""


def _holders(fingerprints: Collection[str], app: App, city: City | None) -> dict[str, Holder]:
    if not fingerprints:
        return {}
    keys = db.session.scalars(select(PersonKey).where(PersonKey.fingerprint.in_(fingerprints))).all()
    pushers = _pushers({key.user_id for key in keys}, app, city)
    return {key.fingerprint: Holder(key.user.name, key.revoked_at, key.user_id in pushers) for key in keys}


def _pushers(people: Collection[int], app: App, city: City | None) -> set[int]:
    """Those of them who may push here now; to a variant its city's people may."""
    roles = tenants.PERMISSIONS["app.publish" if city is None and app.publisher.publisher else "fork.push"]
    where = city.id if city else app.publisher_id
    wanted = select(Membership.user_id).where(
        Membership.user_id.in_(people), Membership.city_id == where, Membership.role.in_(roles)
    )
    return set(db.session.scalars(wanted))
