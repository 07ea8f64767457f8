"""Adds keeping up to the forge's room."""

from __future__ import annotations

from flask import Flask

from registry.catalog import seams
from registry.forge.following import jobs, notices, views, views_conflicts, views_programme  # noqa: F401 registering


def init_app(app: Flask) -> None:
    """What templates and answers of other rooms ask for."""
    seams.add_advice(app, notices.advice_of)
