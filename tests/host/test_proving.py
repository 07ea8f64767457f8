"""A bundle's own tests in a sandbox: what they may say, and what hostile ones try."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from registry.host.data import measure
from registry.host.shim import SIGN
from registry.hosting.plain import PROVER, DeploymentPaths

from .bundles import OBEDIENT
from .conftest import fresh_database, opened_house
from .house import Deployment, House, get
from .support import until

ENVIRONMENT = "e" * 32
ENDED = ("passed", "failed", "broken")
GOOD = "def test_good():\n    assert True\n"


@dataclass(frozen=True)
class Street:
    house: House
    neighbour: Deployment


@pytest.fixture(scope="module")
def street(cluster: str, runtime: Path, test_runtime: Path) -> Iterator[Street]:
    """One host for all of them, and a plugin beside; runs of tests end after 20 seconds."""
    with opened_house(fresh_database(cluster), runtime) as house:
        (house.settings.data / "builds" / "env" / ENVIRONMENT).symlink_to(test_runtime)
        (house.settings.data / "builds").chmod(0o755)
        house.start(proving_seconds=20)
        yield Street(house, house.deployed(OBEDIENT, "tetangga"))


@pytest.fixture
def home(street: Street) -> Iterator[House]:
    """Whatever the tests did: the neighbour answers as before, and nothing of them is left."""
    yield street.house
    assert get(street.neighbour).status == 200
    assert left_behind(street.house) == []


def left_behind(house: House) -> list[object]:
    """Processes of the tests' user, and its folder."""
    home = DeploymentPaths(house.settings.data, PROVER).home
    return [*processes(house), *([home] if home.exists() else [])]


def processes(house: House) -> list[int]:
    """Those in the groups of this host's runs of tests."""
    mark = f"lumbung-{hashlib.sha256(bytes(house.settings.data)).hexdigest()[:10]}-{PROVER}-"
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (folder / "cgroup").read_text() and "State:\tZ" not in (folder / "status").read_text():
                found.append(int(folder.name))
    return found


def asked(house: House, files: Mapping[str, str]) -> int:
    """The id of a run of the tests in these files."""
    tree = hashlib.sha256(repr(files).encode()).hexdigest()[:40]
    code = house.settings.data / "builds" / "code" / tree
    for name, text in files.items():
        path = code / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    row = house.row(
        "insert into provings (tree, environment, city_id) values (%s, %s, %s) returning id",
        tree, ENVIRONMENT, house.city("bontang"),
    )  # fmt: skip
    house.tell("select 1")
    number: int = row["id"]
    return number


def tree_of(house: House, number: int) -> str:
    tree: str = house.row("select tree from provings where id = %s", number)["tree"]
    return tree


def came(house: House, number: int, seconds: float = 60) -> dict[str, Any]:
    return until(lambda: (row := house.row("select * from provings where id = %s", number))["state"] in ENDED and row,
                 seconds)  # fmt: skip


def begun(house: House, number: int) -> None:
    until(lambda: house.row("select state from provings where id = %s", number)["state"] == "running", 20)


def proved(house: House, code: str = GOOD, **files: str) -> dict[str, Any]:
    named = {name.replace("__", ".").replace("_ini", ".ini"): text for name, text in files.items()}
    return came(house, asked(house, {"tests/test_app.py": code, "app.py": "VALUE = 1\n", **named}))


def test_tests_that_pass_are_counted_with_their_seconds_and_log(home: House) -> None:
    code = "import app, pytest\n" + GOOD + "def test_two():\n    assert app.VALUE == 1\n"
    row = proved(home, code + "@pytest.mark.skip\ndef test_three():\n    pass\n")
    assert (row["state"], row["passed"], row["skipped"], row["failed"]) == ("passed", 2, 1, 0), row
    assert 0 < row["seconds"] < 20 and "2 passed, 1 skipped" in row["log"]


def test_failing_tests_are_named(home: House) -> None:
    row = proved(home, GOOD + "def test_bad():\n    mail = 'warga@example.org'\n    assert not mail\n")
    assert (row["state"], row["passed"], row["failed"]) == ("failed", 1, 1)
    assert row["failures"] == ["tests/test_app.py::test_bad"]
    assert "assert not" in row["log"] and "warga@example.org" not in row["log"]


def test_a_test_that_cannot_be_collected_has_failed(home: House) -> None:
    row = proved(home, "import nowhere\n")
    assert (row["state"], row["errors"], row["failures"]) == ("failed", 1, ["tests/test_app.py"])


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("VALUE = 1\n", "none"),
        ("import pytest\n@pytest.mark.skip\ndef test_a():\n    pass\n", "skipped"),
        ("import os\ndef test_a():\n    os._exit(0)\n", "cut"),
        ("import os\nos.write(1, b'100 passed in 1 s')\nos._exit(0)\n", "cut"),
        ("import os, signal\ndef test_a():\n    os.kill(os.getpid(), signal.SIGKILL)\n", "cut"),
        ("def test_a():\n    x = []\n    while True: x.append(bytes(10_000_000))\n", "memory"),
        ("def test_a():\n    for n in range(99): open(f'/data/{n}', 'wb').write(bytes(20_000_000))\n", "disk"),
    ],
)
def test_what_did_not_run_to_its_end_is_no_yes(home: House, code: str, reason: str) -> None:
    row = proved(home, code)
    assert (row["state"], row["reason"]) == ("broken", reason), row


def test_the_shim_cannot_be_killed_from_inside(home: House) -> None:
    row = proved(home, "import os, signal\ndef test_a():\n    os.kill(1, signal.SIGKILL)\n")
    assert (row["state"], row["passed"]) == ("passed", 1)


def test_a_conftest_that_raises_is_told_with_its_log(home: House) -> None:
    row = proved(home, conftest__py="raise RuntimeError('no database')\n")
    assert (row["state"], row["reason"]) == ("broken", "usage") and "no database" in row["log"]


def started_anew(house: House, seconds: int) -> None:
    """With this bound for a run of tests; over when it serves every plugin again."""
    house.stop()
    house.start(proving_seconds=seconds)
    until(lambda: house.row("select count(*) as n from hosts where pid = %s", house.pid)["n"], 20)


@pytest.fixture
def impatient(home: House) -> Iterator[House]:
    """Its runs of tests end after three seconds."""
    started_anew(home, 3)
    yield home
    started_anew(home, 20)


def test_an_endless_test_is_stopped(impatient: House) -> None:
    row = proved(impatient, "def test_a():\n    while True: pass\n")
    assert (row["state"], row["reason"], row["detail"]) == ("broken", "slow", "3")


def test_a_fork_bomb_bursts_in_its_own_bounds(home: House) -> None:
    row = proved(home, "import os\ndef test_a():\n    while True: os.fork()\n")
    assert row["state"] in ("failed", "broken")


def test_a_daemon_does_not_outlive_its_test(home: House) -> None:
    code = "import subprocess\ndef test_a():\n    subprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
    assert proved(home, code)["state"] == "passed"
    assert processes(home) == []


def test_a_flood_of_words_is_bounded(home: House) -> None:
    code = "import os\ndef test_a():\n    for _ in range(300): os.write(2, b'x' * 1_000_000 + b'\\n')\n"
    row = proved(home, code + "import sys\ndef test_b(capfd):\n    with capfd.disabled():\n"
                 "        for _ in range(4): os.write(2, b'y' * 1_000_000 + b'\\n')\n    assert False\n")  # fmt: skip
    assert row["state"] in ("failed", "broken") and len(row["log"]) <= 64_000
    assert measure(home.settings.data / "builds").size < 10 * 2**20


def test_the_shim_is_not_spoken_for(home: House) -> None:
    """What is printed in its manner is not its word: nobody but the shim's own process knows the secret."""
    told = {"passed": 9, "failed": 0, "skipped": 0, "errors": 0, "end": 0, "exit": 0}
    word = f"\n{SIGN}proved 0 {json.dumps(told)}\n".encode()
    code = f"import os\ndef test_a(capfd):\n    with capfd.disabled():\n        os.write(2, {word!r})\n    assert 0\n"
    row = proved(home, code)
    assert (row["state"], row["passed"], row["failed"]) == ("failed", 0, 1)


def test_the_shims_memory_and_descriptors_cannot_be_read(home: House) -> None:
    code = "import os, pytest\n@pytest.mark.parametrize('name', ['mem', 'environ', 'fd'])\ndef test_a(name):\n"
    code += "    with pytest.raises(PermissionError):\n        os.listdir(f'/proc/1/{name}') if name == 'fd' else "
    row = proved(home, code + "open(f'/proc/1/{name}', 'rb')\n")
    assert (row["state"], row["passed"]) == ("passed", 3), row["log"]


def test_only_its_scratch_can_be_written_and_there_is_no_way_out(home: House) -> None:
    row = proved(home, """
import os, pathlib, socket, tempfile
import pytest

@pytest.mark.parametrize("path", ["/app/x", "/app/tests/test_app.py", "/env/x", "/lumbung/reporter.py", "/etc/x"])
def test_read_only(path):
    with pytest.raises(OSError):
        open(path, "a")

@pytest.mark.parametrize("address", ["1.1.1.1", "127.0.0.1", "169.254.169.254"])
def test_no_way_out(address):
    with pytest.raises(OSError):
        socket.create_connection((address, 80), 2)

def test_nobody_to_ask():
    assert not os.path.exists("/run/lumbung")
    assert not {"SECRET_KEY", "DATABASE_URL", "DATA_DIR", "CONFIG_FILE"} & set(os.environ)

def test_scratch(tmp_path):
    (tmp_path / "x").write_text("x")
    assert tempfile.gettempdir().startswith("/data")
""")  # fmt: skip
    assert (row["state"], row["passed"]) == ("passed", 10), row["log"]


def test_a_killed_host_begins_a_run_anew(home: House) -> None:
    number = asked(home, {"tests/test_app.py": "import time\ndef test_a():\n    time.sleep(6)\n"})
    begun(home, number)
    until(lambda: processes(home), 20)
    home.revive()
    row = came(home, number)
    assert (row["state"], row["passed"], row["attempts"]) == ("passed", 1, 2)


def test_a_run_that_takes_its_host_along_is_given_up(home: House) -> None:
    number = asked(home, {"tests/test_app.py": GOOD + "# three hosts died\n"})
    home.tell("update provings set attempts = 3 where id = %s", number)
    row = came(home, number)
    assert (row["state"], row["reason"]) in (("broken", "host"), ("passed", ""))


def test_a_host_that_leaves_in_order_leaves_the_run_to_its_successor(home: House) -> None:
    number = asked(home, {"tests/test_app.py": "import time\ndef test_a():\n    time.sleep(8)\n"})
    begun(home, number)
    assert home.stop() == 0
    row = home.row("select state, attempts from provings where id = %s", number)
    assert (row["state"], row["attempts"]) == ("wanted", 0)
    assert left_behind(home) == []
    home.start(proving_seconds=20)
    assert came(home, number)["state"] == "passed"
    until(lambda: home.row("select count(*) as n from hosts where pid = %s", home.pid)["n"], 20)


def test_plugins_do_not_wait_for_tests(home: House) -> None:
    code = "import os, time\ndef test_a():\n    while not os.path.exists('/app/enough'): time.sleep(0.1)\n"
    number = asked(home, {"tests/test_app.py": code})
    begun(home, number)
    lapor: Deployment = home.deployed(OBEDIENT)
    assert get(lapor).status == 200
    assert home.row("select state from provings where id = %s", number)["state"] == "running"
    (home.settings.data / "builds" / "code" / tree_of(home, number) / "enough").touch()
    assert came(home, number)["state"] == "passed"
