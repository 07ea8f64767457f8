"""Figures, logs and alerts of plugins."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to add yet."""
