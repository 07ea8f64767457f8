"""The list of everything released, for whoever wants to keep a copy and see that it only grows."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, render_template, request, stream_with_context

from registry.catalog.trust import keys
from registry.forge import storage
from registry.forge.browsing.routes import number, tied
from registry.forge.browsing.turns import turn
from registry.forge.signatures import journal, own
from registry.forge.signatures.ledger import START, Entry
from registry.forge.views import blueprint

PLAIN = "text/plain; charset=utf-8"
SHOWN = 40


@blueprint.get("/transparency")
def transparency() -> str:
    """How to see that a release is in the list, and that the list only ever grew."""
    newest = journal.head()
    count = newest.number if newest else 0
    recent = list(journal.lines(max(1, count - SHOWN + 1)))[::-1]
    settings = storage.settings()
    return render_template(
        "forge/signatures/transparency.html", newest=newest, count=count, recent=recent, origin=settings.origin,
        start=START, key=keys.current(settings.secrets).public, most=journal.MAX_RANGE,
    )  # fmt: skip


@blueprint.get("/transparency/releases.txt")
def transparency_log() -> Response:
    """All lines; up to one with ``?to=``; at most 10,000 from one on with ``?from=``."""
    last = _last()
    if last is None:
        return tied(Response("", content_type=PLAIN), START)
    first = number("from")
    if first:
        first, _last_shown = journal.bounds(first, number("to", first + journal.MAX_RANGE - 1), last.number)
        last = last if last.number <= _last_shown else journal.line(_last_shown)
    answer = Response(stream_with_context(_text(first or 1, last.number)), content_type=PLAIN)
    answer.headers["Cache-Control"] = "public, no-cache"
    return tied(answer, f"{first}-{last.chain}")


@blueprint.get("/transparency/releases.txt.minisig")
def transparency_signature() -> Response:
    """Of all lines; of those up to one with ``?to=``. Reads them all, so a few visitors at once wait their turn."""
    last = _last()
    with turn():
        return _plain(journal.signature(last) if last else "")


@blueprint.get("/transparency/checkpoint.txt")
def transparency_checkpoint() -> Response:
    """How many lines there are and the last one's chain: what others keep."""
    last = _last()
    return _plain(journal.checkpoint(last) if last else "")


@blueprint.get("/transparency/checkpoint.txt.minisig")
def transparency_checkpoint_signature() -> Response:
    last = _last()
    return _plain(journal.checkpoint_signature(last) if last else "")


@blueprint.get("/transparency/allowed_signers")
def registry_signer() -> Response:
    """The key that signs what is made here for people, as git's gpg.ssh.allowedSignersFile takes it."""
    return _plain(own.allowed_signers())


def _last() -> Entry | None:
    """The newest line, or an earlier one that ``?to=`` names."""
    newest, wanted = journal.head(), number("to")
    return journal.line(wanted) if newest and 0 < wanted < newest.number else newest


def _text(first: int, last: int) -> Iterator[str]:
    for entry in journal.lines(first, last):
        yield f"{entry.line}\n"


def _plain(text: str) -> Response:
    answer = Response(text, content_type=PLAIN)
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
