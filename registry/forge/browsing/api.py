"""``/api/v1/apps/{app}/repository`` and ``/api/v1/forks/{city}/{app}/repository``: all that pages show, and edits.

What is shown of a commit never changes, so each answer carries an ETag made of it.
"""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from flask import Response, after_this_request, jsonify, request, send_file
from flask_babel import gettext as _
from flask_smorest import Blueprint

from registry.accounts.access import person
from registry.core import paging
from registry.core.errors import Finding, InvalidError, NotFoundError
from registry.core.uow import unit_of_work
from registry.forge.browsing import blame, editing, history, raws, reading, refs, schemas, searching, waiting
from registry.forge.browsing.editing import Change, Committed
from registry.forge.browsing.places import MAIN, Place, enter, enter_to_write
from registry.forge.signatures.rules import UNCHECKED
from registry.forge.signatures.service import marks
from registry.forge.trees import Commit, missing

MAX_BLOB = 2**20
COMMITS = 100
UPSTREAM, FORK = "/apps/<string:app>/repository", "/forks/<string:city>/<string:app>/repository"
View = TypeVar("View", bound=Callable[..., Any])
blueprint = Blueprint(
    "api_repositories", __name__, url_prefix="/api/v1", description="Source: of apps, public, and of a city's forks"
)


def both(rule: str) -> Callable[[View], View]:
    """Register a resource for upstreams (``city`` is "") and for forks."""

    def register(view: View) -> View:
        name = view.__name__
        blueprint.route(f"{UPSTREAM}/{rule}", endpoint=f"app_{name}", defaults={"city": ""})(view)
        blueprint.route(f"{FORK}/{rule}", endpoint=f"fork_{name}")(view)
        return view

    return register


@both("refs")
@blueprint.arguments(schemas.SourceRefsQuerySchema, location="query")
@blueprint.response(200, schemas.SourceRefPageSchema)
def list_refs(query: dict[str, Any], app: str, city: str) -> dict[str, Any]:
    """Branches or tags, newest first."""
    place = enter(app, city)
    found = refs.branches if query["kind"] == refs.BRANCH else refs.tags
    return paging.page(found(place.repository, 5_000), query, lambda ref: ref.name)


@both("commits")
@blueprint.arguments(schemas.SourceCommitsQuerySchema, location="query")
@blueprint.response(200, schemas.SourceCommitPageSchema)
def list_commits(query: dict[str, Any], app: str, city: str) -> Any:
    """Commits from a version backwards; pages stay where they began though the branch moves."""
    place = enter(app, city)
    start, skip = history.begin(place.repository, query["after"], lambda: place.version(query["ref"], MAIN).commit.id)
    found, more = history.page(place.repository, start, query["limit"], skip, query["path"].strip("/"))
    items = [{**vars(one), "signature": state} for one, state in zip(found, _signatures(place, found), strict=True)]
    if same := _known(" ".join([start, *(one["signature"] for one in items)])):
        return same
    return {"items": items, "next": history.after(start, skip + len(found)) if more else None}


@both("commits/<string:commit_id>")
@blueprint.response(200, schemas.SourceWholeCommitSchema)
def show_commit(app: str, city: str, commit_id: str) -> Any:
    """One commit and what it changed against its first parent."""
    place = enter(app, city)
    version = refs.resolve(place.repository, commit_id)
    if same := _known(version.commit.id):
        return same
    shown = history.show(place.repository, version.commit.id)
    changes = place.changes(shown.parents[0] if shown.parents else None, version.commit.id)
    return {**vars(shown), "changes": changes}


@both("compare")
@blueprint.arguments(schemas.SourceCompareQuerySchema, location="query")
@blueprint.response(200, schemas.SourceComparisonSchema)
def compare_versions(query: dict[str, str], app: str, city: str) -> Any:
    """What ``head`` has that ``base`` has not, since the two parted."""
    place = enter(app, city)
    base, head = (refs.resolve(place.repository, query[name]).commit for name in ("base", "head"))
    if same := _known(f"{base.id}{head.id}"):
        return same
    parted = history.merge_base(place.repository, base.id, head.id)
    apart = refs.apart(place.repository, head.id, base.id)
    return {
        "base": base, "head": head, "merge_base": parted,
        "ahead": apart.ahead if apart else None, "behind": apart.behind if apart else None,
        "commits": missing(place.repository, head.id, base.id, COMMITS),
        "changes": place.changes(parted or base.id, head.id),
    }  # fmt: skip


@both("tree")
@blueprint.arguments(schemas.SourceTreeQuerySchema, location="query")
@blueprint.response(200, schemas.SourceTreeSchema)
def list_tree(query: dict[str, Any], app: str, city: str) -> Any:
    """The names in a folder: folders first."""
    place = enter(app, city)
    commit = place.version(query["ref"]).commit.id
    if same := _known(commit):
        return same
    start = paging.read_number(query["after"]) or 0
    folder = reading.at(place.repository, commit, query["path"].strip("/"), None, start, query["limit"])
    if not isinstance(folder, reading.Folder):
        raise NotFoundError(_("%(path)s is no folder.", path=query["path"][:200]))
    after = paging.cursor(str(folder.next)) if folder.next is not None else None
    return {"commit": commit, "path": folder.path, "total": folder.total, "items": folder.rows, "next": after}


@both("blob")
@blueprint.arguments(schemas.SourcePathQuerySchema, location="query")
@blueprint.response(200, schemas.SourceBlobSchema)
def show_blob(query: dict[str, str], app: str, city: str) -> Any:
    """A file: its text, or its bytes as base64."""
    place = enter(app, city)
    commit, path = place.version(query["ref"]).commit.id, query["path"].strip("/")
    if same := _known(commit):
        return same
    entry = reading.find(place.repository, commit, path)
    if entry.kind not in ("file", "symlink"):
        raise NotFoundError(_("There is no file %(path)s in this version.", path=path[:200]))
    size = reading.size(place.repository, entry.id)
    told = {"commit": commit, "path": path, "id": entry.id, "mode": entry.mode, "size": size}
    if size > MAX_BLOB:
        return {**told, "encoding": "none", "content": None}
    return {**told, **_content(reading.blob(place.repository, entry.id))}


@both("raw")
@blueprint.arguments(schemas.SourcePathQuerySchema, location="query")
@blueprint.response(200, content_type="application/octet-stream")
def get_raw(query: dict[str, str], app: str, city: str) -> Any:
    """A file's bytes, of any size up to 200 MB."""
    place = enter(app, city)
    return raws.answer(place.repository, place.version(query["ref"]).commit.id, query["path"].strip("/"))


@both("blame")
@blueprint.arguments(schemas.SourceBlameQuerySchema, location="query")
@blueprint.response(200, schemas.SourceBlameSchema)
def show_blame(query: dict[str, Any], app: str, city: str) -> Any:
    """Who last wrote each line, some lines at a time."""
    place = enter(app, city)
    commit = place.version(query["ref"]).commit.id
    return _known(commit) or blame.blame(place.repository, commit, query["path"].strip("/"), query["first"])


@both("search")
@blueprint.arguments(schemas.SourceSearchQuerySchema, location="query")
@blueprint.response(200, schemas.SourceHitsSchema)
def search_source(query: dict[str, Any], app: str, city: str) -> Any:
    """Words in the texts of a version."""
    place = enter(app, city)
    commit = place.version(query["ref"]).commit.id
    asked = searching.Query(query["q"], query["pattern"], query["exact_case"], query["path"].strip("/ "))
    found = searching.search(place.repository, commit, asked)
    return {"commit": commit, "hits": found.hits, "cut": found.cut, "slow": found.slow}


@both("archive")
@blueprint.arguments(schemas.SourceArchiveQuerySchema, location="query")
@blueprint.response(200, content_type="application/octet-stream")
@blueprint.alt_response(202, schema=schemas.SourceArchiveWaitingSchema)
def get_archive(query: dict[str, str], app: str, city: str) -> Any:
    """All files of a version in one (a bundle: with history), its ETag the SHA-256; 202 while a large one is made."""
    place = enter(app, city)
    with unit_of_work():
        made = waiting.get(place, place.version(query["ref"]).commit, query["kind"])
    if isinstance(made, waiting.Waiting):
        return jsonify(asdict(made)), 202, {"Retry-After": "2", "Cache-Control": "no-store"}
    return send_file(
        made.path, "application/octet-stream", as_attachment=True, download_name=made.name, etag=made.sha256,
        conditional=True,
    )  # fmt: skip


@blueprint.post(f"{FORK}/files")
@blueprint.arguments(schemas.SourceChangeRequestSchema)
@blueprint.response(201, schemas.SourceCommittedSchema)
def commit_file(given: dict[str, Any], city: str, app: str) -> Committed:
    """Commit a change of one file. 409 when the file moved on the branch since ``base``. For who may push."""
    place = enter_to_write(app, city)
    change = Change(
        given["branch"].removeprefix("heads/"), given["base"], given["path"], given["new_path"],
        _given(given), given["message"], given["new_branch"],
    )  # fmt: skip
    is_new, is_gone = not change.path, not change.new_path
    if (is_new and (is_gone or change.content is None)) or (is_gone and change.content is not None):
        message = _("Give a new file a new_path and content; what is deleted has neither.")
        raise InvalidError(message, [Finding("new_path", message)])
    with unit_of_work():
        return editing.commit(place, change, person())


@blueprint.delete(f"{FORK}/branches/<path:branch>")
@blueprint.arguments(schemas.SourceBranchGoneSchema, location="query")
@blueprint.response(204)
def remove_branch(query: dict[str, str], city: str, app: str, branch: str) -> None:
    """Delete a branch that still is where it was seen. For who may push."""
    place = enter_to_write(app, city)
    with unit_of_work():
        editing.delete_branch(place, branch, query["old"])


def _signatures(place: Place, commits: Sequence[Commit]) -> list[str]:
    """In the order of ``commits``: what is known of each one's signature."""
    known = marks(place.repository, place.app, place.city, [one.id for one in commits])
    return [known[one.id].state if one.id in known else UNCHECKED for one in commits]


def _known(of: str) -> Response | None:
    """304 to who has this very answer; else the answer gets its ETag."""
    tag = hashlib.sha256(f"{of} {request.full_path}".encode("utf-8", "replace")).hexdigest()[:32]

    def mark(answer: Response) -> Response:
        if answer.status_code in (200, 304):
            answer.set_etag(tag)
            answer.headers["Cache-Control"] = "private, no-cache"
        return answer

    after_this_request(mark)
    return Response(status=304) if request.if_none_match.contains(tag) else None


def _content(data: bytes) -> dict[str, str]:
    try:
        return {"encoding": "utf-8", "content": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"encoding": "base64", "content": b64encode(data).decode()}


def _given(given: dict[str, Any]) -> bytes | None:
    text: str | None = given["content"]
    if text is None:
        return None
    try:
        return b64decode(text, validate=True) if given["encoding"] == "base64" else text.encode()
    except (binascii.Error, ValueError) as error:
        message = _("This is not %(encoding)s.", encoding=given["encoding"])
        raise InvalidError(message, [Finding("content", message)]) from error
