"""A bundle's Python read as syntax trees: do the named entry points exist, does importing it act on the world.

Nothing is imported or run. The trees can be fooled (``getattr``, ``globals()``): this finds mistakes early, the sandbox
is what holds a hostile plugin.
"""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from registry.catalog.inspection.files import Files
from registry.catalog.inspection.places import Place
from registry.core.errors import Finding
from registry.hosting.plain import Manifest

MAX_SOURCE = 512 * 1024
MAX_ALL_SOURCES = 8 * 2**20

ACTS = frozenset(
    {
        "exec",
        "eval",
        "os.system",
        "os.popen",
        "os.fork",
        "os.kill",
        "os.remove",
        "os.unlink",
        "os.rmdir",
        "os.rename",
        "os.posix_spawn",
        "os.execv",
        "os.execve",
        "os.execvp",
        "os.spawnv",
        "os.spawnl",
        "shutil.rmtree",
        "pty.spawn",
        "socket.socket",
        "socket.create_connection",
        "urllib.request.urlopen",
        "urllib.request.urlretrieve",
        "builtins.exec",
        "builtins.eval",
    }
)
ACTING_MODULES = ("subprocess.", "requests.", "httpx.", "ctypes.")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

_PARSER = threading.Lock()
"""One thread parses at a time: CPython counts a tree's depth once for the whole process and raises SystemError when
another thread's parsing came between (python/cpython#106905).
"""


@dataclass(frozen=True)
class Module:
    """A parsed module. ``nodes`` are all of its tree: walking it is the dear part, and many questions are asked."""

    tree: ast.Module
    nodes: tuple[ast.AST, ...]


class Modules:
    """The parsed modules of a bundle by path; ``broken`` holds those that are no Python, with the line."""

    def __init__(self, files: Files) -> None:
        self.parsed: dict[str, Module] = {}
        self.broken: dict[str, tuple[str, int | None]] = {}
        self.skipped: list[str] = []
        read = 0
        for path in sorted(path for path in files if path.endswith(".py")):
            read += files.size(path)
            if files.size(path) > MAX_SOURCE or read > MAX_ALL_SOURCES:
                self.skipped.append(path)
            else:
                self._parse(path, files.read(path))

    def _parse(self, path: str, source: bytes) -> None:
        try:
            with _PARSER:
                tree = ast.parse(source, filename=path)
            self.parsed[path] = Module(tree, tuple(ast.walk(tree)))
        except SyntaxError as error:
            self.broken[path] = (str(error.msg), error.lineno)
        except (ValueError, RecursionError, MemoryError) as error:
            self.broken[path] = (str(error)[:200] or type(error).__name__, None)

    def find(self, module: str) -> str | None:
        """The file of a dotted module name."""
        stem = module.replace(".", "/")
        known = {*self.parsed, *self.broken, *self.skipped}
        return next((path for path in (f"{stem}.py", f"{stem}/__init__.py") if path in known), None)


def check_names(manifest: Manifest, modules: Modules, findings: list[Finding]) -> None:
    """The manifest's ``module:name`` must be there: the module as a file, the name at its top level."""
    named = {"plugin.entrypoint": manifest.entrypoint, "data.migrate": manifest.migrate}
    for key, target in named.items():
        problem = _name_problem(target, modules) if target else None
        if problem:
            findings.append(Finding(f"lumbung.toml#{key}", problem))


def _name_problem(target: str, modules: Modules) -> str | None:
    module, _colon, name = target.partition(":")
    path = modules.find(module)
    if path is None:
        stem = module.replace(".", "/")
        return _("There is no module %(module)s: add %(stem)s.py or %(stem)s/__init__.py.", module=module, stem=stem)
    if path in modules.broken:
        return _("%(path)s is not valid Python: correct it.", path=path)
    found = modules.parsed.get(path)
    if found is None or name in set(_defined(found.tree.body)):
        return None
    return _("%(path)s has no %(name)s at its top level: define it there.", path=path, name=name)


def _defined(body: list[ast.stmt]) -> Iterator[str]:
    """Names a module has after its import, also those set inside if, try and with."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement.name
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.split(".")[0] for alias in statement.names)
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            yield from (node.id for node in ast.walk(statement) if _is_stored_name(node))  # type: ignore[attr-defined]
        else:
            yield from _defined(_inner(statement))


def _is_stored_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _inner(statement: ast.stmt) -> list[ast.stmt]:
    inner: list[ast.stmt] = []
    for part in ("body", "orelse", "finalbody"):
        inner += getattr(statement, part, [])
    for handler in getattr(statement, "handlers", []):
        inner += handler.body
    return inner


def check_imports(modules: Modules, findings: list[Finding]) -> None:
    """Warn of what is no Python, was too large to look at, or acts when it is merely imported."""
    for path, (problem, line) in modules.broken.items():
        findings.append(Finding(path, _("Not valid Python: %(problem)s.", problem=problem), "warning", line))
    for path in modules.skipped:
        findings.append(Finding(path, _("Too large to be looked at: split it."), "warning"))
    for place in acts(modules):
        message = _("%(name)s is called when the module is imported: move it into a function.", name=place.what)
        findings.append(Finding(place.path, message, "warning", place.line))


def acts(modules: Modules) -> Iterator[Place]:
    """Calls that act on the world when a module is merely imported."""
    for path, module in modules.parsed.items():
        names = _imported_names(module)
        for call in _calls_at_import(module.tree):
            name = _dotted(call.func, names)
            if name in ACTS or name.startswith(ACTING_MODULES):
                yield Place(path, call.lineno, name)


def unread(modules: Modules) -> Iterator[Place]:
    """Modules that nobody could look at: no Python, or too large."""
    yield from (Place(path, line) for path, (_problem, line) in modules.broken.items())
    yield from (Place(path) for path in modules.skipped)


def count_tests(module: Module) -> int:
    """Functions and methods that pytest and unittest run."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return sum(isinstance(node, kinds) and node.name.startswith("test") for node in module.nodes)


def imported(module: Module) -> frozenset[str]:
    """Every module that is named by an import, with each of its parents (``django.db.models`` names ``django.db``)."""
    names: list[str] = []
    for node in module.nodes:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
    parts = [name.split(".") for name in names]
    return frozenset(".".join(one[: depth + 1]) for one in parts for depth in range(len(one)))


def says(module: Module, words: tuple[str, ...]) -> bool:
    """Whether one of these texts is written out in the module."""
    return any(isinstance(node, ast.Constant) and node.value in words for node in module.nodes)


def _imported_names(module: Module) -> dict[str, str]:
    """What a local name stands for: ``from subprocess import run as r`` gives ``r`` → ``subprocess.run``."""
    names: dict[str, str] = {}
    for node in module.nodes:
        if isinstance(node, ast.Import):
            names.update({alias.asname: alias.name for alias in node.names if alias.asname})
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return names


def _calls_at_import(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls outside of functions, not those under ``if __name__ == "__main__"``."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "__name__" in {part.id for part in ast.walk(node.test) if _is_name(part)}:  # type: ignore[attr-defined]
            waiting.extend(node.orelse)
            continue
        if isinstance(node, FUNCTIONS):
            waiting.extend(getattr(node, "decorator_list", []))
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting.extend(ast.iter_child_nodes(node))


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name)


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    """``os.system`` of the callee, local names resolved; "" for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([names.get(node.id, node.id), *reversed(parts)])
