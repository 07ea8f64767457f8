"""Who is asking: the person or the sibling plugin the serving shim has verified, and what a role lets them do."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, has_request_context, request
from flask_babel import gettext

from lumbung_plugin.city import hosted

P = ParamSpec("P")
R = TypeVar("R")

# An administrator may do all an operator may.
RANK = {"operator": 1, "administrator": 2}


@dataclass(frozen=True)
class Person:
    """A member of staff. `role` is `operator` or `administrator`, `opd` the unit they work for, if known.

    `opd_id` is the unit's number in the registry: it stays when the unit is renamed, so keep that one.
    """

    id: str
    name: str
    role: str
    opd: str | None = None
    opd_id: int | None = None

    def may(self, role: str) -> bool:
        """Whether this person has `role` or one that includes it. An unknown role is nobody's."""
        return RANK.get(self.role, 0) >= RANK.get(role, len(RANK) + 1)


@dataclass(frozen=True)
class Caller:
    """Another plugin of the same city, which its admin allowed to ask: `plugin` by name, for `capability`."""

    plugin: str
    capability: str


def standalone_staff() -> Person | None:
    """The pretended person of `STANDALONE_STAFF="name:role"`, for trying out on one's own machine.

    Never inside Lumbung: there the variable means nothing, whatever it says.
    """
    if hosted():
        return None
    name, _, role = os.environ.get("STANDALONE_STAFF", "").partition(":")
    if not name or role not in RANK:
        return None
    return Person(id="standalone", name=name, role=role)


def person() -> Person | None:
    """The signed-in member of staff of the present request; `None` for citizens."""
    if not has_request_context():
        return None
    if not hosted():
        return standalone_staff()
    found = request.environ.get("lumbung.person")
    if not isinstance(found, dict) or found.get("role") not in RANK:
        return None
    return Person(str(found["id"]), str(found["name"]), found["role"], found.get("opd") or None, found.get("opd_id"))


def staff() -> Person:
    """The member of staff of the present request; 403 in words for everybody else. For views `require_role` guards."""
    who = person()
    if who is None:
        abort(403, gettext("This page is for staff. Sign in with your work account first."))
    return who


def caller() -> Caller | None:
    """The sibling that asks for a path under `[connect] provides`; `None` for everybody else.

    Inside Lumbung such a path is asked by allowed siblings only, so a view there need not check; alone it is open.
    """
    found = request.environ.get("lumbung.caller") if has_request_context() and hosted() else None
    return Caller(str(found["plugin"]), str(found["capability"])) if isinstance(found, dict) else None


def require_role(role: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view run only for staff with `role`; others get 403 with the reason in words."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not staff().may(role):
                abort(403, gettext("This page is for administrators. Ask your city's administrator."))
            return view(*args, **kwargs)

        return guarded

    return decorate
