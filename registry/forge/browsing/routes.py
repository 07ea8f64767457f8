"""One page, two addresses: below the app for its upstream, in the city's console for its fork."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, render_template, request

from registry.forge.browsing import refs
from registry.forge.browsing.places import Place, enter
from registry.forge.browsing.texts import style
from registry.forge.views import blueprint

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC, FORK = "/apps/<app>", "/console/<city>/forks/<app>"


def both(rule: str, **defaults: str) -> Callable[[View], View]:
    """Register a page for upstreams (``city`` is "") and for forks."""

    def register(view: View) -> View:
        name = view.__name__
        blueprint.add_url_rule(f"{PUBLIC}/{rule}", name, view, defaults={**defaults, "city": ""})
        blueprint.add_url_rule(f"{FORK}/{rule}", name, view, defaults=defaults)
        return view

    return register


def opened(app: str, city: str, default: str = "") -> tuple[Place, refs.Version]:
    """The repository and the version ``?ref=``. Raises NotFoundError, SignInNeededError."""
    place = enter(app, city)
    return place, place.version(request.args.get("ref", ""), default)


def page(template: str, place: Place, version: refs.Version | None, **told: Any) -> str:
    """A page of a repository; ``asked`` keeps the chosen version in its links."""
    return render_template(
        f"forge/browsing/{template}.html", place=place, city=place.city, app=place.app, version=version,
        asked=request.args.get("ref") or None, style=style(), **told,
    )  # fmt: skip


def trail(path: str) -> list[tuple[str, str]]:
    """Each folder above and the thing itself: its name and its path."""
    parts = path.split("/") if path else []
    return [(part, "/".join(parts[: place + 1])) for place, part in enumerate(parts)]


def number(name: str, otherwise: int = 0, most: int = 10_000_000) -> int:
    """A whole number of the query, within bounds."""
    text = request.args.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 12 else otherwise


def tied(answer: Response, etag: str) -> Response:
    """Answered with 304 to who has it already."""
    answer.set_etag(etag)
    answer.make_conditional(request)
    return answer
