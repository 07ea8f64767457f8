"""A full disk and a database that dies: refused with words, nothing lost, and everything goes on afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from registry.operate.postgres import Cluster

from .bundles import counter, hello
from .house import Deployment, House, get, post, sandboxes
from .support import until

MB = 2**20
SMALL = 60 * MB

FILLING = """
def migrate():
    with (DATA / "filler").open("wb") as file:
        while True:
            file.write(bytes(2**20))
"""


@pytest.fixture
def small(database: str, runtime: Path) -> Iterator[House]:
    """A house whose data folder is a disk of 60 MB."""
    if os.getuid() != 0:
        pytest.skip("only root mounts a small disk")
    root = Path(tempfile.mkdtemp(prefix="lf-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL},mode=0755", "lumbung", root], check=True)
    house = House(root, database, runtime)
    house.start()
    yield house
    house.close()
    subprocess.run(["umount", "--lazy", root], check=True)
    root.rmdir()


def weighing(house: House, size: int) -> Deployment:
    """Serving, with data of this size."""
    lapor = house.deployed(counter("one"))
    post(lapor)
    photo = lapor.paths.data / "photo"
    photo.write_bytes(os.urandom(size))
    owner = lapor.paths.data.stat()
    os.chown(photo, owner.st_uid, owner.st_gid)
    return lapor


def free(house: House) -> int:
    disk = os.statvfs(house.settings.data)
    return disk.f_bavail * disk.f_frsize


def test_an_upgrade_whose_snapshot_does_not_fit_is_refused_with_words(small: House) -> None:
    lapor = weighing(small, 40 * MB)
    photo, room = (lapor.paths.data / "photo").read_bytes(), free(small)
    switch = small.switch(lapor, small.revision(lapor, counter("two"), migrate="app:migrate"))
    assert small.settled(switch) == "reverted"
    assert get(lapor).text == "one - 1"
    assert (lapor.paths.data / "photo").read_bytes() == photo
    message = small.row("select message from jobs order by created_at desc limit 1")["message"]
    assert "nearly full" in message
    assert "Nothing was changed" in message
    assert free(small) > room - MB, "what was copied so far is gone again"


def test_a_migration_that_fills_the_disk_is_undone(small: House) -> None:
    lapor = weighing(small, 15 * MB)
    photo = (lapor.paths.data / "photo").read_bytes()
    bad = counter("two").replace("def migrate():", "def unused():") + FILLING
    switch = small.switch(lapor, small.revision(lapor, bad, migrate="app:migrate"))
    assert small.settled(switch) == "reverted"
    assert get(lapor).text == "one - 1"
    assert (lapor.paths.data / "photo").read_bytes() == photo
    assert not (lapor.paths.data / "filler").exists()


def test_a_copy_that_does_not_fit_fails_with_words_and_leaves_nothing(small: House) -> None:
    lapor = weighing(small, 40 * MB)
    row = small.returned(small.errand(lapor, "copy", folder="copies/1"))
    assert row["state"] == "failed"
    assert "could not be made" in row["message"]
    assert not lapor.paths.copy(1).exists()
    assert get(lapor).text == "one - 1"


def test_a_plugin_goes_on_when_nothing_can_be_logged(small: House) -> None:
    lapor = weighing(small, 10 * MB)
    filler = small.settings.data / "filler"
    with pytest.raises(OSError), filler.open("wb") as file:
        while True:
            file.write(bytes(MB))
            file.flush()
    assert get(lapor).text == "one - 1"
    filler.unlink()
    assert small.settled(small.switch(lapor, small.revision(lapor, counter("two")))) == "committed"


@pytest.fixture
def cluster_of_its_own() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="lc-"))
    folder.chmod(0o755)
    cluster = Cluster(folder / "db", folder / "run", folder / "keys")
    cluster.prepare()
    with psycopg.connect(cluster.owner_url()) as connection:
        connection.execute((Path(__file__).parent / "ddl.sql").read_text())
    yield cluster
    cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)


def test_plugins_serve_while_postgresql_is_killed_and_back(cluster_of_its_own: Cluster, runtime: Path) -> None:
    root = Path(tempfile.mkdtemp(prefix="lh-"))
    house = House(root, cluster_of_its_own.owner_url(), runtime)
    house.start(idle=2)
    try:
        awake, asleep = house.deployed(hello("bangun"), "bangun"), house.deployed(counter("one"), "tidur")
        get(asleep)
        until(lambda: sandboxes(asleep) == [] and house.state(asleep) == "waiting")
        get(awake)
        _killed(cluster_of_its_own)
        assert get(awake).text == "bangun"
        assert get(asleep).text == "one - 0", "who slept wakes without the database"
        cluster_of_its_own.start()
        house.reconnect()
        switch = house.switch(asleep, house.revision(asleep, counter("two"), migrate="app:migrate"))
        assert house.settled(switch) == "committed"
        assert get(asleep).text == "two two 0"
        assert house.row("select max(failures) as n from deployments")["n"] == 0
    finally:
        house.close()
        shutil.rmtree(root, ignore_errors=True)


def test_who_was_never_awake_waits_for_the_database_and_is_not_to_blame(
    cluster_of_its_own: Cluster, runtime: Path
) -> None:
    root = Path(tempfile.mkdtemp(prefix="lh-"))
    house = House(root, cluster_of_its_own.owner_url(), runtime)
    lapor = house.asleep(hello("hai"))
    house.start()
    answers: list[str] = []
    try:
        until(lapor.place.exists)
        _killed(cluster_of_its_own)
        visitor = threading.Thread(target=lambda: answers.append(get(lapor, seconds=60).text))
        visitor.start()
        until(lambda: house.log.read_text().count("a start waits for the database") > 1)
        cluster_of_its_own.start()
        house.reconnect()
        visitor.join()
        assert answers == ["hai"]
        assert "plugin failed" not in house.log.read_text()
    finally:
        house.close()
        shutil.rmtree(root, ignore_errors=True)


def test_a_switch_in_which_postgresql_dies_ends_when_it_is_back(cluster_of_its_own: Cluster, runtime: Path) -> None:
    root = Path(tempfile.mkdtemp(prefix="lh-"))
    house = House(root, cluster_of_its_own.owner_url(), runtime)
    house.start()
    try:
        lapor = house.deployed(counter("one"))
        post(lapor)
        slow = counter("two").replace("def migrate():", "def migrate():\n    import time; time.sleep(2)")
        switch = house.switch(lapor, house.revision(lapor, slow, migrate="app:migrate"))
        until(lambda: house.step(switch) == "migrating")
        _killed(cluster_of_its_own)
        cluster_of_its_own.start()
        house.reconnect()
        end = house.settled(switch)
        assert get(lapor).text == {"committed": "two two 1", "reverted": "one - 1"}[end]
    finally:
        house.close()
        shutil.rmtree(root, ignore_errors=True)


def _killed(cluster: Cluster) -> None:
    """kill -9 of the server; its own processes notice and leave."""
    os.kill(int((cluster.folder / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    until(lambda: not cluster.running())
