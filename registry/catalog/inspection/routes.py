"""Pages that look like staff's, found in the code by how the usual frameworks name their routes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from registry.catalog.inspection.code import Module
from registry.catalog.inspection.places import Place

DESKS = frozenset({"admin", "administrator", "kerja", "kelola", "operator", "petugas", "staf", "staff", "manage"})
"""First parts of paths that people give to pages of staff, in both languages."""

REGISTERING = frozenset({"route", "add_url_rule"})
METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def open_desks(modules: Mapping[str, Module], staff: Sequence[str]) -> Iterator[Place]:
    """Routes named like staff's that no staff path of the manifest covers. A module whose blueprint has a prefix is
    judged by that alone: its routes are relative to it.
    """
    for path, module in modules.items():
        prefixes = list(_prefixes(module))
        for line, route in prefixes or _routes(module):
            first = route.strip("/").split("/")[0].lower()
            if first in DESKS and not any(_is_below(route, prefix) for prefix in staff):
                yield Place(path, line, f"/{route.strip('/')}")


def _is_below(route: str, prefix: str) -> bool:
    inside = prefix.rstrip("/")
    return f"/{route.strip('/')}/".startswith(f"{inside}/")


def _prefixes(module: Module) -> Iterator[tuple[int, str]]:
    for node in module.nodes:
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "url_prefix" and (text := _text(keyword.value)):
                    yield node.lineno, text


def _routes(module: Module) -> Iterator[tuple[int, str]]:
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            calls = [one for one in node.decorator_list if isinstance(one, ast.Call)]
            yield from (found for call in calls if (found := _route(call, METHODS | REGISTERING)))
        elif isinstance(node, ast.Call) and (found := _route(node, frozenset({"add_url_rule", "path"}))):
            yield found


def _route(call: ast.Call, names: frozenset[str]) -> tuple[int, str] | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    text = _text(call.args[0]) if call.args and name in names else ""
    return (call.lineno, text) if text else None


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
