"""Commits, what they changed, branches and tags, and all of a version in one file."""

from __future__ import annotations

import time

from flask import Response, make_response, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from registry.core import paging
from registry.core.errors import NotFoundError
from registry.core.uow import unit_of_work
from registry.forge.browsing import downloads, history, refs, waiting
from registry.forge.browsing.places import MAIN, Place, enter
from registry.forge.browsing.refs import Ref
from registry.forge.browsing.routes import both, opened, page, tied, trail
from registry.forge.browsing.turns import turn
from registry.forge.trees import missing

COMMITS = 30
BRANCHES, TAGS = 20, 50
PATIENCE = 5
TYPES = {"tar.gz": "application/gzip", "zip": "application/zip", "bundle": "application/x-git-bundle"}
KINDS = "<any('tar.gz', 'zip', 'bundle'):kind>"


@both("history")
def commits(app: str, city: str) -> str:
    """The commits of a version, newest first; of one file or folder with ``?path=``."""
    place, version = opened(app, city, MAIN)
    path = request.args.get("path", "").strip("/")
    start, skip = history.begin(place.repository, request.args.get("after", "")[:200], lambda: version.commit.id)
    found, more = history.page(place.repository, start, COMMITS, skip, path)
    branches, tags = refs.both(place.repository)
    after = history.after(start, skip + COMMITS) if more else None
    return page(
        "history", place, version, commits=found, after=after, skip=skip, path=path, trail=trail(path),
        branches=branches, tags=tags,
    )  # fmt: skip


@both("commits/<commit_id>")
def commit(app: str, commit_id: str, city: str) -> str:
    """One commit and what it changed against its first parent."""
    place = enter(app, city)
    version = refs.resolve(place.repository, commit_id)
    shown = history.show(place.repository, version.commit.id)
    changed = place.changes(shown.parents[0] if shown.parents else None, version.commit.id)
    return page("commit", place, version, shown=shown, diff=changed)


@both("compare")
def compare(app: str, city: str) -> str:
    """What ``?to=`` has that ``?from=`` has not."""
    place = enter(app, city)
    given = {name: request.args.get(name, "").strip()[:300] for name in ("from", "to")}
    branches, tags = refs.both(place.repository)
    told: dict[str, object] = {"branches": branches, "tags": tags, "given": given}
    if given["from"] and given["to"]:
        told |= _compared(place, given["from"], given["to"])
    return page("compare", place, None, **told)


@both("branches")
def branches(app: str, city: str) -> str:
    """Branches with how far each is from main, and tags."""
    place = enter(app, city)
    heads, tags = refs.branches(place.repository, 2_000), refs.tags(place.repository, 2_000)
    shown_heads = paging.page(heads, _query("branches_after", BRANCHES), _name)
    shown_tags = paging.page(tags, _query("tags_after", TAGS), _name)
    main = next((head.commit.id for head in heads if head.name == MAIN), None)
    rows = _with_distance(place, shown_heads["items"], main)
    return page(
        "branches", place, None, rows=rows, main=main, tags=shown_tags["items"], counts=(len(heads), len(tags)),
        next_branches=shown_heads["next"], next_tags=shown_tags["next"],
    )  # fmt: skip


@both("archive")
def archive_of(app: str, city: str) -> AnyResponse:
    """To the archive of ``?ref=`` as ``?kind=``, at the address of its commit."""
    place, version = opened(app, city)
    kind = request.args.get("kind", "zip")
    if kind not in downloads.KINDS:
        raise NotFoundError(_("An archive is a tar.gz, a zip or a bundle."))
    return redirect(url_for("forge.commit_archive", **place.url, commit_id=version.commit.id, kind=kind))


@both(f"archives/<commit_id>.{KINDS}")
def commit_archive(app: str, commit_id: str, kind: str, city: str) -> Response:
    """All files of a commit as one; as a bundle with all its history. While the worker makes it: how far it is."""
    place, version, made = _download(app, city, commit_id, kind)
    if isinstance(made, waiting.Waiting):
        return _still_made(place, version, kind, made)
    answer = send_file(
        made.path, TYPES[kind], as_attachment=True, download_name=made.name, conditional=True, etag=made.sha256
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@both(f"archives/<commit_id>.{KINDS}.sha256")
def commit_archive_sum(app: str, commit_id: str, kind: str, city: str) -> Response:
    """As ``sha256sum -c`` reads it."""
    place, version, made = _download(app, city, commit_id, kind)
    if isinstance(made, waiting.Waiting):
        return _still_made(place, version, kind, made)
    answer = Response(f"{made.sha256}  {made.name}\n", content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-cache"
    return tied(answer, made.sha256)


def _download(
    app: str, city: str, commit_id: str, kind: str
) -> tuple[Place, refs.Version, downloads.Download | waiting.Waiting]:
    place = enter(app, city)
    version = refs.resolve(place.repository, commit_id)
    with unit_of_work():
        return place, version, waiting.get(place, version.commit, kind)


def _still_made(place: Place, version: refs.Version, kind: str, how: waiting.Waiting) -> Response:
    """Asks again by itself, so that the download begins as soon as it is there."""
    answer = make_response(page("archive", place, version, kind=kind, how=how), 202)
    answer.headers["Cache-Control"] = "no-store"
    if not how.failure:
        answer.headers["Refresh"] = "2"
    return answer


def _compared(place: Place, one: str, other: str) -> dict[str, object]:
    """Against where the two parted, as a proposal would be."""
    left, right = (refs.resolve(place.repository, name).commit for name in (one, other))
    base = history.merge_base(place.repository, left.id, right.id)
    return {
        "left": left, "right": right, "base": base, "commits": missing(place.repository, right.id, left.id, COMMITS),
        "apart": refs.apart(place.repository, right.id, left.id),
        "diff": place.changes(base or left.id, right.id),
    }  # fmt: skip


def _with_distance(place: Place, heads: list[Ref], main: str | None) -> list[tuple[Ref, refs.Apart | None]]:
    """Each branch with how far it is from main, as many as can be told in `PATIENCE` seconds."""
    until = time.monotonic() + PATIENCE
    with turn():
        return [(head, _apart(place, head, main) if time.monotonic() < until else None) for head in heads]


def _apart(place: Place, head: Ref, main: str | None) -> refs.Apart | None:
    if main is None or head.name == MAIN:
        return None
    return refs.Apart(0, 0) if head.commit.id == main else refs.apart(place.repository, head.commit.id, main)


def _query(name: str, limit: int) -> dict[str, object]:
    return {"after": request.args.get(name, "")[:400], "limit": limit}


def _name(ref: Ref) -> str:
    return ref.name
