"""What a sibling sends, read field by field: a checked report, or the errors by field."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _

from lapor import places
from lapor.intake import NewReport
from lapor.words import KINDS

# Shorter than what a form asks for: people write little in a post.
TITLE, BODY = (3, 100), (5, 4000)
NAME, ADDRESS, URL, REFERENCE = 60, 200, 500, 120

Errors = dict[str, str]


def read(told: Any, plugin: str, category: Callable[[str], int | None]) -> NewReport | Errors:
    """`told` as the sibling `plugin` sent it; `category` finds the id of a name, of "" the one for everything else.

    A kelurahan the city's list does not have becomes the address: a post is no form to be corrected.
    """
    if not isinstance(told, Mapping):
        return {"body": _("Send a JSON object.")}
    errors: Errors = {}
    kind = _kind(told, errors)
    title, body = _text(told, "title", TITLE, errors), _text(told, "body", BODY, errors)
    name, reference = _text(told, "source_name", (0, NAME), errors), _text(told, "reference", (0, REFERENCE), errors)
    place, url = _text(told, "kelurahan", (0, NAME), errors), _url(told, errors)
    found = category(_text(told, "category", (0, NAME), errors))
    if found is None:
        errors["category"] = _("There is no such category in use.")
    if errors or found is None:
        return errors
    known = place in places.kelurahan()
    return NewReport(
        kind=kind,
        category_id=found,
        title=title,
        body=body,
        kelurahan=place if known else "",
        address="" if known else place,
        source=plugin,
        source_name=name,
        source_url=url,
        reference=reference or None,
    )


def _kind(told: Mapping[str, Any], errors: Errors) -> str:
    kind = told.get("kind") or "complaint"
    if not isinstance(kind, str) or kind not in KINDS:
        errors["kind"] = _("One of: %(names)s.", names=", ".join(KINDS))
        return ""
    return kind


def _text(told: Mapping[str, Any], name: str, bounds: tuple[int, int], errors: Errors) -> str:
    value = told.get(name)
    value = "" if value is None else value
    if not isinstance(value, str):
        errors[name] = _("Send a text.")
        return ""
    # Control characters have no meaning in a report; line breaks of the body have.
    text = re.sub(r"[^\S\n]+|[\x00-\x09\x0b-\x1f\x7f]+", " ", value).strip()
    if not bounds[0] <= len(text) <= bounds[1]:
        errors[name] = _("Between %(least)s and %(most)s characters.", least=bounds[0], most=bounds[1])
    return text


def _url(told: Mapping[str, Any], errors: Errors) -> str:
    """Where it was said, for people to look: https only."""
    url = _text(told, "source_url", (0, URL), errors)
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        fine = parts.scheme == "https" and bool(parts.hostname) and " " not in url
    except ValueError:
        fine = False
    if not fine:
        errors["source_url"] = _("Send an address that begins with https://.")
    return url
