"""publiccode.yml: the public description of an app, versions 0 to 0.7, judged as the reference parser judges it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from registry.catalog.publiccode import yaml_text as yaml
from registry.catalog.publiccode.check import Checker
from registry.catalog.publiccode.schema import ROOT, VERSIONS
from registry.core.errors import Finding

FILE = "publiccode.yml"
LATEST = ("0", "0.7", "0.7.0")


@dataclass(frozen=True)
class PublicCode:
    """A valid file. ``facts`` has the standard's keys with plain JSON values; ``isBasedOn`` is always a list."""

    facts: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.facts["name"])

    @property
    def url(self) -> str:
        """The source repository: what names the software everywhere."""
        return str(self.facts["url"])

    @property
    def is_based_on(self) -> tuple[str, ...]:
        """Addresses of the apps this one is a variant of."""
        return tuple(self.facts.get("isBasedOn") or ())

    @property
    def maturity(self) -> str:
        return str(self.facts["developmentStatus"])

    @property
    def licence(self) -> str:
        """An SPDX expression."""
        return str(self.facts["legal"]["license"])

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(self.facts.get("categories") or ())

    @property
    def descriptions(self) -> Mapping[str, Mapping[str, Any]]:
        """By language tag."""
        found: Mapping[str, Mapping[str, Any]] = self.facts["description"]
        return found

    @property
    def files(self) -> dict[str, str]:
        """Paths inside the repository that the file names, by their key: logo and screenshots."""
        named = {"logo": self.facts.get("logo"), "monochromeLogo": self.facts.get("monochromeLogo")}
        named["legal.authorsFile"] = self.facts["legal"].get("authorsFile")
        for tag, texts in self.descriptions.items():
            for place, path in enumerate(texts.get("screenshots") or ()):
                named[f"description.{tag}.screenshots[{place}]"] = path
        return {key: path for key, path in named.items() if path and "://" not in path}


def parse(text: bytes) -> tuple[PublicCode | None, list[Finding]]:
    """The file's facts, or None when there is an error among the findings; their paths are keys of the file."""
    checker = Checker()
    try:
        root = yaml.load(text)
    except yaml.YamlProblemError as problem:
        return None, [problem.finding(FILE)]
    if not isinstance(root, yaml.Mapping):
        return None, [Finding(FILE, _("The file is empty or not a list of keys: begin with publiccodeYmlVersion."))]
    facts = checker.read(ROOT, root, "")
    _check_version(checker, root)
    _check_maintenance(checker, root, facts)
    _check_countries(checker, facts)
    if "it" in facts:
        if "IT" in facts:
            checker.error("it", _("IT is there already: remove this key."), root.items["it"].line)
        facts["IT"] = facts.pop("it")
    checker.findings.sort(key=lambda finding: (finding.level, finding.line or 0))
    failed = any(finding.level == "error" for finding in checker.findings)
    return (None if failed else PublicCode(facts)), checker.findings


def _check_version(checker: Checker, root: yaml.Mapping) -> None:
    node = root.items.get("publiccodeYmlVersion")
    if not isinstance(node, yaml.Scalar) or node.kind == "null":
        return
    if node.kind != "text":
        message = _('Must be a text: write it in quotes, such as "0.7".')
        checker.error("publiccodeYmlVersion", message, node.line)
    elif node.text not in VERSIONS:
        message = _("Unknown version. Known are: %(values)s.", values=", ".join(VERSIONS))
        checker.error("publiccodeYmlVersion", message, node.line)
    elif node.text not in LATEST:
        checker.warn("publiccodeYmlVersion", _('Not the latest version of the standard: write "0.7".'), node.line)


def _check_maintenance(checker: Checker, root: yaml.Mapping, facts: Mapping[str, Any]) -> None:
    """Who is owed by the type: contractors by contract and only then, contacts by internal and community."""
    maintenance = facts.get("maintenance") or {}
    kind = maintenance.get("type")
    line = root.items["maintenance"].line if kind else None
    if kind == "contract" and "contractors" not in maintenance:
        checker.error("maintenance.contractors", _("A contract names its contractors: add them."), line)
    if kind and kind != "contract" and "contractors" in maintenance:
        message = _("Contractors are allowed only where maintenance.type is contract: remove them.")
        checker.error("maintenance.contractors", message, line)
    if kind in ("internal", "community") and "contacts" not in maintenance:
        checker.error("maintenance.contacts", _("Name at least one contact person: add contacts."), line)


def _check_countries(checker: Checker, facts: Mapping[str, Any]) -> None:
    audience = facts.get("intendedAudience") or {}
    for key in ("countries", "unsupportedCountries"):
        for code in audience.get(key) or ():
            if code == code.lower():
                message = _("Lower-case country codes are deprecated: write %(code)s.", code=code.upper())
                checker.warn(f"intendedAudience.{key}", message, None)
