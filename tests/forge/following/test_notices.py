"""Cities hear of releases their forks lack: of a closed hole at once, of others together, of each once."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta

import pytest

from registry.catalog import service as catalog
from registry.catalog.models import Release
from registry.core import scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.core.secrets import open_vault
from registry.core.uow import unit_of_work
from registry.forge.following import followers, notices, service
from registry.forge.following import jobs as work
from registry.forge.following.models import News
from tests.forge.following.conftest import House

HOLE = "### Security\n- Uploads are checked: the hole was in 1.0.0.\n"


def tell(house: House) -> None:
    """What the worker does after releases."""
    for arguments in house.queued(notices.TASK):
        work.tell_release(**arguments)
    with house.app.app_context(), unit_of_work() as session:
        session.connection().exec_driver_sql("delete from procrastinate_jobs where task_name = 'forge.tell_release'")


def digest(house: House, minutes: int = 11) -> None:
    with house.app.app_context():
        scope.enter_programme()
        with unit_of_work() as session:
            for one in session.query(News):
                one.told_at = now() - timedelta(minutes=minutes)
        with unit_of_work():
            notices.send_digests()


def letters(house: House) -> list[tuple[str, str, str]]:
    """To, subject and text of what was sent, in order."""
    with house.app.app_context():
        vault = open_vault(house.app.extensions["lumbung"].secrets)
    read = [
        email.message_from_string(vault.open(one["sealed"].encode()), policy=email.policy.default)
        for one in house.queued("core.mail")
    ]
    return [(one["To"], one["Subject"], one.get_body(("plain",)).get_content()) for one in read]


def release_of(version: str) -> Release:
    return catalog.get_release(catalog.get_app("lapor"), version)


def test_several_ordinary_releases_come_in_one_message_and_only_once(house):
    house.release("1.1.0")
    house.release("1.2.0")
    tell(house)
    assert letters(house) == []
    digest(house)
    digest(house)
    ((to, subject, text),) = letters(house)
    assert to == "b@example.id" and "Lapor" in subject
    assert "1.1.0" in text and "1.2.0" in text and "/console/bontang/forks/lapor/upstream" in text


def test_a_digest_waits_for_more_to_come(house):
    house.release("1.1.0")
    tell(house)
    digest(house, minutes=1)
    assert letters(house) == []


def test_who_has_it_by_then_is_not_written_to(house):
    house.release("1.1.0")
    tell(house)
    house.begin()
    digest(house)
    assert letters(house) == []


def test_a_closed_hole_is_told_at_once_with_what_to_do(house):
    house.release("1.0.1", HOLE)
    tell(house)
    ((to, subject, text),) = letters(house)
    assert to == "b@example.id" and subject.startswith("KEAMANAN") or subject.startswith("SECURITY")
    assert "Uploads are checked" in text and "1.0.1" in text


def test_a_job_that_runs_twice_writes_once(house):
    house.release("1.0.1", HOLE)
    (arguments,) = house.queued(notices.TASK)[-1:]
    work.tell_release(**arguments)
    work.tell_release(**arguments)
    assert len(letters(house)) == 1


def test_a_hole_can_be_told_of_afterwards_with_words(house):
    house.release("1.1.0")
    tell(house)
    with house.app.app_context():
        scope.enter_programme()
        with pytest.raises(InvalidError), unit_of_work():
            notices.mark_security(release_of("1.1.0"), "  ")
        with unit_of_work():
            notices.mark_security(release_of("1.1.0"), "Ganti sandi operator.")
    tell(house)
    assert len(letters(house)) == 1 and "Ganti sandi operator." in letters(house)[0][2]


def test_a_city_that_took_it_but_still_runs_the_old_one_is_warned(house):
    house.release("1.0.1", HOLE)
    house.begin()
    with house.inside() as (city, fork):
        assert notices.warnings_of(city) == []
        with unit_of_work():
            catalog.note_adoption(fork.app_id, city.id, "1.0.0", running=True)
        (warning,) = notices.warnings_of(city)
        assert warning.taken and warning.version == "1.0.1"


def test_a_withdrawn_release_is_told_to_nobody(house):
    house.release("1.1.0")
    with house.app.app_context():
        scope.enter_programme()
        with unit_of_work():
            catalog.yank_release(release_of("1.1.0"), "broken")
    tell(house)
    digest(house)
    assert letters(house) == []


def auto(house: House) -> None:
    with house.inside() as (city, fork), unit_of_work():
        service.set_settings(city, fork, service.Settings(auto=True))


def test_an_unchanged_fork_follows_by_itself_where_the_city_wants_it(house):
    house.release("1.1.0")
    tell(house)
    assert house.queued(service.TASK) == []
    auto(house)
    release = house.release("1.2.0")
    tell(house)
    assert house.work() == ["done"]
    assert house.distance().behind == 0 and house.text("publiccode.yml", f"{release}").count("1.2.0")


def test_nothing_is_ever_joined_with_own_changes_by_itself(house):
    auto(house)
    house.change({"README.md": "# Mine\n"})
    before = house.main
    house.release("1.1.0")
    tell(house)
    assert house.queued(service.TASK) == [] and house.main == before


def test_a_change_pushed_before_the_worker_came_stops_it(house):
    auto(house)
    house.release("1.1.0")
    tell(house)
    pushed = house.change({"README.md": "# Mine\n"})
    assert house.work() == ["failed"] and house.main == pushed


def test_maintainers_see_who_is_behind_and_who_was_told_when(house):
    house.release("1.0.1", HOLE)
    tell(house)
    with house.app.app_context():
        scope.enter_programme()
        with unit_of_work():
            (row,) = followers.of(catalog.get_app("lapor"))
            assert (row.city, row.version, row.unsafe) == ("bontang", "1.0.0", "1.0.1")
            assert row.mailed_at and row.is_in("behind") and row.is_in("unsafe")
    house.begin()
    with house.app.app_context():
        db.session.remove()
        scope.enter_programme()
        with unit_of_work():
            (row,) = followers.of(catalog.get_app("lapor"))
            assert not row.is_in("behind") and not row.is_in("unsafe") and row.mailed_at is None
