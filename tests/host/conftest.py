"""A runtime environment built once, one throw-away PostgreSQL per session, and houses for the host to keep."""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from registry.config import REPOSITORY
from registry.core import secrets, stage
from registry.host import limits
from registry.hosting.plain import TEST_TOOLS

from .house import House
from .support import Workshop, linked

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if shutil.which("bwrap"):
        return
    skip = pytest.mark.skip(reason="bubblewrap is not installed")
    for item in items:
        if {"workshop", "house", "database"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def runtime() -> Path:
    """The environment of python-wsgi/1, made by uv from the lock and compiled as a real one is: what it has not
    compiled, every start in a sandbox compiles again. It names no base: starts are plain. Kept between sessions under
    the lock's digest and shared by all of them: whoever needs another takes a copy (`support.linked`).
    """
    lock = REPOSITORY / "requirements" / "python-wsgi-1.lock"
    name = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"lumbung-test-whole-{name}"
    folder.mkdir(mode=0o755, exist_ok=True)
    with (folder / "lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            uv = Path(sys.executable).with_name("uv")
            made = folder / "env"
            subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, made], check=True)
            install = [uv, "pip", "install", "-q", "--compile-bytecode", "--python", made / "bin" / "python"]
            subprocess.run([*install, "--require-hashes", "-r", lock], check=True)
            (made / ".whole").touch()
            (folder / "ready").touch()
    assert (folder / "env" / ".whole").read_text() == "", f"a test wrote into what all share: remove {folder}"
    return folder / "env"


@pytest.fixture(scope="session")
def test_runtime(runtime: Path) -> Path:
    """The same with the test tools beside it and the sdk, as `registry.hosting.building` makes one for provings."""
    lock = REPOSITORY / "requirements" / "python-wsgi-1-test.lock"
    name = hashlib.sha256(lock.read_bytes() + bytes(runtime)).hexdigest()[:12]
    made = runtime.parent.with_name(f"{runtime.parent.name}-{name}")
    with (runtime.parent / "lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not (made / "ready").exists():
            shutil.rmtree(made, ignore_errors=True)
            linked(runtime, made, "")
            uv = [Path(sys.executable).with_name("uv"), "pip", "install", "-q", "--python", made / "bin" / "python"]
            subprocess.run([*uv, "--require-hashes", "--target", made / TEST_TOOLS, "-r", lock], check=True)
            subprocess.run([sys.executable, "-m", "compileall", "-q", made / TEST_TOOLS], check=True)
            (made / "ready").touch()
    return made


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@contextmanager
def _workshop(runtime: Path, key_folder: Path, warm: bool) -> Iterator[Workshop]:
    root = Path(tempfile.mkdtemp(prefix="lw-"))
    groups = limits.open_cgroups(f"lumbung-test-{root.name}")
    workshop = Workshop(root, runtime, secrets.public_key(key_folder), groups, warm)
    yield workshop
    workshop.close()
    groups.sweep()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="module")
def workshop(request: pytest.FixtureRequest, runtime: Path, key_folder: Path) -> Iterator[Workshop]:
    """Starts plainly, unless it is parametrized with "warm"."""
    with _workshop(runtime, key_folder, getattr(request, "param", "plain") == "warm") as opened:
        yield opened


@pytest.fixture(scope="module")
def warm(runtime: Path, key_folder: Path) -> Iterator[Workshop]:
    with _workshop(runtime, key_folder, warm=True) as opened:
        yield opened


@pytest.fixture
def cold(runtime: Path, key_folder: Path) -> Iterator[Workshop]:
    """Another that starts warm, for a test that ruins its zygote."""
    with _workshop(runtime, key_folder, warm=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a throw-away PostgreSQL run by a lesser user, without its database name."""
    if not BINARIES:
        pytest.skip("no PostgreSQL binaries under /usr/lib/postgresql")
    folder = Path(tempfile.mkdtemp(prefix="lpg-"))
    (folder / "password").write_text("test")
    user = pwd.getpwnam("postgres").pw_uid if os.getuid() == 0 else os.getuid()
    home = folder / "home"
    home.mkdir()
    for path in (folder, folder / "password", home):
        os.chown(path, user, -1)
    reached = stage.reach(home)

    def run(*words: object) -> None:
        command = [str(word) for word in words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")

    database = reached / "db"
    initdb = (BINARIES[-1] / "initdb", "-D", database, "-U", "test", "-A", "scram-sha-256", "-E", "UTF8")
    run(*initdb, f"--pwfile={folder / 'password'}")
    control = (BINARIES[-1] / "pg_ctl", "-D", database, "-w", "-s")
    run(*control, "-l", reached / "log", "-o", f"-k {folder} -h '' -c fsync=off", "start")
    yield f"postgresql://test:test@/{{}}?host={folder}"
    run(*control, "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(cluster: str) -> str:
    return fresh_database(cluster)


def fresh_database(cluster: str) -> str:
    """A database with the host's tables."""
    name = f"t{os.urandom(6).hex()}"
    with psycopg.connect(cluster.format("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    with psycopg.connect(cluster.format(name)) as connection:
        connection.execute((Path(__file__).parent / "ddl.sql").read_text())
    return cluster.format(name)


@pytest.fixture
def house(database: str, runtime: Path) -> Iterator[House]:
    with opened_house(database, runtime) as house:
        yield house


@pytest.fixture(scope="module")
def lasting(cluster: str, runtime: Path) -> Iterator[House]:
    """One for all tests of a module whose host nobody starts anew; each leaves it empty (`House.clear`)."""
    with opened_house(fresh_database(cluster), runtime) as house:
        house.start()
        yield house


@contextmanager
def opened_house(database: str, runtime: Path) -> Iterator[House]:
    root = Path(tempfile.mkdtemp(prefix="lh-"))
    house = House(root, database, runtime)
    yield house
    house.close()
    shutil.rmtree(root, ignore_errors=True)
