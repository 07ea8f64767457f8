"""Backups of deployments, restore drills, copies for trying, and a city's export."""

from flask import Flask

from registry.backups import jobs, models

__all__ = ["init_app", "jobs", "models"]


def init_app(app: Flask) -> None:
    """Nothing to add yet."""
