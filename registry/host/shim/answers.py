"""What the shim answers itself, before the plugin is asked: the way in, and why not. In the city's language."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from html import escape
from typing import Any
from urllib.parse import quote

Environ = dict[str, Any]
Start = Callable[..., Any]

ENTER, RENEW = "/_lumbung/enter", "/_lumbung/renew"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PIECE = 2**16

_ID = {
    "title": "Masuk lagi, lalu kirim ulang",
    "why": "Anda sudah tidak masuk, sehingga isian tadi belum diterima. Isian itu masih disimpan peramban ini.",
    "first": "Masuk di tab baru",
    "then": "Kembali ke tab ini dan muat ulang halaman. Peramban bertanya apakah isian dikirim lagi: pilih ya.",
    "foreign": "Permintaan ini dikirim dari situs lain. Buka halamannya di sini, lalu kirim lagi.",
    "provided": "Alamat ini hanya untuk plugin lain yang sudah diizinkan.",
}
_EN = {
    "title": "Sign in again, then send again",
    "why": "You are no longer signed in, so what you sent was not taken yet. This browser still has it.",
    "first": "Sign in in a new tab",
    "then": "Come back to this tab and reload the page. The browser asks whether to send again: say yes.",
    "foreign": "This was sent from another site. Open the page here, then send it again.",
    "provided": "This address is only for other plugins that were allowed to ask.",
}
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;
padding:0 1rem}}</style></head><body><main><h1>{title}</h1><p>{why}</p>
<ol><li><a href="{enter}" target="_blank" rel="noopener">{first}</a></li><li>{then}</li></ol></main></body></html>
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def enter(environ: Environ, start: Start, language: str) -> Iterable[bytes]:
    """To the door; who sent a form learns how to keep it, and a program what is missing."""
    if environ.get("REQUEST_METHOD") in ("GET", "HEAD") and _wants_page(environ, "*/*"):
        return _redirect(environ, start, "302 Found", ENTER)
    if _wants_page(environ, "text/html"):
        return _form_kept(environ, start, language)
    return problem(environ, start, 401, "Sign in required")


def renew(environ: Environ, start: Start) -> Iterable[bytes]:
    """Through the registry and back: browsers repeat a 307 with its method and its body."""
    return _redirect(environ, start, "307 Temporary Redirect", RENEW)


def refuse(environ: Environ, start: Start, language: str, word: str) -> Iterable[bytes]:
    """403 with the reason in words (``foreign``, ``provided``)."""
    return problem(environ, start, 403, _words(language)[word])


def problem(environ: Environ, start: Start, status: int, title: str) -> Iterable[bytes]:
    """RFC 9457."""
    body = json.dumps({"type": "about:blank", "title": title, "status": status}).encode()
    phrase = {401: "401 Unauthorized", 403: "403 Forbidden"}[status]
    return _answer(environ, start, phrase, body, [("Content-Type", "application/problem+json")])


def _form_kept(environ: Environ, start: Start, language: str) -> Iterable[bytes]:
    words = {name: escape(text) for name, text in _words(language).items()}
    page = _PAGE.format(language="id" if language.startswith("id") else "en", enter=f"{ENTER}?next=/", **words)
    kind = [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", _POLICY)]
    return _answer(environ, start, "401 Unauthorized", page.encode(), kind)


def _redirect(environ: Environ, start: Start, status: str, where: str) -> Iterable[bytes]:
    return _answer(environ, start, status, b"", [("Location", f"{where}?next={_next(environ)}")])


def _answer(
    environ: Environ, start: Start, status: str, body: bytes, headers: list[tuple[str, str]]
) -> Iterable[bytes]:
    """A server that closes before the body has come breaks the sender's connection, so it is read and forgotten."""
    if environ.get("CONTENT_LENGTH") or environ.get("HTTP_TRANSFER_ENCODING"):
        while environ["wsgi.input"].read(PIECE):
            pass
    start(status, [*headers, ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]


def _wants_page(environ: Environ, kind: str) -> bool:
    accept = environ.get("HTTP_ACCEPT", "*/*")
    return "text/html" in accept or kind in accept


def _words(language: str) -> dict[str, str]:
    return _ID if language.startswith("id") else _EN


def _next(environ: Environ) -> str:
    """Where to come back to: a path of this origin, never ``//elsewhere``."""
    path = "/" + environ.get("PATH_INFO", "").lstrip("/\\")
    query = environ.get("QUERY_STRING", "")
    wanted = quote(path.encode("latin-1")) + (f"?{query}" if query else "")
    return quote(wanted, safe="/")
