"""Adds proposals to the forge's room."""

from __future__ import annotations

from flask import Flask

from registry.forge.proposals import (  # noqa: F401 registering
    api_variants,
    jobs,
    models,
    views,
    views_acts,
    views_variants,
)


def init_app(app: Flask) -> None:
    """What templates of other rooms ask for."""
