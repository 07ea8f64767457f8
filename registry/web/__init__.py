from flask import Flask


def init_app(app: Flask) -> None:
    """Layout, components, i18n, error pages: registered by the room's modules."""
