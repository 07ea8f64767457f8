from flask import Flask

from registry.connect import models as _models  # noqa: F401 - their tables join the metadata


def init_app(_app: Flask) -> None:
    """Nothing to add yet."""
