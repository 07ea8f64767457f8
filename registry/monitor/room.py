"""Figures, logs and alerts of plugins."""

from flask import Flask

from registry.hosting import alerts
from registry.monitor import jobs, models

__all__ = ["alerts", "init_app", "jobs", "models"]


def init_app(app: Flask) -> None:
    """Nothing to add yet."""
