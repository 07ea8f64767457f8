"""Smart HTTP: clone and fetch for everybody, push for those who may, by git's own programs."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask import Blueprint, Flask, Response, current_app, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from registry.catalog.models import App
from registry.core import audit, scope
from registry.core.db import db
from registry.core.errors import (
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RefusalError,
    SignInNeededError,
    UnavailableError,
)
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.forge import git, pushes, rules, service, storage
from registry.forge.pushes import Change
from registry.forge.serving import packs
from registry.tenants import rules as policy
from registry.tenants.access import roles_in
from registry.tenants.models import City

READ, WRITE = "upload-pack", "receive-pack"
blueprint = Blueprint("git", __name__, url_prefix="/git")


@dataclass(frozen=True)
class Target:
    """A repository somebody talks to. ``city`` is whose it is: the publisher's for an upstream."""

    repository: Path
    app: App
    city: City
    fork: bool

    @property
    def kind(self) -> pushes.Kind:
        return "fork" if self.fork else "upstream"

    @property
    def name(self) -> str:
        return pushes.name(self.kind, self.city, self.app)

    @property
    def permission(self) -> str:
        return "fork.push" if self.fork else "app.publish"


@blueprint.errorhandler(RefusalError)
def refuse(refusal: RefusalError) -> Response:
    """Plain text, which git shows to the person."""
    answer = Response(f"{refusal.message}\n", refusal.status, content_type="text/plain; charset=utf-8")
    if isinstance(refusal, SignInNeededError):
        answer.headers["WWW-Authenticate"] = 'Basic realm="Lumbung", charset="UTF-8"'
    if isinstance(refusal, UnavailableError):
        answer.headers["Retry-After"] = str(packs.RETRY_AFTER)
    return answer


@blueprint.get("/<app>.git/info/refs", defaults={"city": ""})
@blueprint.get("/<city>/<app>.git/info/refs")
def info_refs(app: str, city: str) -> Response:
    """The advertisement; where git learns that it must send a token."""
    name = request.args.get("service", "").removeprefix("git-")
    if name not in (READ, WRITE):
        raise ForbiddenError(_("Use a git client that speaks smart HTTP."))
    target = find(app, city)
    allow(target, name)
    protocol = _protocol(name)
    output = git.run(
        None, name, "--stateless-rpc", "--advertise-refs", str(target.repository),
        config=_config(name), variables=protocol,
    )
    if "version=2" not in protocol.get("GIT_PROTOCOL", ""):
        output = _packet(f"# service=git-{name}\n") + b"0000" + output
    return _uncached(Response(output, content_type=f"application/x-git-{name}-advertisement"))


@blueprint.post("/<app>.git/git-<any('upload-pack', 'receive-pack'):name>", defaults={"city": ""})
@blueprint.post("/<city>/<app>.git/git-<any('upload-pack', 'receive-pack'):name>")
def rpc(app: str, city: str, name: str) -> Response:
    """A fetch or a push. A push holds its slot while it uploads; a fetch, which anybody may send, does not."""
    if request.mimetype != f"application/x-git-{name}-request":
        raise InvalidError(_("Use a git client that speaks smart HTTP."))
    target = find(app, city)
    allow(target, name)
    most = storage.settings().max_push
    request.max_content_length = packs.MAX_TIMES * most
    encoding = request.headers.get("Content-Encoding", "").lower()
    with ExitStack() as held:
        if name == WRITE:
            packs.hold_slot(held)
            body = packs.spool(request.stream, encoding, held, most + packs.SLACK, cut=True)
            stream = _push(target, body, held)
        else:
            body = packs.spool(request.stream, encoding, held, packs.MAX_WANTS, cut=False)
            packs.hold_slot(held)
            stream = packs.answer(target.repository, READ, body, held, _config(READ), _protocol(READ))
    return _uncached(Response(stream, content_type=f"application/x-git-{name}-result", direct_passthrough=True))


def find(app_slug: str, city_slug: str) -> Target:
    """Raises NotFoundError."""
    app = db.session.scalar(select(App).where(App.slug == app_slug))
    city = app.publisher if app and not city_slug else _city(city_slug)
    place = storage.here()
    if app is None or city is None:
        raise NotFoundError(_("There is no such repository."))
    if not city_slug:
        return Target(place.upstream(app.slug), app, city, fork=False)
    scope.enter_city(city.id)
    service.fork_of(city, app.slug)
    return Target(place.fork(city.slug, app.slug), app, city, fork=True)


def allow(target: Target, name: str) -> None:
    """Raises SignInNeededError, ForbiddenError. Reading is free: what is published here is public."""
    known = current_user.is_authenticated
    if (name == WRITE or request.authorization) and not known:
        raise SignInNeededError(_("Give a token of your account as the password; the user name does not matter."))
    if name == READ:
        return
    if not policy.allows(target.permission, roles_in(target.city)):
        raise ForbiddenError(_("You may not push to %(name)s.", name=target.name))
    if target.city.state != "admitted":
        message = _("%(city)s does not take part at present; its forks are read-only.", city=target.city.name)
        raise ForbiddenError(message)


def _push(target: Target, body: IO[bytes], held: ExitStack) -> packs.Answer:
    receipt = Path(held.enter_context(tempfile.NamedTemporaryFile(prefix="lumbung-push-")).name)
    variables = {"LUMBUNG_KIND": target.kind, "LUMBUNG_RECEIPT": str(receipt)}
    after = _recorder(target, receipt)
    return packs.answer(target.repository, WRITE, body, held, _config(WRITE), variables, after)


def _recorder(target: Target, receipt: Path) -> Callable[[], None]:
    """What follows a push, in an own unit of work: the request's session is gone when the answer ends."""
    application = current_app._get_current_object()  # type: ignore[attr-defined]
    actor, city_id, app_id = audit.actor(), target.city.id, target.app.id
    slug, kind = target.app.slug, target.kind

    def record() -> None:
        lines = [line.split(" ", 2) for line in receipt.read_text("utf-8", "replace").splitlines()]
        changes = [Change(ref, old, new) for old, new, ref in lines]
        if not changes:
            return
        with application.app_context():
            if kind == "upstream":
                _feed(slug)
            scope.enter_city(city_id)
            with unit_of_work():
                city, app = db.session.get_one(City, city_id), db.session.get_one(App, app_id)
                pushes.record(kind, city, app, changes, actor)

    return record


def _feed(app: str) -> None:
    place = storage.here()
    try:
        storage.feed_pool(place, app, place.upstream(app))
    except git.GitError as error:
        logger.error("pool not fed; the next push or release does it", app=app, reason=str(error)[-300:])


def _config(name: str) -> dict[str, str]:
    if name == READ:
        return {}
    most = storage.settings().max_push
    return {
        "core.hooksPath": str(packs.HOOKS),
        "receive.maxInputSize": str(most),
        "receive.unpackLimit": "50",
        "core.packedGitWindowSize": "16m",
        "core.packedGitLimit": "256m",
    }


def _protocol(name: str) -> dict[str, str]:
    """Protocol v2 is for fetching; a push speaks v0 whatever the header says."""
    given = request.headers.get("Git-Protocol", "")
    if name == WRITE or len(given) > 100 or not rules.GIT_PROTOCOL.fullmatch(given):
        return {}
    return {"GIT_PROTOCOL": given}


def _city(slug: str) -> City | None:
    return db.session.scalar(select(City).where(City.slug == slug)) if slug else None


def _packet(text: str) -> bytes:
    return f"{len(text) + 4:04x}{text}".encode()


def _uncached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-cache, max-age=0, must-revalidate"
    return answer


def init_app(app: Flask) -> None:
    """Raises RuntimeError when the hooks cannot run: git would skip them in silence, and the policy with them."""
    if not all(os.access(packs.HOOKS / name, os.X_OK) for name in ("pre-receive", "post-receive")):
        raise RuntimeError(f"{packs.HOOKS}: pre-receive and post-receive must be there and executable")
    packs.init_app(app)
    app.register_blueprint(blueprint)
