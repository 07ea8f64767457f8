"""YAML 1.2 read as bounded data with line numbers: no tags, no second document, no alias bomb, no deep nesting.

Each event is judged before anything is built of it, because what builds recurses and follows aliases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from typing import TypeAlias

from flask_babel import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    ScalarEvent,
)
from ruamel.yaml.nodes import Node as YamlNode
from ruamel.yaml.nodes import ScalarNode, SequenceNode
from ruamel.yaml.parser import Parser

from registry.core.errors import Finding

MAX_BYTES = 256 * 1024
MAX_EVENTS = 20_000
MAX_DEPTH = 16
MAX_ALIASES = 20
MAX_NODES = 40_000
"""After aliases are followed."""

UNSTORABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
CORE = "tag:yaml.org,2002:"
KINDS = {"str": "text", "int": "number", "float": "number", "bool": "flag", "null": "null", "timestamp": "text"}


@dataclass(frozen=True)
class Scalar:
    """``text`` as written; ``kind`` is text, number, flag or null by the YAML 1.2 core schema (``yes`` is text)."""

    text: str
    kind: str
    line: int


@dataclass(frozen=True)
class Listing:
    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True)
class Mapping:
    items: dict[str, Node]
    line: int


Node: TypeAlias = Scalar | Listing | Mapping


class YamlProblemError(Exception):
    """Why a text is refused; ``line`` counts from 1, None when the whole text is meant."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line = message, line

    def finding(self, path: str) -> Finding:
        return Finding(path, self.message, line=self.line)


def load(text: bytes) -> Node | None:
    """The one document, or None when there is nothing in it. Raises YamlProblemError."""
    if len(text) > MAX_BYTES:
        raise YamlProblemError(_("The file is longer than %(n)d kB: shorten it.", n=MAX_BYTES // 1024))
    try:
        source = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise YamlProblemError(_("The file is not UTF-8: save it as UTF-8."), line) from error
    try:
        root = _compose(source)
        return None if root is None else _Builder().build(root)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = _("This is not valid YAML: %(problem)s.", problem=error.problem or error.context)
        raise YamlProblemError(problem, mark.line + 1 if mark else None) from error
    except (YAMLError, ValueError) as error:
        raise YamlProblemError(_("This is not valid YAML: %(problem)s.", problem=str(error)[:200])) from error


def _compose(source: str) -> YamlNode | None:
    reader = YAML(typ="safe", pure=True)
    reader.version, reader.Parser = (1, 2), _Judging
    return reader.compose(StringIO(source))


class _Judging(Parser):
    """Refuses, in the flat stream of events, what would be dear or dangerous to build."""

    def __init__(self, loader: YAML) -> None:
        super().__init__(loader)
        self.events = self.depth = self.aliases = self.documents = 0

    def get_event(self) -> Event:
        event: Event = super().get_event()
        if event is not None:
            self._judge(event, event.start_mark.line + 1)
        return event

    def _judge(self, event: Event, line: int) -> None:
        self.events += 1
        self.depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        self.aliases += isinstance(event, AliasEvent)
        self.documents += isinstance(event, DocumentStartEvent)
        if self.events > MAX_EVENTS:
            raise YamlProblemError(_("The file has too many entries: shorten it."), line)
        if self.depth > MAX_DEPTH:
            raise YamlProblemError(_("The file is nested too deeply: at most %(n)d levels.", n=MAX_DEPTH), line)
        if self.aliases > MAX_ALIASES:
            raise YamlProblemError(_("The file uses too many aliases (*name): write the values out."), line)
        if self.documents > 1:
            raise YamlProblemError(_("There is a second YAML document (---): keep one per file."), line)
        if isinstance(event, ScalarEvent | CollectionStartEvent):
            _refuse_tag(event, line)


def _refuse_tag(event: ScalarEvent | CollectionStartEvent, line: int) -> None:
    tag = str(event.tag or "")
    if tag and tag != "!" and tag.removeprefix(CORE) not in {*KINDS, "map", "seq"}:
        raise YamlProblemError(_("The tag %(tag)s is not allowed: write a plain value.", tag=tag[:80]), line)


class _Builder:
    """Turns ruamel's nodes into ours, each key once, counting what aliases multiply."""

    def __init__(self) -> None:
        self.nodes = 0
        self.open: set[int] = set()

    def build(self, node: YamlNode) -> Node:
        line = node.start_mark.line + 1
        self.nodes += 1
        if self.nodes > MAX_NODES or id(node) in self.open:
            raise YamlProblemError(_("Aliases (*name) make this file too large: write the values out."), line)
        if isinstance(node, ScalarNode):
            if UNSTORABLE.search(node.value):
                raise YamlProblemError(_("There is an invisible control character here: remove it."), line)
            return Scalar(node.value, KINDS.get(str(node.tag).removeprefix(CORE), "text"), line)
        self.open.add(id(node))
        built: Node
        if isinstance(node, SequenceNode):
            built = Listing(tuple(self.build(item) for item in node.value), line)
        else:
            built = self._mapping(node.value, line)
        self.open.discard(id(node))
        return built

    def _mapping(self, pairs: list[tuple[YamlNode, YamlNode]], line: int) -> Mapping:
        items: dict[str, Node] = {}
        for key, value in pairs:
            place = key.start_mark.line + 1
            if not isinstance(key, ScalarNode) or key.value == "<<":
                raise YamlProblemError(_("A key must be plain text."), place)
            if key.value in items:
                raise YamlProblemError(_("The key %(key)s is there twice: keep one.", key=key.value[:80]), place)
            items[key.value] = self.build(value)
        return Mapping(items, line)
