"""The papers that come with code, and what should not: licence, change log, read-me, forgotten secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from registry.catalog.inspection.files import Files
from registry.catalog.inspection.places import Place
from registry.core.errors import Finding

MAX_CHANGELOG = 256 * 1024
MAX_SEARCHED = 2**20
ENDINGS = r"(?:\.(?:md|txt|rst))?"
LICENCE = re.compile(rf"(?:(?:LICEN[CS]E|COPYING|UNLICENSE)(?:[-.][\w.+-]+)?{ENDINGS}|LICENSES/.+)", re.IGNORECASE)
CHANGELOG = re.compile(rf"(?:CHANGELOG|CHANGES|HISTORY|RELEASES){ENDINGS}", re.IGNORECASE)
README = re.compile(rf"README{ENDINGS}", re.IGNORECASE)

SECRETS = {
    "private key": re.compile(rb"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
    "AWS access key": re.compile(rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "GitHub token": re.compile(rb"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
    "Lumbung token": re.compile(rb"\blmb_[A-Za-z0-9_-]{32,}\b"),
}
KEEPERS = (".env", "id_rsa", "id_ed25519", ".netrc")
"""Names of files that hold secrets."""


def licence_file(files: Files, findings: list[Finding]) -> str | None:
    """The path of the licence's text, the shortest when there are several."""
    found = sorted((path for path in files if LICENCE.fullmatch(path)), key=lambda path: (len(path), path))
    if not found:
        message = _("Missing: put the whole text of the licence there; without it nobody may use the app.")
        findings.append(Finding("LICENSE", message))
        return None
    if not files.size(found[0]):
        findings.append(Finding(found[0], _("Empty: put the whole text of the licence there.")))
    return found[0]


def changelog(files: Files, findings: list[Finding]) -> str:
    """The change log's text, cut at `MAX_CHANGELOG` bytes; notes when it or the read-me is missing."""
    if not any(README.fullmatch(path) for path in files):
        message = _("Missing: tell administrators and operators how to use the app.")
        findings.append(Finding("README.md", message, "warning"))
    found = next((path for path in sorted(files) if CHANGELOG.fullmatch(path)), None)
    if found is None:
        message = _("Missing: tell the cities what changes from release to release.")
        findings.append(Finding("CHANGELOG.md", message, "warning"))
        return ""
    return files.read(found)[:MAX_CHANGELOG].decode(errors="replace").replace("\0", "")


def warn_of_secrets(places: Iterable[Place], findings: list[Finding]) -> None:
    for place in places:
        message = _("Such files hold secrets: remove it from the bundle.")
        if place.what:
            message = _("Looks like a secret (%(kind)s): remove it and make a new one.", kind=place.what)
        findings.append(Finding(place.path, message, "warning", place.line))


def secrets(files: Files) -> Iterator[Place]:
    """What looks like one: files by their name (``what`` is ""), texts by their kind, the first of each per file."""
    for path in files:
        if path.rsplit("/", 1)[-1] in KEEPERS:
            yield Place(path)
        if files.size(path) > MAX_SEARCHED:
            continue
        content = files.read(path)
        if b"\0" in content[:8192]:
            continue
        for kind, pattern in SECRETS.items():
            match = pattern.search(content)
            if match:
                yield Place(path, content.count(b"\n", 0, match.start()) + 1, kind)
