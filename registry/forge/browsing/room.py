"""Adds the pages of repositories to the forge's room."""

from __future__ import annotations

from flask import Flask

from registry.forge.browsing import visible


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(visible=visible.visible, visible_in=visible.visible_in, file_name=visible.name)
