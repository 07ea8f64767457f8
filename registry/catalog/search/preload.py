"""Reading the catalog before a server forks its workers: they share the index, and nobody waits for the first look."""

from __future__ import annotations

import gc

from flask import Flask
from flask_babel import refresh

from registry.catalog.search import store, views
from registry.core.db import db
from registry.core.logs import logger


def preload(app: Flask) -> None:
    """Read it and draw the front page in each language. Leaves no connection open: workers need their own.

    When the database does not answer, that is logged, and each worker reads the catalog at its first look.
    """
    try:
        for language in app.extensions["lumbung"].languages:
            with app.test_request_context("/", query_string={"lang": language}):
                refresh()
                views.index()
    except Exception as error:
        logger.error("the catalog was not read before the start", reason=str(error)[-300:])
    with app.app_context():
        store.keeper().line.hang_up()
        db.engine.dispose()
    gc.collect()
    gc.freeze()  # a collector in a worker would write to every page it shares
