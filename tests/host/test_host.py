"""The host process over real tables: off, waiting, running, switching, crashed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from .bundles import SLOW, begun, counter, enough, hello
from .house import House, get, post, sandboxes
from .support import until

BROKEN = "raise RuntimeError('kaboom')"


@pytest.fixture
def running(lasting: House) -> Iterator[House]:
    yield lasting
    lasting.clear()


@pytest.fixture
def alone(house: House) -> House:
    """Its host may be ended."""
    house.start()
    return house


def test_first_deployment_serves_and_its_job_is_done(running: House) -> None:
    lapor = running.deployed(hello("selamat"))
    assert get(lapor).text == "selamat"
    job = running.row("select state, step, percent, finished_at from jobs")
    assert (job["state"], job["step"], job["percent"]) == ("done", "committed", 100)
    assert job["finished_at"] is not None


def test_who_comes_the_moment_it_is_committed_is_not_turned_away(running: House) -> None:
    lapor = running.deployment()
    switch = running.switch(lapor, running.revision(lapor, hello("selamat")))
    until(lambda: running.step(switch) == "committed", 40, 0.0005)
    assert lapor.place.exists()
    assert get(lapor).text == "selamat"


def test_a_deployment_that_is_off_opens_no_door_when_it_is_upgraded(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    running.tell("update deployments set enabled = false")
    until(lambda: not lapor.place.exists())
    switch = running.switch(lapor, running.revision(lapor, hello("selamat")))
    until(lambda: running.step(switch) == "committed", 40, 0.0005)
    assert not lapor.place.exists()


def test_off_means_no_socket_and_no_process(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    assert get(lapor).status == 200
    running.tell("update deployments set enabled = false")
    until(lambda: running.state(lapor) == "off")
    assert not lapor.place.exists()
    assert sandboxes(lapor) == []


def test_on_again_serves_again(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    running.tell("update deployments set enabled = false")
    until(lambda: not lapor.place.exists())
    running.tell("update deployments set enabled = true")
    until(lapor.place.exists)
    assert get(lapor).text == "hai"


def test_upgrade_keeps_data_migrates_and_snapshots(running: House) -> None:
    lapor = running.deployed(counter("one"))
    post(lapor)
    switch = running.switch(lapor, running.revision(lapor, counter("two"), migrate="app:migrate"))
    assert running.settled(switch) == "committed"
    assert get(lapor).text == "two two 1"
    assert (lapor.paths.snapshot(1) / "count").read_text() == "1"
    assert running.row("select snapshot from revisions where number = 1")["snapshot"].endswith("snapshots/1")


def test_rollback_of_data_brings_back_what_that_revision_left(running: House) -> None:
    lapor = running.deployed(counter("one"))
    post(lapor)
    running.settled(running.switch(lapor, running.revision(lapor, counter("two"), migrate="app:migrate")))
    post(lapor)
    assert running.settled(running.switch(lapor, 1, restore=True)) == "committed"
    assert get(lapor).text == "one - 1"


def test_going_back_runs_no_migration(running: House) -> None:
    lapor = running.deployed(counter("one"), migrate="app:migrate")
    running.settled(running.switch(lapor, running.revision(lapor, counter("two"), migrate="app:migrate")))
    assert get(lapor).text.startswith("two two")
    assert running.settled(running.switch(lapor, 1)) == "committed"
    assert get(lapor).text.startswith("one two"), "the data still says that two's migration was the last"


def test_failed_migration_gives_the_old_data_back_and_says_so(running: House) -> None:
    lapor = running.deployed(counter("one"))
    post(lapor)
    bad = counter("two").replace('write_text("two")', 'write_text("half"); raise SystemExit("no such column")')
    switch = running.switch(lapor, running.revision(lapor, bad, migrate="app:migrate"))
    assert running.settled(switch) == "reverted"
    assert get(lapor).text == "one - 1"
    job = running.row("select state, message, log from jobs order by created_at desc limit 1")
    assert job["state"] == "failed"
    assert "old data and version are back" in job["message"]
    assert "no such column" in job["log"]


@pytest.mark.parametrize(
    "source",
    [
        BROKEN,
        hello("x").replace("200 OK", "500 Oh"),
        "import os; os._exit(0)",
        "import time; time.sleep(60)",
    ],
    ids=["raises", "unhealthy", "leaves", "hangs"],
)
def test_a_revision_that_does_not_serve_is_not_taken(running: House, source: str) -> None:
    lapor = running.deployed(hello("old"))
    switch = running.switch(lapor, running.revision(lapor, source))
    assert running.settled(switch) == "reverted"
    assert get(lapor).text == "old"
    assert get(lapor).headers["X-Lumbung-Revision"] == "1"


def test_failed_first_deployment_leaves_nothing(running: House) -> None:
    lapor = running.deployment()
    switch = running.switch(lapor, running.revision(lapor, counter("x") + BROKEN))
    assert running.settled(switch) == "reverted"
    assert running.row("select serving_revision_id as id from deployments")["id"] is None
    assert not lapor.place.exists()
    assert list(lapor.paths.data.iterdir()) == []


def test_requests_during_a_switch_wait_and_meet_the_new_revision(running: House) -> None:
    lapor = running.deployed(hello("old"))
    assert get(lapor).text == "old"
    answers: list[str] = []
    ends = threading.Event()

    def visit() -> None:
        while not ends.is_set():
            answers.append(get(lapor).text)

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    switch = running.switch(lapor, running.revision(lapor, hello("new")))
    assert running.settled(switch) == "committed"
    time.sleep(1)
    ends.set()
    for visitor in visitors:
        visitor.join()
    assert answers == sorted(answers, reverse=True), "old answers, then only new ones, none refused"
    assert {"old", "new"} == set(answers)


def test_a_running_request_finishes_before_the_plugin_stops(running: House) -> None:
    lapor = running.deployed(SLOW)
    get(lapor)  # awake: the request below is under way when the plugin is switched off, not still in the backlog
    answers: list[str] = []
    visitor = threading.Thread(target=lambda: answers.append(get(lapor, "/slow").text))
    visitor.start()
    until(lambda: begun(lapor.paths.data))
    running.tell("update deployments set enabled = false")
    until(lambda: not lapor.place.exists())
    enough(lapor.paths.data)
    visitor.join()
    assert answers == ["done"]


def test_idle_plugins_leave_and_wake_without_losing_a_request(house: House) -> None:
    house.start(idle=1)
    lapor = house.deployed(hello("hai"))
    for pause in (0.0, 1.0, 1.02, 1.05, 1.1, 1.2, 1.3, 1.4):
        time.sleep(pause)
        assert get(lapor).text == "hai"
    until(lambda: house.state(lapor) == "waiting")
    assert sandboxes(lapor) == []
    assert house.row("select failures from deployments")["failures"] == 0


def test_a_plugin_that_keeps_crashing_is_switched_off_with_a_word_to_the_admin(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    code = running.settings.data / "builds" / f"c{lapor.id}-1" / "app.py"
    running.tell("update deployments set enabled = false, failures = 3")
    until(lambda: running.state(lapor) == "off")
    code.write_text(BROKEN)
    running.tell("update deployments set enabled = true")
    until(lapor.place.exists)
    with pytest.raises(OSError):
        get(lapor)
    until(lambda: running.state(lapor) == "crashed", 40)
    message = running.row("select state_message from deployments")["state_message"]
    assert "5 times in a row" in message
    assert not lapor.place.exists()


def test_an_admin_can_revive_a_crashed_plugin(alone: House) -> None:
    lapor = alone.deployed(hello("hai"))
    alone.stop()
    alone.tell("update deployments set state = 'crashed', failures = 5")
    alone.start()
    time.sleep(1.5)
    assert not lapor.place.exists()
    alone.tell("update deployments set state = 'off', failures = 0")
    until(lapor.place.exists)
    assert get(lapor).text == "hai"


def test_sigterm_ends_every_sandbox(alone: House) -> None:
    lapor = alone.deployed(hello("hai"))
    get(lapor)
    assert alone.stop() == 0
    assert sandboxes(lapor) == []
    assert not lapor.place.exists()


def test_a_killed_host_takes_its_sandboxes_along_and_the_next_one_serves(alone: House) -> None:
    lapor = alone.deployed(hello("hai"))
    get(lapor)
    alone.kill()
    until(lambda: sandboxes(lapor) == [])
    alone.start()
    until(lambda: alone.row("select count(*) as n from hosts where pid = %s", alone.pid)["n"])
    assert get(lapor).text == "hai"


def test_one_city_s_slow_migration_does_not_block_another(running: House) -> None:
    lapor = running.deployed(counter("one"))
    wait = 'import time\n    while not (DATA / "enough").exists(): time.sleep(0.05)'
    slow = counter("two").replace("def migrate():", f"def migrate():\n    {wait}")
    switch = running.switch(lapor, running.revision(lapor, slow, migrate="app:migrate"))
    until(lambda: running.step(switch) == "migrating")
    neighbour = running.deployed(hello("tetangga"), city="tanjungpinang")
    assert get(neighbour).text == "tetangga"
    assert running.step(switch) == "migrating"
    enough(lapor.paths.data)
    assert running.settled(switch) == "committed"


def test_the_heartbeat_says_what_holds(running: House) -> None:
    facts = until(lambda: running._db.execute("select facts from hosts").fetchone())["facts"]
    assert facts["sandbox"] is True
    assert facts["seccomp"] is True


def test_the_newest_snapshots_stay_and_older_ones_go(running: House) -> None:
    plugin = running.deployed(hello("hai"))
    for number in range(2, 9):
        revision = running.revision(plugin, hello("hai"))
        running.tell("update revisions set snapshot = 'kept' where id = %s", revision)
        (plugin.paths.snapshots / str(number)).mkdir(parents=True)
    switch = running.switch(plugin, running.revision(plugin, hello("hai")))
    assert running.settled(switch) == "committed"
    stay = {"1", "4", "5", "6", "7", "8"}
    until(lambda: {path.name for path in plugin.paths.snapshots.iterdir()} == stay)
    named = running.row("select array_agg(number order by number) as n from revisions where snapshot is not null")["n"]
    assert {str(number) for number in named} == stay, "what was just left stays, however low its number"
