"""requirements.txt: exact versions with SHA-256 hashes from the package index, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from packaging.requirements import InvalidRequirement, Requirement

from registry.catalog.inspection.files import Files
from registry.core.errors import Finding

FILE = "requirements.txt"
MAX_BYTES, MAX_REQUIREMENTS = 512 * 1024, 300
TIGHTENING = re.compile(r"--require-hashes|--only-binary[= ]:all:")
HASH = re.compile(r"\s--hash[= ](\S+)")
SHA256 = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Pin:
    """One locked requirement. ``hashes`` are SHA-256 in hex, of any file of it that may be installed."""

    name: str
    version: str
    hashes: tuple[str, ...]


def read(files: Files, findings: list[Finding]) -> bytes:
    """The bytes of the file, b"" without one; what is wrong in it is noted."""
    if FILE not in files:
        return b""
    if files.size(FILE) > MAX_BYTES:
        findings.append(Finding(FILE, _("The file is longer than %(n)d kB: shorten it.", n=MAX_BYTES // 1024)))
        return b""
    text = files.read(FILE)
    try:
        findings.extend(check(text.decode()))
    except UnicodeDecodeError:
        findings.append(Finding(FILE, _("The file is not UTF-8: save it as UTF-8.")))
    return text


def check(text: str) -> list[Finding]:
    """Every requirement that is not ``name==version --hash=sha256:…``, with its line."""
    found, count = [], 0
    for line, requirement in _requirements(text):
        count += 1
        problem = _problem(requirement)
        if problem:
            found.append(Finding(FILE, problem, line=line))
    if count > MAX_REQUIREMENTS:
        found.append(Finding(FILE, _("More than %(n)d requirements: drop what is not used.", n=MAX_REQUIREMENTS)))
    return found


def pins(text: str) -> Iterator[Pin]:
    """The locked requirements of a file that `check` found nothing wrong with; what is no pin is passed over."""
    for _line, whole in _requirements(text):
        bare = HASH.sub("", whole).strip()
        if not whole.startswith("-") and _problem(whole) is None:
            requirement = Requirement(bare)
            version = next(iter(requirement.specifier)).version
            yield Pin(requirement.name, version, tuple(one.removeprefix("sha256:") for one in HASH.findall(whole)))


def _requirements(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines without comments and continuations, with the number of their first line (pip's rules)."""
    waiting, start = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        start = start if waiting else number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            waiting += line[:-1]
            continue
        whole = re.sub(r"(^|\s)#.*$", "", waiting + line).strip()
        waiting = ""
        if whole:
            yield start, whole
    if waiting.strip():
        yield start, waiting.strip()


def _problem(line: str) -> str | None:
    if line.startswith("-"):
        if TIGHTENING.fullmatch(line):
            return None
        return _("The option %(option)s is not allowed: name packages of the index only.", option=line.split()[0][:40])
    hashes = HASH.findall(line)
    bare = HASH.sub("", line).strip()
    if " --" in bare:
        return _("Only --hash may follow a requirement: remove the other options.")
    try:
        requirement = Requirement(bare)
    except InvalidRequirement:
        return _("Not a requirement: write name==version --hash=sha256:… (addresses and paths are not allowed).")
    if requirement.url:
        return _("%(name)s comes from an address: name a version of the package index.", name=requirement.name)
    pins = list(requirement.specifier)
    if len(pins) != 1 or pins[0].operator != "==" or "*" in pins[0].version:
        return _("%(name)s has no exact version: write %(name)s==version.", name=requirement.name)
    if not hashes or not all(SHA256.fullmatch(digest) for digest in hashes):
        return _(
            "%(name)s has no SHA-256 hash: make the file with uv pip compile --generate-hashes.", name=requirement.name
        )
    return None
