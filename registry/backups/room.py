"""Backups of deployments, restore drills, copies for trying, and a city's export."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to add yet."""
