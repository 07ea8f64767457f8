"""Smart HTTP: clone and fetch for everybody, push for those who may, by git's own programs."""

from __future__ import annotations

import os
from contextlib import ExitStack

from flask import Blueprint, Flask, Response, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from registry.core.db import db
from registry.core.errors import (
    ForbiddenError,
    InvalidError,
    RefusalError,
    SignInNeededError,
    UnavailableError,
)
from registry.forge import git, rules, storage
from registry.forge.keeping import service as keeping
from registry.forge.serving import packs, pushing, slots, words
from registry.forge.serving.packs import HOOKS, READ, WRITE
from registry.forge.serving.patience import Patience
from registry.forge.serving.targets import Caller, Target, allow, find
from registry.tenants.models import City

RETRY_AFTER = 10
blueprint = Blueprint("git", __name__, url_prefix="/git")


@blueprint.errorhandler(RefusalError)
def refuse(refusal: RefusalError) -> Response:
    """Plain text, which git shows to the person."""
    answer = Response(f"{refusal.message}\n", refusal.status, content_type="text/plain; charset=utf-8")
    if isinstance(refusal, SignInNeededError):
        answer.headers["WWW-Authenticate"] = 'Basic realm="Lumbung", charset="UTF-8"'
    if isinstance(refusal, UnavailableError):
        answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


@blueprint.get("/<app>.git/info/refs", defaults={"city": ""})
@blueprint.get("/<city>/<app>.git/info/refs")
def info_refs(app: str, city: str) -> Response:
    """The advertisement; where git learns that it must send a token, and in what words it is refused."""
    name = request.args.get("service", "").removeprefix("git-")
    if name not in (READ, WRITE):
        raise ForbiddenError(_("Use a git client that speaks smart HTTP."))
    target = find(app, city)
    caller = allow(target, name)
    if target.leaving:
        return _notice(name, _("This fork is being removed. Its city can still bring it back in its console."))
    _demand(target, caller, name)
    protocol = _protocol(name)
    prefix = b"" if "version=2" in protocol.get("GIT_PROTOCOL", "").split(":") else _service(name)
    db.session.remove()
    patience = Patience(request.environ, target.name)
    stream = packs.advertise(target.repository, name, _config(name), protocol, patience, prefix)
    return _answer(stream, name, "advertisement")


@blueprint.post("/<app>.git/git-<any('upload-pack', 'receive-pack'):name>", defaults={"city": ""})
@blueprint.post("/<city>/<app>.git/git-<any('upload-pack', 'receive-pack'):name>")
def rpc(app: str, city: str, name: str) -> Response:
    """A fetch or a push. A push holds its slot while it uploads; a fetch, which anybody may send, does not.

    The database is let go before: who waits, sends or takes slowly keeps no connection of it.
    """
    if request.mimetype != f"application/x-git-{name}-request":
        raise InvalidError(_("Use a git client that speaks smart HTTP."))
    target = find(app, city)
    caller = allow(target, name)
    if target.leaving:
        raise ForbiddenError(_("This fork is being removed. Its city can still bring it back in its console."))
    room = keeping.room_left(db.session.get_one(City, target.city)) if name == WRITE and target.fork else None
    db.session.remove()
    with ExitStack() as held:
        patience = held.enter_context(Patience(request.environ, target.name))
        if name == WRITE:
            stream = _push(target, caller, held, patience, room)
        else:
            stream = _fetch(target, caller, held, patience)
    return _answer(stream, name, "result")


def _fetch(target: Target, caller: Caller, held: ExitStack, patience: Patience) -> packs.Answer:
    request.max_content_length = packs.MAX_WANTS
    body = packs.spool(request.stream, _encoding(), held, packs.MAX_WANTS, cut=False, patience=patience)
    if not packs.asks_for_names(body):
        slots.here().hold(held, f"repository {target.name}", caller.name)
    return packs.answer(target.repository, READ, body, held, _config(READ), _protocol(READ), patience)


def _push(target: Target, caller: Caller, held: ExitStack, patience: Patience, room: int | None) -> packs.Answer:
    """``room`` is what the city's forks may still grow by, None when nothing limits them."""
    most = storage.settings().max_push
    request.max_content_length = packs.MAX_TIMES * most
    most = most if room is None else min(most, room)
    slots.here().hold(held, f"repository {target.name}", caller.name)
    body = packs.spool(request.stream, _encoding(), held, most + packs.SLACK, cut=True, patience=patience)
    held.enter_context(storage.in_use(target.repository))
    receipt = pushing.receipt(held)
    after = pushing.recorder(target, receipt, caller.actor)
    told = pushing.variables(target, receipt)
    return packs.answer(target.repository, WRITE, body, held, pushing.config(most), told, patience, after)


def _demand(target: Target, caller: Caller, name: str) -> None:
    """What git can tell the person only now: of a refused pack it shows the number alone. Raises RefusalError."""
    if slots.here().is_full_for(caller.name):
        raise slots.busy()
    if name == WRITE and target.fork:
        keeping.demand_room(db.session.get_one(City, target.city))


@blueprint.route("/<app>.git/info/lfs/<path:what>", methods=["GET", "POST"], defaults={"city": ""})
@blueprint.route("/<city>/<app>.git/info/lfs/<path:what>", methods=["GET", "POST"])
def lfs(app: str, city: str, what: str) -> Response:
    """git-lfs asks here before it uploads anything, and shows ``message``: none of the objects is valid here, and there
    are no locks (git-lfs: docs/api/batch.md, locking.md).
    """
    find(app, city)
    answer = jsonify(message=words.no_lfs(), documentation_url=f"{storage.settings().origin}/api-docs")
    answer.status_code = 422 if what == "objects/batch" else 404
    answer.content_type = "application/vnd.git-lfs+json"
    return answer


@blueprint.get("/<app>/info/refs", defaults={"city": ""})
@blueprint.get("/<city>/<app>/info/refs")
def without_ending(app: str, city: str) -> AnyResponse:
    """An address without ``.git``: git follows, and takes the right one from then on."""
    service = request.args.get("service", "")[:40]
    return redirect(url_for("git.info_refs", app=app, city=city or None, service=service), 301)


@blueprint.get("/<app>.git", defaults={"city": ""})
@blueprint.get("/<city>/<app>.git")
def in_a_browser(app: str, city: str) -> AnyResponse:
    """Who opens the address of a repository in a browser wants to read about it."""
    find(app, city)
    page = url_for("forge.fork", city=city, app=app) if city else url_for("catalog.show_app", app=app)
    return redirect(page, 302)


def _config(name: str) -> git.Config:
    """Only branches and tags are shown. Who cloned without files asks for each by its id later: protocol v2 answers for
    any object anyway, v0 when told to.
    """
    if name == WRITE:
        return pushing.config(storage.settings().max_push)
    shown = ("refs", "!refs/heads", "!refs/tags")
    return {"uploadpack.allowAnySHA1InWant": "true", "uploadpack.hideRefs": shown}


def _protocol(name: str) -> dict[str, str]:
    """Protocol v2 is for fetching; a push speaks v0 whatever the header says."""
    given = request.headers.get("Git-Protocol", "")
    if name == WRITE or len(given) > 100 or not rules.GIT_PROTOCOL.fullmatch(given):
        return {}
    return {"GIT_PROTOCOL": given}


def _encoding() -> str:
    return request.headers.get("Content-Encoding", "").lower()


def _notice(name: str, text: str) -> Response:
    """An end in git's own words: ``fatal: remote error: …``."""
    return _answer(_service(name) + _packet(f"ERR {text}\n"), name, "advertisement")


def _service(name: str) -> bytes:
    return _packet(f"# service=git-{name}\n") + b"0000"


def _packet(text: str) -> bytes:
    encoded = text.encode()
    return b"%04x" % (len(encoded) + 4) + encoded


def _answer(body: packs.Answer | bytes, name: str, kind: str) -> Response:
    answer = Response(body, content_type=f"application/x-git-{name}-{kind}")
    answer.direct_passthrough = not isinstance(body, bytes)
    answer.headers["Cache-Control"] = "no-cache, max-age=0, must-revalidate"
    return answer


def init_app(app: Flask) -> None:
    """Raises RuntimeError when the hooks cannot run: git would skip them in silence, and the policy with them."""
    if not all(os.access(HOOKS / name, os.X_OK) for name in ("pre-receive", "post-receive")):
        raise RuntimeError(f"{HOOKS}: pre-receive and post-receive must be there and executable")
    slots.init_app(app)
    app.register_blueprint(blueprint)
