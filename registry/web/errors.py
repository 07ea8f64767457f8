"""The one table from what went wrong to what is answered: a page for people, RFC 9457 for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, jsonify, redirect, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, default_exceptions
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response as AnyResponse

from registry.accounts.access import is_program
from registry.core.db import db
from registry.core.errors import Finding, RefusalError, SignInNeededError, TooManyError
from registry.core.logs import logger

RETRY_AFTER = {429: 60, 503: 30}
"""Seconds a program should wait when the refusal does not say."""

BY_PASSWORD = ("/git/", "/api/v1/tokens")
"""Where a program shows a password: git its token, and who has no token yet the person's own."""

CODES = {400: "bad-request", 401: "sign-in-needed", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
         406: "not-acceptable", 409: "conflict", 412: "precondition-failed", 413: "too-large",
         415: "unsupported-media-type", 422: "invalid", 428: "precondition-required", 429: "too-many",
         500: "internal", 503: "unavailable"}  # fmt: skip


def init_app(app: Flask) -> None:
    """Registered per status: flask-smorest's own handler for all HTTP errors would win otherwise."""
    app.register_error_handler(RefusalError, refused)
    for status in default_exceptions:
        app.register_error_handler(status, broken if status == 500 else failed)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(DataError, unstorable)


def refused(error: RefusalError) -> AnyResponse:
    """A named refusal of ours."""
    if isinstance(error, SignInNeededError) and not wants_problem():
        path = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect("/sign-in?" + urlencode({"next": path}))
    headers = dict(error.headers)
    if isinstance(error, TooManyError):
        headers["Retry-After"] = str(error.retry_after)
    return answer(error.status, error.code, error.message, error.findings, headers)


def failed(error: HTTPException) -> AnyResponse:
    """Something HTTP itself knows a status for."""
    if error.response is not None or error.code is None:
        return error.get_response()  # type: ignore[return-value]
    headers = {key: value for key, value in error.get_headers() if key in ("Allow", "Retry-After", "Location")}
    given = getattr(error, "data", None) or {}
    findings = tuple(_findings(given.get("messages") or given.get("errors") or {}))
    headers.update({str(key): str(value) for key, value in (given.get("headers") or {}).items()})
    detail = str(given.get("message") or _detail(error.code))
    return answer(error.code, CODES.get(error.code, f"http-{error.code}"), detail, findings, headers)


def forged(_error: CSRFError) -> AnyResponse:
    """A form without its token: almost always a page left open for too long."""
    return answer(400, "form-expired", _("This form has expired. Go back, reload the page and send it again."))


def unstorable(_error: DataError) -> AnyResponse:
    """PostgreSQL cannot hold what was given: a NUL in a text, a number beyond 64 bits."""
    db.session.rollback()
    message = _("Something you sent cannot be stored: a control character, or a number that is too large.")
    return answer(422, "invalid", message)


def broken(error: InternalServerError) -> AnyResponse:
    """A bug of ours, or the database is away: the log has the story, the page has its number."""
    cause = error.original_exception
    db.session.rollback()
    if cause is None:
        return answer(500, "internal", _detail(500))
    logger.error("unexpected", path=request.path, method=request.method, exc_info=cause)
    if isinstance(cause, SQLAlchemyError) and getattr(cause, "connection_invalidated", False):
        return answer(503, "unavailable", _detail(503))
    return answer(500, "internal", _detail(500))


def answer(
    status: int, code: str, detail: str, findings: Sequence[Finding] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """A page or a problem document (``code`` is stable), with the headers its status calls for."""
    response = _problem(status, code, detail, findings) if wants_problem() else _page(status, code, detail, findings)
    response.status_code = status
    response.headers.update(headers or {})
    if status in RETRY_AFTER:
        response.headers.setdefault("Retry-After", str(RETRY_AFTER[status]))
    if status == 401:
        scheme = "Basic" if request.path.startswith(BY_PASSWORD) else "Bearer"
        wrong = ', error="invalid_token"' if scheme == "Bearer" and _shows_token() else ""
        response.headers.setdefault("WWW-Authenticate", f'{scheme} realm="Lumbung"{wrong}')
    return response


def _shows_token() -> bool:
    """A bearer token was shown, and it is none (RFC 6750, 3.1)."""
    return request.authorization is not None and request.authorization.type == "bearer"


def wants_problem() -> bool:
    """Programs get JSON: the API and git always, others when they prefer it to HTML."""
    if is_program():
        return True
    offered = ["text/html", "application/json", "application/problem+json"]
    return request.accept_mimetypes.best_match(offered, "text/html") != "text/html"


def _problem(status: int, code: str, detail: str, findings: Sequence[Finding]) -> Response:
    body = {"type": f"urn:lumbung:problem:{code}", "title": title(status), "status": status, "detail": detail,
            "code": code, "findings": [asdict(finding) for finding in findings],
            "request_id": g.get("request_id", "")}  # fmt: skip
    response = jsonify(body)
    response.mimetype = "application/problem+json"
    return response


def _page(status: int, code: str, detail: str, findings: Sequence[Finding]) -> Response:
    page = "errors/broken.html" if status >= 500 else "errors/refused.html"
    told = {"status": status, "code": code, "detail": detail, "findings": findings, "title": title(status)}
    return Response(render_template(page, **told, request_id=g.get("request_id", "")), mimetype="text/html")


def title(status: int) -> str:
    """What happened, in a few words."""
    words = {
        400: _("That request was not understood"), 401: _("Sign in first"), 403: _("Not allowed"),
        404: _("Not found"), 405: _("Not possible here"), 409: _("Not possible right now"), 413: _("Too large"),
        422: _("Something needs correcting"), 429: _("Too many attempts"), 500: _("Something broke"),
        503: _("Not available right now"),
    }  # fmt: skip
    return words.get(status) or HTTP_STATUS_CODES.get(status, str(status))


def _detail(status: int) -> str:
    details = {
        404: _("There is nothing at this address. It may have moved, or it was never there."),
        405: _("This address does not take that kind of request."),
        413: _("What you sent is larger than this installation accepts."),
        415: _("Send this kind of content in another format, for example application/json."),
        422: _("Check what you sent: the findings say where it is wrong."),
        500: _("The fault is ours and it has been written down. Try again, or tell us the number below."),
        503: _("We cannot answer right now. Try again in a moment."),
    }
    return details.get(status) or title(status)


def _findings(messages: Any, path: str = "") -> list[Finding]:
    """marshmallow's nested messages as a flat list: ``{"json": {"days": ["…"]}}`` → ``days: …``."""
    if isinstance(messages, Mapping):
        where = ("json", "query", "form", "headers", "files", "path", "cookies", "querystring")
        found = []
        for key, value in messages.items():
            inner = path if not path and key in where else f"{path}.{key}".strip(".")
            found += _findings(value, inner)
        return found
    if isinstance(messages, list | tuple):
        return [finding for message in messages for finding in _findings(message, path)]
    return [Finding(path, str(messages))]
