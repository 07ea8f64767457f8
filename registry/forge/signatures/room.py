"""Adds signatures and the transparency log to the forge's room."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask

from registry.catalog.models import App, Release
from registry.forge import git, storage
from registry.forge.browsing.places import Place
from registry.forge.signatures import jobs, service, views, views_transparency, words  # noqa: F401 registering
from registry.forge.signatures.rules import Mark


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(signature_marks=marks, release_marks=release_marks)
    app.jinja_env.filters.update(
        signature_label=words.label, signature_told=words.sentence, signature_tone=words.tone, signature_icon=words.icon
    )


def marks(place: Place, names: Sequence[str]) -> dict[str, Mark]:
    """For templates: a page is shown without them when git cannot read it."""
    try:
        return service.marks(place.repository, place.app, place.city, names)
    except git.GitError:
        return {}


def release_marks(app: App, releases: Sequence[Release]) -> dict[str, Mark]:
    """By commit, of an app's releases; nothing when its source is not here."""
    upstream = storage.here().upstream(app.slug)
    if not upstream.is_dir():
        return {}
    return marks(Place(app, None, upstream), [release.commit for release in releases])
