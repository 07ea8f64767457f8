from flask import Flask

from registry.forge.keeping import jobs

__all__ = ["init_app", "jobs"]


def init_app(_app: Flask) -> None:
    """The worker's part registers itself."""
