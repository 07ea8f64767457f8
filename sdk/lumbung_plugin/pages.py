"""The words of the error pages."""

from flask import current_app, render_template
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response


def words(code: int) -> tuple[str, str]:
    """A title and what to do next, for an HTTP status."""
    known = {
        400: (
            gettext("This request cannot be understood"),
            gettext("Go back, reload the page and try again. What you typed may have expired."),
        ),
        403: (gettext("Not for you"), gettext("You may not open this page.")),
        404: (gettext("Not found"), gettext("Check the address, or start again from the first page.")),
        413: (gettext("Too large"), gettext("Send smaller or fewer files.")),
        429: (gettext("Too many at once"), gettext("Wait a little, then try again.")),
        500: (
            gettext("Something went wrong here"),
            gettext("It is our fault, not yours. Try again in a moment; nothing half-done was saved."),
        ),
    }
    return known.get(code, (gettext("This cannot be done"), gettext("Go back and try another way.")))


def show(error: HTTPException) -> Response | HTTPException:
    """The page of an HTTP error. A reason written by the plugin replaces the general advice."""
    code = error.code or 500
    if code < 400:
        return error
    title, advice = words(code)
    own = error.description if error.description != type(error).description else None
    page = render_template("lumbung/error.html", code=code, title=title, advice=own if own and code != 500 else advice)
    response = current_app.make_response((page, code))
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers.add(name, value)
    return response
