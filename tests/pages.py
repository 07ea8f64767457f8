"""A browser's page that is looked at: no error in its console, no sideways scroll, no barrier axe finds."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect, sync_playwright
from werkzeug.serving import make_server

REPOSITORY = Path(__file__).parents[1]
SHOTS = REPOSITORY / "test-results"
AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
SIZES = {"wide": WIDE, "phone": PHONE}
LANGUAGES = ("id", "en")
CHOSEN = re.compile(r"^(lumbung_)?lang$")
"""The cookies in which the registry and the plugins remember a language."""
PICTURES = os.environ.get("LUMBUNG_PICTURES") != "0"
"""They take a fifth of the time of a page that is looked at."""
SHELL, WHOLE = "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"
CHROMIUM = SHELL if Path(SHELL).exists() else WHOLE
"""The same engine without the windows nobody sees takes a quarter less processor, where it is installed."""
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync")
LAYOUT = """() => {
  const whole = document.documentElement, copy = whole.cloneNode(true)
  const told = /^(aria-label|label|alt|title|placeholder|value|content|href|action|data-.*)$/
  for (const one of copy.querySelectorAll("*"))
    for (const given of one.attributes) if (told.test(given.name) && given.value.trim()) given.value = "x"
  for (const one of copy.querySelectorAll("[hreflang]")) one.removeAttribute("aria-current")
  const words = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT)
  while (words.nextNode()) words.currentNode.data = words.currentNode.data.trim() ? "x" : ""
  copy.removeAttribute("lang")
  return [whole.lang, whole.scrollWidth - innerWidth, copy.outerHTML]
}"""
"""Its language, by how much it is too wide, and how it is built: of words only whether there are any is left."""
PATIENCE = 20_000
"""Milliseconds: machines are shared with the rest of the suite."""
EXPECTED = re.compile(r"status of (400|403|409|422|503)")
"""A refusal in words is a page like any other, but the browser notes its status."""


def need(program: str) -> None:
    """Skip without ``program``; where everything has to be there, fail."""
    if shutil.which(program):
        return
    message = f"{program} is not installed: apt-get install {Path(program).name.replace('bwrap', 'bubblewrap')}"
    if os.environ.get("LUMBUNG_REQUIRE_ALL") == "1" or os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


expect.set_options(timeout=PATIENCE)


@contextmanager
def launched() -> Iterator[Browser]:
    """The system's Chromium, without its windows where Debian's chromium-headless-shell is installed."""
    need(CHROMIUM)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application behind a socket of its own: its origin."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def person(browser: Browser, language: str = "id", scripts: bool = True) -> Iterator[Page]:
    """A fresh visitor; leaving fails on whatever the browser complained of."""
    context = browser.new_context(locale=language, viewport=WIDE, java_script_enabled=scripts)
    complaints = _complaints(context)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()
    assert not complaints, "\n".join(complaints)


def _complaints(context: BrowserContext) -> list[str]:
    found: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            found.append(f"{message.location.get('url')}: {message.text}")

    context.on("console", heard)
    context.on("weberror", lambda error: found.append(str(error.error)))
    return found


def look(page: Page, name: str) -> None:
    """Both languages, wide and on a phone: nothing scrolls sideways (pictures of it to ``test-results/``). Axe is
    content with it, wide; it reads the other language only where that is built in another way than in its words.

    Only for pages that may be asked for again; afterwards the page is as it was.
    """
    address, kept = page.url, page.locator("html").get_attribute("lang")
    chosen = [cookie for cookie in page.context.cookies() if CHOSEN.fullmatch(cookie["name"])]
    read: set[str] = set()
    for language in (one for one in LANGUAGES if one != kept):
        page.goto(_in(address, language))
        _fits(page, f"{name}-{language}", language, ("wide", "phone"), read)
    page.context.clear_cookies(name=CHOSEN)
    page.context.add_cookies(chosen)  # type: ignore[arg-type]
    page.goto(address)
    _fits(page, f"{name}-{kept}", kept, ("phone", "wide"), read)


def _fits(page: Page, name: str, language: str | None, sizes: Sequence[str], read: set[str]) -> None:
    """In the order of ``sizes``, so that a page is laid out anew as rarely as can be; ``read`` are builds axe knows."""
    for size in sizes:
        if page.viewport_size != SIZES[size]:
            page.set_viewport_size(SIZES[size])
        if PICTURES:
            page.screenshot(path=SHOTS / f"{name}-{size}.png", full_page=True)
        told, over, built = page.evaluate(LAYOUT)
        assert told == language, f"{name} is in another language"
        assert over <= 0, f"{name} on a {size} scrolls sideways by {over}"
        if size == "wide" and built not in read:
            found = barriers(page)
            assert not found, f"{name}:\n" + "\n".join(found)
            read.add(built)


def shot(page: Page, name: str, **options: Any) -> None:
    """A picture for people to look at, in ``test-results/``."""
    if PICTURES:
        page.screenshot(path=SHOTS / f"{name}.png", **options)


def barriers(page: Page) -> list[str]:
    """What axe-core finds wrong. Fails when it is not installed: a page nobody looked at is not a good one."""
    assert AXE.exists(), "axe-core is not installed: make setup-test"
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
    return [
        f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0]['failureSummary'][:200]}"
        for one in found["violations"]
    ]


@cache
def _axe() -> str:
    return AXE.read_text()


def _in(address: str, language: str) -> str:
    path, _, fragment = address.partition("#")
    path = re.sub(r"[?&]lang=\w+", "", path)
    return f"{path}{'&' if '?' in path else '?'}lang={language}" + (f"#{fragment}" if fragment else "")


def picture(page: Page, plugin: str, name: str) -> None:
    """A screenshot for the catalog: written into the bundle when ``LUMBUNG_SCREENSHOTS`` is set."""
    wanted = os.environ.get("LUMBUNG_SCREENSHOTS")
    if not (wanted or PICTURES):
        return
    folder = REPOSITORY / "plugins" / plugin / "docs" if wanted else SHOTS
    page.set_viewport_size({"width": 1120, "height": 760})
    page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=72)
    page.set_viewport_size(WIDE)
