"""Builds: a bundle made runnable once, then shared by every city that runs the same bytes.

Nothing of the bundle is imported or run: its tree is written out, its wheels are unpacked by uv (hash-locked, never
built from source). An interpreter runs what it finds in its environment (``.pth`` files, a replaced ``bin/python``), so
that of a finished environment is started inside the sandbox only; bytecode is made by ours, which does not look there.
A folder appears under its final name only when it is whole.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from registry.catalog.inspection.inspect import Inspection
from registry.config import REPOSITORY, Settings
from registry.core import process
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.forge.trees import export_tree
from registry.hosting.models import Build
from registry.hosting.plain import TEST_TOOLS

RUNTIMES = {"python-wsgi/1": REPOSITORY / "requirements" / "python-wsgi-1.lock"}
TOOLS = {"python-wsgi/1": REPOSITORY / "requirements" / "python-wsgi-1-test.lock"}
"""What a bundle's own tests find beside the runtime."""
SDK = REPOSITORY / "sdk"
COMPILE_SECONDS, COMPILE_MEMORY = 60, 2**30


def find(tree: str, lock: str, runtime: str) -> Build | None:
    return db.session.scalar(_same(tree, lock, runtime))


def _same(tree: str, lock: str, runtime: str) -> Select[Build]:
    return select(Build).where(Build.tree == tree, Build.lock == lock, Build.runtime == runtime)


def make(settings: Settings, repository: Path, tree: str, inspection: Inspection) -> Build:
    """The build of ``tree``, its folders whole, recorded in the open unit of work. Raises InvalidError.

    One that is on record already is told where its environment lies now: a new runtime or sdk has a folder of its own.
    """
    if inspection.manifest is None:
        raise InvalidError(_("This bundle cannot be built."), inspection.errors)
    manifest = inspection.manifest
    environment = ensure_environment(settings, manifest.runtime, inspection.requirements)
    code = ensure_code(settings, repository, tree)
    code_path, env_path = (str(folder.relative_to(settings.data)) for folder in (code, environment))
    found = find(tree, inspection.lock, manifest.runtime)
    if found:
        found.code_path, found.env_path = code_path, env_path
        return found
    build = Build(
        tree=tree,
        lock=inspection.lock,
        runtime=manifest.runtime,
        code_path=code_path,
        env_path=env_path,
        manifest=manifest.to_json(),
        config_schema=inspection.config_schema or {},
        size_bytes=sum(path.stat().st_size for path in code.rglob("*") if path.is_file()),
    )
    try:
        with db.session.begin_nested():
            db.session.add(build)
    except IntegrityError:
        return db.session.scalars(_same(tree, inspection.lock, manifest.runtime)).one()
    return build


def is_whole(settings: Settings, build: Build) -> bool:
    """Whether the folders of a recorded build are still there."""
    return (settings.data / build.code_path).is_dir() and (settings.data / build.env_path / ".whole").exists()


def ensure_code(settings: Settings, repository: Path, tree: str) -> Path:
    """``builds/code/{tree}``: the source and its bytecode, readable by every deployment's user, writable by none."""
    target = settings.data / "builds" / "code" / tree
    with process.turn(_lock(target)):
        if not target.exists():
            draft = target.with_name(f"{tree}.draft")
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True)
            export_tree(repository, tree, draft)
            compile_folder(draft, "/app")
            draft.rename(target)
    return target


def ensure_environment(settings: Settings, runtime: str, requirements: str) -> Path:
    """``builds/env/{key}``: the runtime's base environment plus a bundle's own wheels. Raises InvalidError.

    The key covers the runtime's lock, the sdk and the bundle's requirements, so a change of any makes a new one. The
    base alone is made too: from it the host starts plugins warm. ``.whole`` holds its name, and is written last.
    """
    lock = _lock_of(runtime)
    base = _environment(settings, lock, "", _key(lock, ""))
    return _environment(settings, lock, requirements, base.name) if requirements.strip() else base


def ensure_test_environment(settings: Settings, runtime: str, requirements: str) -> Path:
    """Another beside it, with the test tools of the runtime in a folder of their own (`TEST_TOOLS`), where the bundle's
    own versions come before them. Raises InvalidError.

    It names no base: tests start in an interpreter that has loaded nothing before they do.
    """
    return _environment(settings, _lock_of(runtime), requirements, "", TOOLS[runtime])


def _lock_of(runtime: str) -> Path:
    lock = RUNTIMES.get(runtime)
    if lock is None:
        raise InvalidError(_("This host has no runtime %(name)s.", name=runtime))
    return lock


def _environment(settings: Settings, lock: Path, requirements: str, base: str, tools: Path | None = None) -> Path:
    target = settings.data / "builds" / "env" / _key(lock, requirements, tools)
    with process.turn(_lock(target)):
        if not (target / ".whole").exists():
            shutil.rmtree(target, ignore_errors=True)
            _install(settings, target, lock, requirements, tools)
            (target / ".whole").write_text(base)
    return target


def forget(settings: Settings, kind: str, name: str) -> None:
    """Remove ``builds/{kind}/{name}``, which nothing runs from any more; nobody makes it meanwhile."""
    target = settings.data / "builds" / kind / name
    if target.is_dir():
        with process.turn(_lock(target)):
            shutil.rmtree(target, ignore_errors=True)


def compile_folder(folder: Path, inside: str) -> None:
    """Bytecode beside the source, so that a start need not compile: compiling reads a program, it does not run it.

    ``inside`` is the folder's path in the sandbox, for tracebacks. It is somebody else's source, so the compiler is
    bounded; what it cannot compile is left to fail at its start.
    """
    given = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", inside, str(folder)]
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(
            [sys.executable, "-I", "-S", "-m", "compileall", *given],
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=2 * COMPILE_SECONDS,
            preexec_fn=_bound_compiler,
        )


def _bound_compiler() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (COMPILE_SECONDS, COMPILE_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (COMPILE_MEMORY, COMPILE_MEMORY))


def _install(settings: Settings, target: Path, base: Path, requirements: str, tools: Path | None) -> None:
    """The bundle's wheels come last: uv asks the interpreter before it installs, never after."""
    target.parent.mkdir(parents=True, exist_ok=True)
    wanted = target.with_name(f"{target.name}.requirements.txt")
    wanted.write_text(requirements)
    python = str(target / "bin" / "python")
    _uv(settings, "venv", "--quiet", "--python", sys.executable, str(target))
    _uv(settings, "pip", "install", "--quiet", "--python", python, "--no-deps", str(SDK))
    hashed = ["--require-hashes", "--only-binary", ":all:"]
    if tools is not None:
        beside = ["--target", str(target / TEST_TOOLS), "-r", str(tools)]
        _uv(settings, "pip", "install", "--quiet", "--python", python, *hashed, *beside)
    locked = [*hashed, "-r", str(base), "-r", str(wanted)]
    _uv(settings, "pip", "install", "--quiet", "--python", python, *locked)
    compile_folder(target / "lib", "/env/lib")
    wanted.unlink()


def _uv(settings: Settings, *arguments: str) -> None:
    keep = {name: value for name, value in os.environ.items() if name.startswith(("UV_", "SSL_", "HTTPS_PROXY"))}
    home = settings.data / "builds" / "cache"
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "UV_CACHE_DIR": str(home), **keep}
    program = Path(sys.executable).with_name("uv")
    done = subprocess.run(
        [str(program), *arguments], env=environment, capture_output=True, text=True, timeout=settings.build_seconds
    )
    if done.returncode:
        message = _("The app's libraries could not be installed. Check requirements.txt: every line needs its hashes.")
        raise InvalidError(f"{message}\n{done.stderr.strip()[-2000:]}")


def _key(base: Path, requirements: str, tools: Path | None = None) -> str:
    digest = hashlib.sha256(base.read_bytes() + (tools.read_bytes() if tools else b""))
    for path in sorted((SDK / "lumbung_plugin").rglob("*")):
        if path.is_file() and path.suffix not in (".pyc", ".mo"):
            digest.update(path.relative_to(SDK).as_posix().encode() + b"\0" + path.read_bytes())
    digest.update(requirements.encode() + sys.version.encode())
    return digest.hexdigest()[:32]


def _lock(target: Path) -> Path:
    """Two workers never make the same folder at once."""
    return target.with_name(f"{target.name}.lock")
