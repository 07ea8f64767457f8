"""Each request has an id, a line in the log, and says the id in its answer."""

from __future__ import annotations

from time import perf_counter

from flask import Flask, Response, g, request
from flask_login import current_user

from registry.core.logs import begin_request, logger

LONGEST = 300
"""Characters of a method, a host's name or a path in the log: strangers choose them."""

QUIET = ("/static/", "/healthz", "/readyz", "/metrics")


def init_app(app: Flask) -> None:
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id, g.began = begin_request(), perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if not request.path.startswith(QUIET):
        took = round((perf_counter() - g.get("began", perf_counter())) * 1000, 1)
        person = current_user.id if "_login_user" in g and current_user.is_authenticated else None
        logger.info(
            "request", method=request.method[:LONGEST], host=request.host[:LONGEST],
            path=g.get("told_path", request.path)[:LONGEST], status=response.status_code, ms=took, person=person,
        )  # fmt: skip
    return response
