"""Bringing an app in from another git server: fetched shallow and bare, never checked out, then inspected."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_babel import gettext as _

from registry.core.addresses import is_public
from registry.core.errors import Finding, InvalidError
from registry.forge import git, rules, storage
from registry.forge.publishing import Publication, publish_commit
from registry.tenants.models import City

SECONDS = 300
LANE = "forge.import_url"
"""Imports are done one after the other: each waits for its tests, which another of the worker's hands prepares."""
_CLONE = (
    "clone", "--quiet", "--bare", "--depth=1", "--no-tags", "--single-branch", "--template=", "--no-recurse-submodules",
    "--",
)  # fmt: skip


def publish_fetched(
    publisher: City, repository: Path, url: str, user_id: int | None, tested: bool = False
) -> Publication:
    """Release what was fetched from ``url``. Raises what `publish_commit` raises."""
    return publish_commit(publisher, repository, "HEAD", (name_in(url),), user_id, tested=tested)


def name_in(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


@contextmanager
def fetched(url: str) -> Iterator[Path]:
    """A bare repository with the newest commit at ``url``, gone afterwards. Raises InvalidError."""
    address = check_url(url)
    most = storage.settings().max_push
    config = {
        "protocol.https.allow": "always",
        "http.curloptResolve": f"{rules.host_of(url)}:443:{address}",
        "http.lowSpeedLimit": "1000",
        "http.lowSpeedTime": "30",
        "core.hooksPath": "/dev/null",
    }
    with storage.here().scratch() as scratch:
        target = scratch / "source.git"
        try:
            git.run(
                None,
                *_CLONE,
                url,
                str(target),
                config=config,
                variables={"GIT_ALLOW_PROTOCOL": "https"},
                seconds=SECONDS,
                largest_file=most,
            )
        except git.GitTimeoutError as error:
            raise InvalidError(_("Fetching took longer than %(n)d seconds.", n=SECONDS)) from error
        except git.GitError as error:
            raise InvalidError(
                _("Git could not fetch this (at most %(mb)d MB): %(reason)s", mb=most >> 20, reason=str(error)[-300:])
            ) from error
        yield target


def check_url(url: str) -> str:
    """One public IP address of the host, to which the fetch is then pinned: the name is not asked again.

    Raises InvalidError. A host named in ``LUMBUNG_IMPORT_HOSTS`` may be private; when that list is not empty, no other
    host is asked at all.
    """
    problem = rules.url_problem(url)
    if problem:
        raise _refused(_REASONS[problem]())
    host, allowed = rules.host_of(url), storage.settings().import_hosts
    if allowed and host not in allowed:
        raise _refused(_("Apps are not imported from %(host)s here.", host=host))
    try:
        addresses = {str(found[4][0]) for found in socket.getaddrinfo(host, 443, proto=socket.IPPROTO_TCP)}
    except (OSError, UnicodeError) as error:
        raise _refused(_("There is no host %(host)s.", host=host)) from error
    if host not in allowed and not all(is_public(address) for address in addresses):
        raise _refused(_("%(host)s is not on the public internet.", host=host))
    address = min(addresses)
    return f"[{address}]" if ":" in address else address


_REASONS = {
    "malformed": lambda: _("This is not an address git can fetch from."),
    "scheme": lambda: _("Only https:// addresses are imported."),
    "userinfo": lambda: _("Leave the user name and password out of the address."),
    "port": lambda: _("Only the usual port of https is used."),
}


def _refused(message: str) -> InvalidError:
    return InvalidError(message, [Finding("url", message)])
