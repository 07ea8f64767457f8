"""``/healthz`` (the process answers), ``/readyz`` (it can do its work) and ``/metrics`` (Prometheus)."""

from __future__ import annotations

from time import perf_counter

from flask import Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from registry.core.db import db
from registry.core.migrations import newest_migration

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUESTS = Counter("lumbung_requests_total", "Requests answered", ["method", "endpoint", "status"])
SECONDS = Histogram("lumbung_request_seconds", "Time to answer", ["endpoint"])


def init_app(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/metrics", "metrics", metrics)
    app.before_request(_start)
    app.after_request(_count)


def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


def readyz() -> tuple[Response, int]:
    """200 when the database answers and has every migration of this code, else 503 with what is missing."""
    try:
        found = db.session.execute(text("select version_num from alembic_version")).scalar()
    except SQLAlchemyError:
        return jsonify(ready=False, reason="the database does not answer or was never migrated"), 503
    if found != newest_migration():
        return jsonify(ready=False, reason="migrations are pending: run 'lumbung db upgrade'"), 503
    return jsonify(ready=True), 200


def metrics() -> Response:
    """The figures of the process that answered; the edge does not pass this path to the public."""
    return Response(generate_latest(), mimetype=CONTENT_TYPE_LATEST)


def _start() -> None:
    g.started = perf_counter()


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    method = request.method if request.method in METHODS else "other"  # a client may invent any number of them
    REQUESTS.labels(method, endpoint, response.status_code).inc()
    if "started" in g:
        SECONDS.labels(endpoint).observe(perf_counter() - g.started)
    return response
