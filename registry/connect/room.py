"""The way out of a plugin's sandbox: what its city consents to, and the gateway that lets it through."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to add yet."""
