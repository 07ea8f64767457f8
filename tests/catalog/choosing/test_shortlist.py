"""A city's shortlist: who may do what on it, one vote per unit, decisions that never overwrite each other."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from flask_babel import refresh
from sqlalchemy import func, select

from registry.accounts import service as accounts
from registry.catalog.choosing import notes, plan, rules, service
from registry.catalog.choosing.models import ShortlistItem, ShortlistVote
from registry.core import scope
from registry.core.audit import AuditEntry
from registry.core.clock import today
from registry.core.db import db
from registry.core.errors import ConflictError, ForbiddenError, InvalidError
from registry.core.uow import unit_of_work
from registry.tenants.people import service as people

QUARTER = list(rules.quarters(today()))[1]
HOME = "/console/bontang/shortlist"


@pytest.fixture
def item(partner, units, apps) -> ShortlistItem:
    with unit_of_work():
        return service.add(partner, apps["antrian"], "Queues at the counter are long.")


def adopt(opd_id: int | None, quarter: str = QUARTER) -> rules.Decision:
    return rules.Decision(rules.ADOPT, "It fits.", opd_id, quarter)


def test_an_app_stands_on_the_list_once(partner, apps, item):
    with pytest.raises(ConflictError, match="sudah ada"), unit_of_work():
        service.add(partner, apps["antrian"], "Again, please.")


@pytest.mark.parametrize("why", ["", "  x ", "\0\0\0\0", "x" * 501])
def test_why_an_app_is_wanted_is_said_and_bounded(partner, units, apps, why):
    with pytest.raises(InvalidError), unit_of_work():
        service.add(partner, apps["antrian"], why)


def test_a_unit_has_one_vote_and_may_change_its_mind(partner, units, item):
    for choice in (rules.NO, rules.YES):
        with unit_of_work():
            service.vote(partner, item, units["Dinas PUPR"].id, choice)
    assert service.tally_of(item) == rules.Tally(yes=1)


def test_the_most_wanted_stands_first_and_what_is_decided_last(partner, units, apps, item):
    with unit_of_work():
        loket = service.add(partner, apps["loket"], "Another way.")
        aduan = service.add(partner, apps["aduan"], "People complain.")
        service.vote(partner, aduan, units["Dinas PUPR"].id, rules.YES)
        service.decide(partner, loket, 1, adopt(units["Diskominfo"].id))
    assert [one.app.slug for one in service.shortlist(partner)] == ["aduan", "antrian", "loket"]


def test_who_decides_second_is_told_who_was_first(partner, units, item):
    with unit_of_work():
        service.decide(partner, item, 1, rules.Decision(rules.NOT, "Too large for us."))
    with pytest.raises(ConflictError, match="memutuskan: tidak diambil"), unit_of_work():
        service.decide(partner, item, 1, adopt(units["Diskominfo"].id))
    assert item.decision == rules.NOT


def test_of_decisions_at_the_same_moment_one_wins(app, partner, units, item):
    city_id, item_id, unit_id, told = partner.id, item.id, units["Diskominfo"].id, []
    start = threading.Barrier(4)

    def decide() -> None:
        with app.app_context():
            scope.enter_city(city_id)
            found = service.get_item(db.session.get(type(partner), city_id), item_id)
            start.wait()
            try:
                with unit_of_work():
                    service.decide(db.session.get(type(partner), city_id), found, 1, adopt(unit_id))
                told.append("won")
            except ConflictError:
                told.append("lost")

    threads = [threading.Thread(target=decide) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == ["lost", "lost", "lost", "won"]


def test_votes_rest_while_decided_and_go_on_when_reopened(partner, units, item):
    with unit_of_work():
        service.decide(partner, item, 1, adopt(units["Diskominfo"].id))
    with pytest.raises(ConflictError, match="sudah diputuskan"), unit_of_work():
        service.vote(partner, item, units["Dinas PUPR"].id, rules.NO)
    with unit_of_work():
        service.reopen(partner, item, item.version)
        service.vote(partner, item, units["Dinas PUPR"].id, rules.NO)
    assert (item.decision, item.quarter, item.opd_id) == ("", "", None)


def test_what_is_removed_is_named_and_comes_back_whole(partner, units, item):
    with unit_of_work():
        service.vote(partner, item, units["Dinas PUPR"].id, rules.YES)
        service.remove(partner, item, item.version)
    assert service.shortlist(partner) == [] and service.removed(partner) == [item] and item.removed_by
    with unit_of_work():
        service.restore(partner, item, item.version)
    assert service.shortlist(partner) == [item] and service.tally_of(item).yes == 1


def test_every_act_is_in_the_audit_log(partner, units, item):
    with unit_of_work():
        service.vote(partner, item, units["Dinas PUPR"].id, rules.YES)
        service.decide(partner, item, 1, adopt(units["Diskominfo"].id))
        service.reopen(partner, item, 2)
        service.remove(partner, item, 3)
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("shortlist.")))
    assert set(acts) == {f"shortlist.{act}" for act in ("add", "vote", "decide", "reopen", "remove")}


def test_only_who_wrote_a_note_changes_it(partner, item, person):
    author, other = person("admin"), person("operator", "Dinas PUPR")
    with unit_of_work():
        note = notes.add_note(partner, item, author, "Ask the counter first.")
    with pytest.raises(ForbiddenError):
        notes.own_note(item, note.id, other)
    with unit_of_work():
        notes.edit_note(partner, item, notes.own_note(item, note.id, author), "Asked.")
    assert note.text == "Asked." and note.edited_at


def test_a_unit_that_owns_a_planned_app_cannot_vanish_and_the_plan_is_named(partner, units, item):
    with unit_of_work():
        service.decide(partner, item, 1, adopt(units["Diskominfo"].id))
    with pytest.raises(ConflictError, match=item.app.name), unit_of_work():
        people.remove_opd(partner, units["Diskominfo"].id)
    with unit_of_work():
        service.reopen(partner, item, item.version)
    with unit_of_work():
        people.remove_opd(partner, units["Diskominfo"].id)
    assert "Diskominfo" not in {unit.name for unit in people.units(partner)}


def test_the_plan_as_a_file_holds_no_formula(partner, units, item):
    with unit_of_work():
        service.decide(partner, item, 1, rules.Decision(rules.ADOPT, "=1+1 is cheap", units["Diskominfo"].id, QUARTER))
    text = plan.as_csv(plan.plan_of(partner).items, "https://lumbung.example")
    assert "'=1+1" in text and ",=1+1" not in text and QUARTER in text


def test_a_decision_of_the_early_morning_is_of_that_day(partner, units, item):
    with unit_of_work():
        service.decide(partner, item, 1, adopt(units["Diskominfo"].id))
        item.decided_at = datetime(2026, 11, 23, 23, tzinfo=UTC)  # six o'clock at the programme's seat
    assert ",2026-11-24," in plan.as_csv(plan.plan_of(partner).items, "https://lumbung.example")


ACTS = (
    ("post", HOME, {"apps": "loket", "why": "Wanted."}, ("admin", "operator")),
    ("post", "{one}/votes", {"choice": "yes", "opd_id": "{unit}"}, ("admin", "operator")),
    ("post", "{one}/notes", {"text": "Seen."}, ("admin", "operator")),
    ("post", "{one}/decision", {"decision": "not", "reason": "No use.", "version": "1"}, ("admin",)),
    ("post", "{one}/remove", {"version": "1"}, ("admin", "operator")),
    ("get", HOME, {}, ("admin", "operator", "auditor")),
    ("get", "/console/bontang/plan", {}, ("admin", "operator", "auditor")),
    ("get", "/console/bontang/plan.csv", {}, ("admin", "operator", "auditor")),
    ("get", "{one}", {}, ("admin", "operator", "auditor")),
)


@pytest.mark.parametrize("role", ["admin", "operator", "auditor"])
@pytest.mark.parametrize("method, path, given, allowed", ACTS, ids=[f"{one[0]} {one[1][-12:]}" for one in ACTS])
def test_each_role_does_what_it_may_and_nothing_else(
    item, units, person, signed_in, role, method, path, given, allowed
):
    client = signed_in(person(role, "Dinas PUPR"))
    one = f"{HOME}/{item.id}"
    data = {name: value.format(unit=units["Dinas PUPR"].id) for name, value in given.items()}
    answer = client.open(path.format(one=one), method=method, data=data)
    assert answer.status_code == ((303 if method == "post" else 200) if role in allowed else 403)


def test_an_operator_votes_for_the_own_unit_only(item, units, person, signed_in):
    client = signed_in(person("operator", "Dinas PUPR"))
    answer = client.post(f"{HOME}/{item.id}/votes", data={"choice": "yes", "opd_id": units["Diskominfo"].id})
    assert answer.status_code == 403
    assert db.session.scalar(select(func.count()).select_from(ShortlistVote)) == 0


def test_the_page_shows_who_voted_and_why_and_runs_nothing(item, partner, units, person, signed_in):
    with unit_of_work():
        service.vote(partner, item, units["Dinas PUPR"].id, rules.NO, "<script>alert(1)</script>")
    refresh()
    text = signed_in(person("admin")).get(f"{HOME}/{item.id}", headers={"Accept-Language": "en"}).text
    assert "Dinas PUPR" in text and "&lt;script&gt;" in text and "<script>alert" not in text


def test_the_api_does_what_the_console_does(app, item, units, person):
    admin = person("admin", "Diskominfo")
    with unit_of_work():
        _token, token = accounts.create_token(admin, "choosing")
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    one = f"/api/v1/shortlist/bontang/{item.id}"
    unit = units["Diskominfo"].id
    steps = [
        ("put", f"{one}/votes/{unit}", {"choice": "maybe", "reason": "Later."}, 200),
        ("delete", f"{one}/votes/{unit}", None, 204),
        ("post", f"{one}/notes", {"text": "Seen."}, 201),
        ("post", f"{one}/decision", {"version": 7, "decision": "not", "reason": "No use."}, 409),
        ("post", f"{one}/decision", {"version": 1, "decision": "adopt", "reason": "Fits.", "quarter": "x"}, 422),
        ("post", f"{one}/decision", {"version": 1, "decision": "adopt", "reason": "Fits.", "opd_id": unit,
                                     "quarter": QUARTER}, 200),
        ("post", f"{one}/reopen", {"version": 2}, 200),
        ("post", f"{one}/remove", {"version": 3}, 200),
        ("post", f"{one}/restore", {"version": 4}, 200),
    ]  # fmt: skip
    for method, path, given, status in steps:
        answer = client.open(path, method=method, json=given, headers=headers)
        assert answer.status_code == status, (path, answer.text)
    assert client.get("/api/v1/plan/bontang", headers=headers).json == {"items": []}
    [told] = client.get("/api/v1/shortlist/bontang", headers=headers).json["items"]
    assert told["app"] == "antrian" and told["version"] == 5 and told["notes"][0]["text"] == "Seen."


def test_an_operator_finds_the_shortlist_without_the_rest_of_the_console(item, person, signed_in):
    refresh()
    client = signed_in(person("operator", "Dinas PUPR"))
    assert HOME in client.get("/console/").text
    page = client.get(f"{HOME}/{item.id}").text
    assert "/console/bontang/people" not in page and "/notes" in page and "/decision" not in page


def test_the_apps_page_leads_to_comparing_and_to_the_citys_shortlist(item, person, signed_in, client):
    refresh()
    assert "/compare?apps=antrian" in client.get("/apps/antrian").text
    assert f"{HOME}/new" not in client.get("/apps/antrian").text
    assert f"{HOME}/new?apps=loket" in signed_in(person("admin")).get("/apps/loket").text
