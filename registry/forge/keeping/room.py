from flask import Flask

from registry.forge.keeping import jobs, views, views_programme

__all__ = ["init_app", "jobs", "views", "views_programme"]


def init_app(_app: Flask) -> None:
    """Pages and the worker's part register themselves."""
