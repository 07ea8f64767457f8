"""What an admin decides about a running plugin, what lies between two revisions."""

import pytest

from registry.core import scope
from registry.core.errors import ConflictError, InvalidError
from registry.core.uow import unit_of_work
from registry.forge import git
from registry.hosting import difference, glance, reading, upkeep
from registry.hosting.models import Errand
from registry.tenants.models import Opd
from tests.hosting.conftest import find
from tests.hosting.serving import plugin, revise

REMIND = {"name": "remind", "call": "papan.tasks:remind", "cron": "0 6 * * *"}
WORDS = "Ditutup sampai pukul 14.00 untuk pembaruan."


@pytest.fixture
def papan(world, app):
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        yield plugin(city, [REMIND])


def first_commit(city, deployment) -> str:
    repository = reading.repository_of(city, reading.app_of(deployment))
    return git.run(repository, "rev-list", "--max-parents=0", "main").decode().split()[0]


def test_closing_needs_words_that_citizens_can_read(papan):
    for words in ("kort", "x" * 501, "sepuluh huruf \x00", "sepuluh huruf \u202e terbalik"):
        with pytest.raises(InvalidError), unit_of_work():
            upkeep.set_maintenance(find("bontang"), papan, words)
    assert papan.maintenance == ""


def test_a_closed_plugin_is_marked_on_the_portal_and_opens_again(papan):
    bontang = find("bontang")
    with unit_of_work():
        upkeep.set_maintenance(bontang, papan, WORDS)
    assert reading.plugin_state(bontang, "papan") == ("maintenance", WORDS)
    assert [one.maintenance for one in reading.live_plugins(bontang, "id")] == [WORDS]
    with unit_of_work():
        upkeep.set_maintenance(bontang, papan, "")
    assert reading.plugin_state(bontang, "papan") == ("waiting", "")


def test_a_copy_for_trying_does_not_follow_the_programme_and_is_not_on_the_portal(papan):
    with unit_of_work():
        papan.trial_of = 1
    with pytest.raises(ConflictError), unit_of_work():
        upkeep.set_follows(find("bontang"), papan, True)
    assert reading.live_plugins(find("bontang"), "id") == []


def test_the_difference_names_commits_files_settings_and_limits_but_no_secret(papan):
    bontang = find("bontang")
    first = reading.revisions(papan)[0]
    tip = first.commit
    with unit_of_work():
        first.commit = first_commit(bontang, papan)
    later = revise(papan, tip, {"title": "Kesah", "days": 3, "key": "lain-rahasia"}, version="1.1.0", memory=2**28)
    found = difference.between(reading.repository_of(bontang, reading.app_of(papan)), later, first)
    assert (found.earlier.number, found.later.number, found.known) == (1, 2, True)
    assert [commit.id for commit in found.commits] == [tip] and found.undone == ()
    assert [file.path for file in found.files] == ["publiccode.yml"] and found.file_count == 1
    assert {change.name: (change.before, change.after, change.secret) for change in found.settings} == {
        "days": (None, "3", False), "key": (None, None, True), "title": ("Papan", "Kesah", False)}  # fmt: skip
    assert [(change.name, change.after) for change in found.limits] == [("memory", str(2**28))]
    assert "rahasia" not in str(found.settings)


def test_a_commit_that_is_gone_is_said_to_be_gone(papan):
    first = reading.revisions(papan)[0]
    later = revise(papan, "f" * 40)
    found = difference.between(reading.repository_of(find("bontang"), reading.app_of(papan)), first, later)
    assert (found.known, found.files, found.commits) == (False, (), ())


def listed(app) -> list[glance.Row]:
    with app.test_request_context():
        return glance.rows(find("bontang"))


def test_the_list_is_searched_and_filtered(app, papan):
    bontang = find("bontang")
    with unit_of_work() as session:
        unit = Opd(tenant_id=bontang.id, name="Dinas Kesehatan")
        session.add(unit)
        session.flush()
        papan.opd_id = unit.id
    rows = listed(app)
    assert [len(glance.chosen(rows, words, "")) for words in ("", "PAPAN", "kesehatan 1.0", "pajak")] == [1, 1, 1, 0]
    assert [len(glance.chosen(rows, "", state)) for state in ("on", "off", "attention", "newer", "nonsense")] == [
        1, 0, 0, 0, 1]  # fmt: skip
    with unit_of_work():
        reading.revisions(papan)[0].commit = "0" * 40
    assert glance.numbers(listed(app))["newer"] == 1


def test_tasks_that_failed_are_seen_at_a_glance(app, papan):
    with unit_of_work() as session:
        own = {"tenant_id": papan.tenant_id, "deployment_id": papan.id}
        session.add(Errand(kind="task", argument={"name": "remind"}, state="done", result={"exit": 1}, **own))
    row = listed(app)[0]
    assert row.attention and [cell.tone for cell in row.cells if "remind" in cell.text] == ["warn"]
