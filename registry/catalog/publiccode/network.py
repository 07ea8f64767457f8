"""The addresses a publiccode.yml names, asked over the network: only where somebody wants it, nothing waits for it.

What a server says it has not is an error; a server that nobody can reach now is a warning: tomorrow it may be there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from flask_babel import gettext as _

from registry.catalog.publiccode.file import PublicCode
from registry.core import outgoing
from registry.core.errors import Finding
from registry.core.outgoing import Answer, Limits, UnreachableError

MAX_ADDRESSES = 60
AT_ONCE = 8
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"<svg", b"<?xml", b"\x1f\x8b")
OEMBED = {
    "youtube.com": "https://www.youtube.com/oembed?format=json&url=",
    "youtu.be": "https://www.youtube.com/oembed?format=json&url=",
    "vimeo.com": "https://vimeo.com/api/oembed.json?url=",
    "dailymotion.com": "https://www.dailymotion.com/services/oembed?format=json&url=",
}
"""Who is asked whether a video is there: the providers' oEmbed end points. Others' videos are asked as pages."""

Ask = Callable[[str], Answer]


def check_addresses(described: PublicCode, inner: Collection[str] = ()) -> list[Finding]:
    """Findings of every address, a picture's and a video's among them; at most `MAX_ADDRESSES` are asked.

    ``inner`` names hosts that may be private (see `registry.core.outgoing`).
    """
    limits = Limits(body=512)
    named = list(addresses(described))[:MAX_ADDRESSES]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(lambda one: _asked(one[1], inner, limits), named)
        found = [_problem(key, url, answer) for (key, url), answer in zip(named, answers, strict=True)]
    return [problem for problem in found if problem is not None]


def addresses(described: PublicCode) -> Iterator[tuple[str, str]]:
    """Key and address, in the order of the file."""
    facts = described.facts
    for key in ("url", "landingURL", "roadmap", "logo", "monochromeLogo"):
        if "://" in str(facts.get(key) or ""):
            yield key, facts[key]
    for place, url in enumerate(described.is_based_on):
        yield f"isBasedOn[{place}]", url
    for tag, texts in described.descriptions.items():
        for key in ("documentation", "apiDocumentation"):
            if texts.get(key):
                yield f"description.{tag}.{key}", texts[key]
        for key in ("screenshots", "videos"):
            for place, url in enumerate(texts.get(key) or ()):
                if "://" in url:
                    yield f"description.{tag}.{key}[{place}]", url


def _asked(url: str, inner: Collection[str], limits: Limits) -> Answer | str:
    """The answer, or the stable code of why there is none."""
    try:
        return outgoing.get(_end_point(url), inner, limits)
    except UnreachableError as error:
        return error.code


def _end_point(url: str) -> str:
    host = url.partition("://")[2].partition("/")[0].lower().removeprefix("www.")
    return f"{OEMBED[host]}{quote(url, safe='')}" if host in OEMBED else url


def _problem(key: str, url: str, answer: Answer | str) -> Finding | None:
    if isinstance(answer, str):
        message = _("Nobody could be asked at %(url)s (%(reason)s).", url=url[:120], reason=answer)
        return Finding(key, message, "warning")
    if answer.status >= 500 or answer.status in (401, 403, 408, 429):
        message = _("%(url)s answers %(status)d: look whether it is there.", url=url[:120], status=answer.status)
        return Finding(key, message, "warning")
    if answer.status >= 400:
        message = _("Nothing is at %(url)s: the server answers %(status)d.", url=url[:120], status=answer.status)
        return Finding(key, message)
    picture = "logo" in key.lower() or "screenshots" in key
    if picture and answer.status == 200 and not answer.body.lstrip().startswith(PICTURES):
        return Finding(key, _("%(url)s is not a picture (PNG, JPEG or SVG).", url=url[:120]))
    return None
