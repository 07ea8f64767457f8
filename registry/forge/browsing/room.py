"""Adds the pages of repositories to the forge's room."""

from __future__ import annotations

from flask import Flask

from registry.forge.browsing import (  # noqa: F401 registering
    views_edit,
    views_files,
    views_history,
    views_pictures,
    views_releases,
    visible,
)


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(visible=visible.visible, visible_in=visible.visible_in, file_name=visible.name)
