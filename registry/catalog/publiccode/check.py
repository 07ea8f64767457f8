"""Holds a document against the tables of `publiccode_schema`: plain data out, every finding with its line."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from flask_babel import gettext as _

from registry.catalog.publiccode import values
from registry.catalog.publiccode.schema import ByLanguage, Flag, Key, Kind, Many, Record, Text
from registry.catalog.publiccode.yaml_text import Listing, Mapping, Node, Scalar
from registry.core.errors import Finding


class Checker:
    """Collects ``findings``; their path is the key as written, ``description.id.features[2]``."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def error(self, path: str, message: str, line: int | None) -> None:
        self.findings.append(Finding(path, message, line=line))

    def warn(self, path: str, message: str, line: int | None) -> None:
        self.findings.append(Finding(path, message, "warning", line))

    def read(self, kind: Kind, node: Node, path: str) -> Any:
        """The plain value; what is wrong in it is noted and left out."""
        match kind:
            case Text():
                return self._text(kind, node, path)
            case Flag():
                return self._flag(node, path)
            case Many():
                return self._many(kind, node, path)
            case Record():
                return self._record(kind, node, path)
            case ByLanguage():
                return self._by_language(kind, node, path)

    def _text(self, kind: Text, node: Node, path: str) -> str:
        if not isinstance(node, Scalar):
            self.error(path, _("Must be a text, not a list or a group of keys."), node.line)
            return ""
        text = "" if node.kind == "null" else node.text
        for check in kind.checks:
            problem = check(text)
            if problem:
                self.error(path, problem, node.line)
        return text

    def _flag(self, node: Node, path: str) -> bool:
        if isinstance(node, Scalar) and node.kind == "flag":
            return node.text.lower() == "true"
        self.error(path, _("Must be true or false (YAML 1.2: yes and no are texts)."), node.line)
        return False

    def _many(self, kind: Many, node: Node, path: str) -> list[Any]:
        if kind.single and isinstance(node, Scalar):
            return [self.read(kind.item, node, path)]
        if not isinstance(node, Listing):
            self.error(path, _("Must be a list: write each value on its own line after a dash."), node.line)
            return []
        if len(node.items) < kind.at_least:
            self.error(path, _("Must have at least %(n)d entry.", n=kind.at_least), node.line)
        return [self.read(kind.item, item, f"{path}[{place}]") for place, item in enumerate(node.items)]

    def _record(self, kind: Record, node: Node, path: str) -> dict[str, Any]:
        if not isinstance(node, Mapping):
            self.error(path, _("Must be a group of keys, indented below this one."), node.line)
            return {}
        found: dict[str, Any] = {}
        for name, item in node.items.items():
            place = f"{path}.{name}" if path else name
            key = kind.keys.get(name)
            if key is None:
                self._unknown(name, place, kind, item.line)
            elif not _is_empty(item, key):
                found[name] = self.read(key.kind, item, place)
                if key.deprecated:
                    self.warn(place, str(key.deprecated), item.line)
        self._missing(kind, node, path)
        return found

    def _missing(self, kind: Record, node: Mapping, path: str) -> None:
        for name, key in kind.keys.items():
            item = node.items.get(name)
            if key.required and (item is None or _is_empty(item, key)):
                place = f"{path}.{name}" if path else name
                self.error(place, _("This key is required: add it."), item.line if item else node.line)

    def _unknown(self, name: str, path: str, kind: Record, line: int) -> None:
        close = get_close_matches(name[:80], kind.keys, n=1)
        if close:
            self.error(path, _("Unknown key %(key)s: did you mean %(hint)s?", key=name[:80], hint=close[0]), line)
        else:
            self.error(path, _("Unknown key %(key)s: the standard has no such key, remove it.", key=name[:80]), line)

    def _by_language(self, kind: ByLanguage, node: Node, path: str) -> dict[str, Any]:
        if not isinstance(node, Mapping) or not node.items:
            self.error(path, _("Needs at least one language, such as id: with the texts below it."), node.line)
            return {}
        for tag, item in node.items.items():
            problem = values.language(tag)
            if problem:
                self.error(f"{path}.{tag}", problem, item.line)
        return {tag: self.read(kind.record, item, f"{path}.{tag}") for tag, item in node.items.items()}


def _is_empty(node: Node, key: Key) -> bool:
    """Nothing after the colon counts as absent; so does an empty text where one is required."""
    if not isinstance(node, Scalar):
        return False
    return node.kind == "null" or (key.required and isinstance(key.kind, Text) and not node.text)
