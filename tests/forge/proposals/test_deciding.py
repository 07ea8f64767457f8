"""What a city offers comes into the original, or not: one decision, whole, without the city's nameplate."""

from __future__ import annotations

import threading

import pytest

from registry.core.audit import AuditEntry
from registry.core.db import db
from registry.core.errors import ConflictError, ForbiddenError, InvalidError
from registry.forge import git, writing
from registry.forge.proposals import deciding, rules
from registry.forge.proposals.models import Proposal
from tests.forge.proposals.conftest import MAIN, Table


def sound(table: Table) -> None:
    for repository in (table.upstream, table.house.fork):
        git.run(repository, "fsck", "--full", "--strict", "--connectivity-only")


def test_a_merge_brings_the_change_and_no_nameplate(table):
    before, number = table.main, table.offer()
    assert table.now(number).fit == rules.CLEAN
    table.merge(number)
    found = table.now(number)
    assert (found.state, found.way, found.result) == (rules.MERGED, rules.MERGE, table.main)
    assert git.line(table.upstream, "rev-parse", f"{MAIN}^1", f"{MAIN}^2").split() == [before, found.head]
    assert table.text("README.md").startswith("# Lapor, told better")
    assert table.text("publiccode.yml") == table.text("publiccode.yml", before)
    sound(table)


def test_what_the_city_changed_of_publiccode_beside_its_nameplate_is_offered(table):
    feature = "- Reports with a place"
    text = table.house.text("publiccode.yml").replace(feature, f"{feature}\n      - Photos")
    table.house.change({"publiccode.yml": text})
    table.merge(table.offer())
    merged = table.text("publiccode.yml")
    assert "- Photos" in merged and "Bontang" not in merged and "isBasedOn" not in merged


def test_the_publisher_says_which_version_it_is(table):
    text = table.house.text("publiccode.yml").replace("softwareVersion: 1.0.0", "softwareVersion: 9.0.0")
    table.house.change({"publiccode.yml": text})
    table.merge(table.offer())
    assert "softwareVersion: 1.0.0" in table.text("publiccode.yml")


def test_a_squash_is_one_commit_by_who_offered_it_and_names_the_others(table):
    before = table.main
    table.house.change({"docs.md": "told\n"})
    number = table.offer("Better words")
    table.merge(number, rules.SQUASH)
    assert git.line(table.upstream, "rev-list", "--count", f"{before}..{MAIN}") == "1"
    told = git.line(table.upstream, "log", "-1", "--format=%an|%ae|%cn|%B", MAIN)
    assert told.startswith("b|") and "|Lumbung|" in told and "@example.id|" not in told
    assert f"Better words (#{number})" in told and "Co-authored-by: T <t@example.id>" in told
    assert "Kota Bontang" in told and f"/apps/lapor/proposals/{number}" in told
    sound(table)


@pytest.mark.parametrize("way", rules.WAYS)
def test_a_fork_has_everything_after_its_proposal_was_taken(table, way):
    table.merge(table.offer(), way)
    git.run(table.upstream, "update-ref", "refs/tags/v9", MAIN)
    with pytest.raises(InvalidError, match=r"all of this already|Nothing is left"):
        table.offer()


def test_a_fork_goes_on_naming_its_city_when_the_next_release_has_its_own_commits(table):
    """Main goes straight forward then: the commit that says whose the fork is lies behind it."""
    table.merge(table.offer())
    merged = table.text("README.md")
    release = table.house.release("1.1.0", files={"README.md": merged})
    assert table.house.begin().state == "done"
    text = table.house.text("publiccode.yml")
    assert "softwareVersion: 1.1.0" in text and "git/bontang/lapor.git" in text and "Kota Bontang" in text
    assert git.line(table.house.fork, "rev-parse", f"{MAIN}^") == release
    assert table.house.branches() == ["main"] and table.house.distance().unchanged
    sound(table)


def test_a_second_proposal_of_the_same_fork_brings_no_nameplate_either(table):
    before = table.text("publiccode.yml")
    table.merge(table.offer())
    table.house.change({"more.md": "more\n"})
    table.merge(table.offer())
    assert table.text("publiccode.yml") == before and table.text("more.md") == "more\n"


def test_the_pool_has_what_was_merged_and_the_audit_log_says_who(offered):
    table, number = offered
    table.merge(number)
    git.run(table.house.place.pool("lapor"), "cat-file", "-e", table.main)
    with table.looking(number):
        told = {(one.action, one.actor) for one in db.session.query(AuditEntry)}
    assert {"proposal.open", "proposal.merge", "git.push"} <= {action for action, _actor in told}


def test_conflicts_are_named_and_cannot_be_merged_until_the_city_brought_the_original_in(offered):
    table, number = offered
    table.upstream_changes({"README.md": "# Another\n"})
    found = table.now(number)
    assert (found.fit, found.conflicts) == (rules.CONFLICTS, ["README.md"])
    with pytest.raises(ConflictError, match="same places"):
        table.merge(number)
    assert table.now(number).state == rules.OPEN


def test_mergeability_is_asked_of_git_only_when_either_side_moved(offered, monkeypatch):
    table, number = offered
    started = []
    original = git.started
    monkeypatch.setattr(git, "started", lambda *words, **given: started.append(words) or original(*words, **given))
    table.now(number)
    assert started == []
    table.upstream_changes({"other.md": "x\n"})
    assert table.now(number).target == table.main and started


def test_what_was_looked_at_is_what_is_merged(offered):
    table, number = offered
    seen = table.now(number).head
    table.house.change({"README.md": "# Pushed meanwhile\n"})
    with pytest.raises(ConflictError, match="pushed meanwhile"):
        table.merge(number, seen=seen)


def test_of_two_decisions_one_wins_and_the_other_is_told(table):
    number, ended = table.offer(), []

    def decide() -> None:
        try:
            table.merge(number)
            ended.append("merged")
        except ConflictError as refusal:
            ended.append(refusal.code)

    threads = [threading.Thread(target=decide) for _number in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(ended) == ["conflict", "merged"]
    sound(table)


def test_a_push_to_main_between_looking_and_moving_wins(table, monkeypatch):
    number, original = table.offer(), deciding._intend

    def meanwhile(*words: object) -> None:
        original(*words)
        table.upstream_changes({"x.md": "x\n"})

    monkeypatch.setattr(deciding, "_intend", meanwhile)
    with pytest.raises(ConflictError, match="moved just now"):
        table.merge(number)
    assert table.now(number).state == rules.OPEN and "told better" not in table.text("README.md")


@pytest.mark.parametrize(("step", "state"), [("_move", rules.OPEN), ("_settle", rules.MERGED)])
def test_who_is_killed_while_deciding_leaves_it_decided_or_not(offered, monkeypatch, step, state):
    table, number = offered
    with monkeypatch.context() as patched:
        patched.setattr(deciding, step, lambda *_words: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            table.merge(number)
    with table.house.app.app_context():
        assert db.session.get_one(Proposal, number).state == rules.DECIDING
    found = table.now(number)
    assert found.state == state and (found.result == table.main) == (state == rules.MERGED)
    assert ("told better" in table.text("README.md")) == (state == rules.MERGED)
    sound(table)


def test_what_could_not_be_deployed_is_not_merged(table):
    table.house.change({"lumbung.toml": "[plugin\n"})
    number = table.offer()
    with pytest.raises(InvalidError, match="could not be deployed"):
        table.merge(number)


def test_each_side_closes_and_opens_what_is_its_own(offered):
    table, number = offered
    with pytest.raises(ForbiddenError):
        table.close(number, rules.WITHDRAW)
    with pytest.raises(ForbiddenError):
        table.close(number, rules.DECLINE, "No.", rules.CITY)
    with pytest.raises(InvalidError):
        table.close(number, rules.DECLINE)
    table.close(number, rules.DECLINE, "Not now.")
    with pytest.raises(ConflictError):
        table.merge(number)
    with pytest.raises(ForbiddenError):
        table.close(number, rules.REOPEN, side=rules.CITY)
    table.close(number, rules.REOPEN)
    table.close(number, rules.WITHDRAW, side=rules.CITY)
    table.close(number, rules.REOPEN, side=rules.CITY)
    assert table.now(number).state == rules.OPEN


def test_one_open_proposal_per_branch(offered):
    table, number = offered
    with pytest.raises(ConflictError, match="offered already"):
        table.offer()
    table.close(number, rules.WITHDRAW, side=rules.CITY)
    table.offer()
    with pytest.raises(ConflictError, match="Another proposal"):
        table.close(number, rules.REOPEN, side=rules.CITY)


def test_nothing_but_the_nameplate_is_nothing_to_offer(house):
    table = Table(house)
    with pytest.raises(InvalidError, match="Nothing is left"):
        table.offer()
    assert git.line(table.upstream, "for-each-ref", "refs/lumbung") == ""


def test_a_history_of_its_own_cannot_be_offered(table):
    git.run(table.house.fork, "fast-import", "--quiet", "--force", stdin=b"commit refs/heads/main\ncommitter A "
            b"<a@example.id> 1 +0000\ndata 1\n.\ndeleteall\nM 100644 inline x\ndata 1\nx\ndone\n")  # fmt: skip
    with pytest.raises(InvalidError, match="common history"):
        table.offer()


def test_a_proposal_of_a_fork_that_is_gone_can_still_be_merged(offered):
    table, number = offered
    git.run(table.house.fork, "update-ref", "-d", MAIN)
    assert table.now(number).fit == rules.CLEAN
    for path in table.house.fork.iterdir():
        if path.is_file():
            path.unlink()
    table.house.fork.rename(table.house.fork.with_name("gone"))
    table.merge(number)
    assert table.text("README.md").startswith("# Lapor, told better")


def test_proposals_are_not_advertised_and_survive_upkeep(table):
    """facts/git.md 2.3: thousands of hidden names would slow each push and clone."""
    number = table.offer()
    git.run(table.upstream, "repack", "-a", "-d", "-l", "-q")
    git.run(table.upstream, "prune", "--expire=now")
    told = git.run(table.upstream, "upload-pack", "--http-backend-info-refs", str(table.upstream))
    assert b"refs/lumbung" not in told and b"refs/heads/main" in told
    assert writing.ref_value(table.upstream, f"refs/lumbung/proposals/{number}/head") == table.now(number).head
    table.merge(number)
    sound(table)
