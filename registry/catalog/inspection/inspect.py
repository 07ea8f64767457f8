"""Looks a bundle over without importing or running any of it: files, publiccode.yml, lumbung.toml, code by its AST."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from registry.catalog.inspection import code as check_code
from registry.catalog.inspection import facts as counting
from registry.catalog.inspection import manifest as check_manifest
from registry.catalog.inspection import requirements as check_requirements
from registry.catalog.inspection import texts as check_texts
from registry.catalog.inspection.bundle import BundleLimits, Tree
from registry.catalog.inspection.facts import Facts
from registry.catalog.inspection.files import Files
from registry.catalog.inspection.paths import list_files
from registry.catalog.publiccode import file as publiccode
from registry.catalog.publiccode.file import PublicCode
from registry.core.errors import Finding
from registry.hosting.plain import Manifest

MAX_FINDINGS = 200


@dataclass(frozen=True)
class Inspection:
    """What a bundle says of itself and what is wrong with it.

    ``lock`` is the SHA-256 (hex) of the bytes of ``requirements.txt``, "" without one. ``config_schema`` is the parsed
    JSON Schema. ``licence_file`` is a path in the bundle, ``changelog`` a text.
    """

    publiccode: PublicCode | None
    publiccode_text: str
    manifest: Manifest | None
    requirements: str
    lock: str
    config_schema: dict[str, Any] | None
    licence_file: str | None
    changelog: str
    findings: tuple[Finding, ...]
    facts: Facts = field(default_factory=Facts)

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "warning")

    @property
    def ok(self) -> bool:
        return not self.errors


def inspect(tree: Tree, limits: BundleLimits | None = None) -> Inspection:
    """Everything there is to say about a bundle, errors first; reads at most ``limits.size`` bytes of it."""
    listing = list_files(tree, limits or BundleLimits())
    files = Files(tree, listing.files)
    findings = list(listing.findings)
    if not listing.complete:
        return Inspection(None, "", None, "", "", None, None, "", tuple(findings))
    described, description = _publiccode(files, findings)
    manifest, config_schema = check_manifest.read(files, findings)
    modules = check_code.Modules(files)
    if manifest:
        check_code.check_names(manifest, modules, findings)
    check_code.check_imports(modules, findings)
    requirements = check_requirements.read(files, findings)
    licence = check_texts.licence_file(files, findings)
    changelog = check_texts.changelog(files, findings)
    secrets = tuple(check_texts.secrets(files))
    check_texts.warn_of_secrets(secrets, findings)
    count = sum(1 for _pin in check_requirements.pins(requirements.decode(errors="replace")))
    return Inspection(
        described,
        description,
        manifest,
        requirements.decode(errors="replace"),
        hashlib.sha256(requirements).hexdigest() if requirements else "",
        config_schema,
        licence,
        changelog,
        _ordered(findings),
        counting.gather(files, modules, manifest, licence, secrets, count),
    )


def _publiccode(files: Files, findings: list[Finding]) -> tuple[PublicCode | None, str]:
    if publiccode.FILE not in files:
        hint = ""
        if "publiccode.yaml" in files:
            hint = _("There is a publiccode.yaml: rename it, catalogs read only publiccode.yml.")
        findings.append(Finding(publiccode.FILE, hint or _("Missing: every app describes itself in publiccode.yml.")))
        return None, ""
    text = files.read(publiccode.FILE)
    described, found = publiccode.parse(text)
    for finding in found:
        path = finding.path if finding.path == publiccode.FILE else f"{publiccode.FILE}#{finding.path}"
        findings.append(replace(finding, path=path))
    for key, path in described.files.items() if described else ():
        if path.removeprefix("./") not in files:
            message = _("There is no file %(path)s in the bundle: add it or correct the path.", path=path[:120])
            findings.append(Finding(f"{publiccode.FILE}#{key}", message))
    return described, text.decode(errors="replace")


def _ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    found = sorted(findings, key=lambda finding: finding.level)
    return tuple(found[:MAX_FINDINGS])
