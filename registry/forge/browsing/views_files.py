"""Folders and files of a version, as pages and as bytes; who wrote each line; words in all of it."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext as _

from registry.catalog import pictures
from registry.core.errors import InvalidError, NotFoundError
from registry.forge.browsing import blame as blaming
from registry.forge.browsing import raws, reading, refs, searching
from registry.forge.browsing.routes import both, number, opened, page, tied, trail
from registry.forge.browsing.views_pictures import WALL, place_in

ROWS = 500


@both("source/", path="")
@both("source/<path:path>")
def source(app: str, path: str, city: str) -> str:
    """A folder or file of a version."""
    place, version = opened(app, city)
    inside, start = path.strip("/"), number("from")
    markdown = place_in(place, version, inside)
    shown = reading.at(place.repository, version.commit.id, inside, markdown, start, ROWS)
    branches, tags = refs.both(place.repository)
    template = "folder" if isinstance(shown, reading.Folder) else "file"
    is_picture = isinstance(shown, reading.SourceFile) and pictures.inside(inside) != ""
    return page(
        template, place, version, shown=shown, trail=trail(shown.path), branches=branches, tags=tags,
        is_picture=is_picture, permanent=version.commit.id,
    )  # fmt: skip


@both("raw/<path:path>")
def raw(app: str, path: str, city: str) -> Response:
    """A file's bytes: text as plain text, the rest to be saved. No browser runs or guesses anything of it."""
    place, version = opened(app, city)
    return raws.answer(place.repository, version.commit.id, path)


@both("picture/<path:path>")
def repository_picture(app: str, path: str, city: str) -> Response:
    """A PNG, JPEG or SVG of a version, by what it is and not what it is called."""
    place, version = opened(app, city)
    content, digest = reading.content(place.repository, version.commit.id, path, pictures.MAX_PHOTO)
    kind = pictures.media_type(content)
    if kind is None:
        raise NotFoundError(_("There is no picture %(path)s in this version.", path=path[:200]))
    answer = Response(content, content_type=kind)
    answer.headers.update({
        "Cache-Control": "private, no-cache", "Content-Security-Policy": WALL, "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    })  # fmt: skip
    return tied(answer, digest)


@both("blame/<path:path>")
def blame(app: str, path: str, city: str) -> str:
    """Who last wrote each line."""
    place, version = opened(app, city)
    found = blaming.blame(place.repository, version.commit.id, path, number("from", 1))
    return page("blame", place, version, blame=found, path=path, trail=trail(path), before=_before(found.start))


@both("search")
def search(app: str, city: str) -> str:
    """Words in the files of a version."""
    place, version = opened(app, city)
    query, problem, found = asked(), "", None
    if query.text:
        try:
            found = searching.search(place.repository, version.commit.id, query)
        except InvalidError as refusal:
            problem = refusal.message
    branches, tags = refs.both(place.repository)
    return page("search", place, version, query=query, problem=problem, found=found, branches=branches, tags=tags)


def asked() -> searching.Query:
    given = request.args
    text, path = given.get("q", "")[:1_000], given.get("path", "").strip("/ ")
    return searching.Query(text, bool(given.get("pattern")), bool(given.get("case")), path)


def _before(start: int) -> int | None:
    return max(1, start - blaming.LINES) if start > 1 else None
