"""A fork is brought up to its upstream: what is the city's stays, nothing is lost, nothing is half done."""

from __future__ import annotations

import pytest

from registry.core.errors import ConflictError, ForbiddenError, InvalidError
from registry.core.uow import unit_of_work
from registry.forge import git, storage, writing
from registry.forge.following import rules, service, working
from registry.forge.following.models import DONE, MOVING, OPEN, STOPPED
from registry.forge.following.preview import looked
from tests.forge.following.conftest import House

CODE = "lapor/__init__.py"


def sound(house: House) -> None:
    git.run(house.fork, "fsck", "--full", "--strict", "--connectivity-only")


def test_an_unchanged_fork_becomes_the_release_with_its_nameplate_and_is_never_many_ahead(house):
    for version in ("1.1.0", "1.2.0", "1.3.0"):
        release = house.release(version)
        sync = house.begin()
        assert (sync.state, sync.way) == (DONE, rules.RENEW)
        assert git.line(house.fork, "rev-parse", "refs/heads/main^") == release
    distance = house.distance()
    assert (distance.ahead, distance.behind, distance.own_files) == (1, 0, 0) and distance.unchanged
    text = house.text("publiccode.yml")
    assert "softwareVersion: 1.3.0" in text and "Kota Bontang" in text and "git/bontang/lapor.git" in text
    assert house.branches() == ["main"]
    sound(house)


def test_what_an_unchanged_forks_main_was_stays_reachable(house):
    before = house.main
    house.release("1.1.0")
    house.begin()
    assert before in git.line(house.fork, "for-each-ref", "--format=%(objectname)", "refs/lumbung/former")
    told = git.run(None, "upload-pack", "--stateless-rpc", "--advertise-refs", str(house.fork))
    assert b"refs/heads/main" in told and b"refs/lumbung" not in told


def test_own_changes_are_joined_by_one_commit_that_names_who_asked(house):
    before = house.change({"README.md": "# Lapor Bontang\n"})
    release = house.release("1.1.0", files={CODE: "# new\n" + (house.bundle / CODE).read_text()})
    sync = house.begin()
    assert (sync.state, sync.way) == (DONE, rules.MERGE)
    parents = git.line(house.fork, "rev-parse", "refs/heads/main^1", "refs/heads/main^2").split()
    assert parents == [before, release]
    told = git.line(house.fork, "log", "-1", "--format=%an|%ae|%cn|%B", "refs/heads/main")
    assert told.startswith("b|") and "|Lumbung|" in told and "@example.id" not in told
    assert "Lapor 1.1.0" in told and "Kota Bontang" in told
    assert house.text("README.md") == "# Lapor Bontang\n" and house.text(CODE).startswith("# new")
    sound(house)


def test_a_fork_that_was_reset_to_upstream_goes_straight_forward(house):
    git.run(house.fork, "update-ref", "refs/heads/main", "refs/tags/v1.0.0^{commit}")
    release = house.release("1.1.0")
    assert house.begin().way == rules.FORWARD
    assert house.main == release


def test_upstreams_new_tags_come_along_and_the_base_is_the_newest_release(house):
    house.release("1.1.0")
    house.begin()
    assert "v1.1.0" in git.line(house.fork, "tag").split()
    with house.inside() as (_city, fork):
        assert fork.base_release.version == "1.1.0"


def test_work_that_upstream_took_over_is_no_longer_the_citys_own(house):
    """Trees equal but for the nameplate: else such a fork stayed ahead for ever."""
    house.change({"README.md": "# Better\n"})
    house.change({"docs.md": "told\n"})
    house.release("1.1.0", files={"README.md": "# Better\n", "docs.md": "told\n"})
    sync = house.begin()
    assert sync.way == rules.RENEW and sync.safety.startswith("aman/") and sync.safety in house.branches()
    assert house.distance().ahead == 1


def test_a_release_is_followed_rather_than_main(house):
    upstream = house.place.upstream("lapor")
    git.run(upstream, "fast-import", "--quiet", stdin=b"commit refs/heads/main\ncommitter A <a@example.id> 1 +0000\n"
            b"data 1\n.\nfrom refs/heads/main^0\nM 100644 inline half\ndata 1\nx\ndone\n")  # fmt: skip
    assert (house.distance().behind, house.distance().main_behind) == (0, 1)
    with pytest.raises(ConflictError, match="everything"):
        house.begin()


def test_main_is_followed_by_who_wants_it_but_never_unseen(house):
    with house.inside() as (city, fork), unit_of_work():
        service.set_settings(city, fork, service.Settings("main"))
        with pytest.raises(InvalidError):
            service.set_settings(city, fork, service.Settings("main", auto=True))
    assert house.distance().label == "main"


def test_own_changes_are_given_up_for_a_safety_branch_and_only_when_named(house):
    before = house.change({"README.md": "# Mine\n"})
    release = house.release("1.1.0")
    with house.inside() as (city, fork), pytest.raises(InvalidError), unit_of_work():
        service.discard(city, fork, None, "Lapor!")
    with house.inside() as (city, fork), unit_of_work():
        service.discard(city, fork, None, "lapor")
    assert house.work() == ["done"]
    assert git.line(house.fork, "rev-parse", "refs/heads/main^") == release
    kept = [name for name in house.branches() if name.startswith("aman/")]
    assert len(kept) == 1 and git.line(house.fork, "rev-parse", kept[0]) == before
    assert "Kota Bontang" in house.text("publiccode.yml") and "Mine" not in house.text("README.md")


def test_histories_without_a_common_commit_can_only_be_given_up(house):
    git.run(house.fork, "fast-import", "--quiet", "--force", stdin=b"commit refs/heads/main\ncommitter A <a@example.id>"
            b" 1 +0000\ndata 1\n.\ndeleteall\nM 100644 inline x\ndata 1\nx\ndone\n")  # fmt: skip
    with pytest.raises(ConflictError, match="history"):
        house.begin()
    with house.inside() as (city, fork), unit_of_work():
        service.discard(city, fork, None, "lapor")
    assert house.work() == ["done"] and house.distance().ahead == 0


def test_a_result_that_could_not_be_deployed_is_not_committed(house):
    before = house.change({"lumbung.toml": "[plugin\n"})
    house.release("1.1.0")
    sync = house.begin()
    assert sync.state == STOPPED and house.main == before


def test_what_was_looked_at_is_what_is_done(house):
    house.release("1.1.0")
    with house.inside() as (city, fork), looked(city, fork, service.target_of(fork)) as found:
        seen = (found.head, found.target.commit)
    house.change({"x": "pushed meanwhile\n"})
    with pytest.raises(ConflictError, match="moved"):
        house.begin(seen=seen)


def test_of_two_at_once_one_wins_and_the_other_is_told(house):
    house.release("1.1.0")
    with house.inside() as (city, fork), unit_of_work():
        service.begin(city, fork, None)
    with house.inside() as (city, fork), pytest.raises(ConflictError, match="under way"), unit_of_work():
        service.begin(city, fork, None)
    assert house.work() == ["done"]


def test_a_push_between_asking_and_doing_wins(house):
    house.release("1.1.0")
    with house.inside() as (city, fork), unit_of_work():
        service.begin(city, fork, None)
    pushed = house.change({"x": "pushed\n"})
    assert house.work() == ["failed"] and house.main == pushed
    assert house.begin().state == DONE


def test_a_fork_that_was_detached_is_compared_and_stays_whole(house):
    """Its base's objects are not borrowed any more: elsewhere a sync button went wrong over it."""
    house.change({"README.md": "# Mine\n"})
    git.run(house.fork, "repack", "-a", "-d", "-q")
    (house.fork / "objects" / "info" / "alternates").unlink()
    house.release("1.1.0", files={"other.txt": "new\n"})
    assert house.distance().behind == 1
    assert house.begin().state == DONE and house.text("other.txt") == "new\n"
    git.run(house.fork, "fsck", "--full", "--strict")


def test_a_release_that_was_merged_by_hand_and_pushed_counts_as_taken(house):
    house.release("1.1.0")
    git.run(house.fork, "update-ref", "refs/heads/main", git.line(house.place.upstream("lapor"), "rev-parse", "main"))
    assert house.distance().behind == 0
    with house.inside() as (_city, fork):
        assert fork.base_release.version == "1.1.0"


def test_a_broken_repository_is_said_to_be_one(house):
    house.release("1.1.0")
    (house.fork / "objects" / "info" / "alternates").unlink()
    house.place.pool("lapor").rename(house.place.pool("lapor").with_name("gone.git"))
    house.place.upstream("lapor").joinpath("objects").rename(house.place.upstream("lapor") / "gone")
    assert house.distance() is None
    with house.inside() as (city, fork), pytest.raises(ConflictError, match="missing"):
        with looked(city, fork, service.target_of(fork)):
            pass


def test_a_city_that_left_cannot_sync(house):
    house.release("1.1.0")
    with house.inside() as (city, fork), pytest.raises(ForbiddenError), unit_of_work():
        city.state = "left"
        service.begin(city, fork, None)


class Killed(BaseException):
    """The worker is gone: nothing after it runs, not even what catches errors."""


STEPS = {
    "before anything": (working, "prepare"), "while the commit is made": (working.merging, "prepare"),
    "before main moves": (working, "move"), "as main moves": (working.writing, "update_refs"),
    "before it is told": (working, "settle"), "while it is told": (working.pushes, "record"),
}  # fmt: skip


def begun(house: House) -> int:
    """A sync that waits for its worker; its id."""
    house.change({"README.md": "# Mine\n"})
    house.release("1.1.0", files={"other.txt": "new\n"})
    with house.inside() as (city, fork), unit_of_work():
        return service.begin(city, fork, None).id


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_worker_killed_at_any_step_leaves_a_sound_repository_and_the_job_is_resumed(
    plain, after, monkeypatch, step, done
):
    house, sync_id = plain, after(begun)
    (arguments,) = house.queued(service.TASK)
    module, name = STEPS[step]
    whole = getattr(module, name)

    def dying(*given, **named):
        if done:
            whole(*given, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, name, dying)
        with pytest.raises(Killed):
            house.run(arguments)
    sound(house)
    assert house.sync(sync_id).state in (OPEN, MOVING)
    assert house.run(arguments) == "done"
    assert house.sync(sync_id).state == DONE and house.text("other.txt") == "new\n"
    assert git.line(house.fork, "rev-list", "--count", "--merges", "refs/heads/main") == "1"
    sound(house)


def test_who_wants_the_fork_alone_waits_for_a_sync(house, monkeypatch):
    house.release("1.1.0")
    seen, real = [], writing.update_refs

    def moved(repository, wanted):
        with pytest.raises(BlockingIOError), storage.locked(repository, wait=False):
            pass
        seen.append(repository)
        real(repository, wanted)

    monkeypatch.setattr(writing, "update_refs", moved)
    assert house.begin().state == DONE and seen == [house.fork]
