"""Webhooks: who asked is told, signed by a secret of their own, tried for a day, and never anybody inside."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from registry.accounts import service as accounts
from registry.catalog import service as catalog
from registry.catalog.open_data import events
from registry.catalog.open_data.webhooks import jobs as work
from registry.catalog.open_data.webhooks import rules, sending, service, words
from registry.catalog.open_data.webhooks.models import DELIVERED, FAILED, QUEUED, Delivery, Webhook
from registry.core import clock, jobs, scope
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError
from registry.core.uow import unit_of_work
from registry.tenants.models import Membership
from tests.core.tls_server import answering, serving

URL = "https://hooks.example/lumbung"


@pytest.fixture(autouse=True)
def real_time():
    yield
    clock.back()


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """Every name has a public address, and none is really asked."""
    monkeypatch.setattr("registry.core.outgoing.resolve", lambda _host, _port: ["93.184.216.34"])


@pytest.fixture
def receiver(tmp_path, monkeypatch, app):
    """A server inside, which this installation names as allowed."""
    with serving(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        monkeypatch.setattr("registry.core.outgoing.resolve", lambda _host, _port: ["127.0.0.1"])
        monkeypatch.setitem(app.extensions, "lumbung", replace(app.extensions["lumbung"], webhook_hosts=server.inner))
        yield server


@pytest.fixture
def hook(partner, receiver) -> Webhook:
    scope.enter_city(partner.id)
    with unit_of_work():
        return service.register(partner, receiver.url, events.EVENTS)[0]


def queued(task: str) -> list[dict]:
    rows = db.session.connection().exec_driver_sql(
        "select args from procrastinate_jobs where task_name = %s order by id", (task,)
    )
    return [row[0] for row in rows]


def run_worker(app, monkeypatch) -> None:
    """What waits, once: the announcements, then the deliveries."""
    monkeypatch.setattr(jobs, "application", app)
    told = queued("open_data.announce")
    db.session.commit()
    for arguments in told:
        work.announce(**arguments)
    for arguments in queued("open_data.deliver"):
        work.deliver(**arguments)
    db.session.expire_all()


def send(hook: Webhook) -> Delivery:
    with unit_of_work():
        delivery = service.ping(hook)
    sending.deliver(delivery)
    return delivery


def test_a_release_is_told_to_who_asked(hook, app, publisher, bundle, receiver, monkeypatch):
    with unit_of_work():
        antrian = catalog.record_app(publisher, "antrian", bundle())
        catalog.record_release(antrian, bundle(), "1.0.0", "v1.0.0", "c" * 40, "a" * 40, "d" * 64, 1, None)
    run_worker(app, monkeypatch)
    bodies = [json.loads(request.partition(b"\r\n\r\n")[2]) for request in receiver.taken]
    assert [body["type"] for body in bodies] == ["app.published", "release.published"]
    assert bodies[1]["data"]["app"] == "antrian" and bodies[1]["data"]["version"] == "1.0.0"
    assert bodies[1]["data"]["publisher"] == "bandung" and bodies[1]["timestamp"]


def test_a_withdrawn_release_is_told_with_its_reason(hook, app, publisher, bundle, receiver, monkeypatch):
    with unit_of_work():
        antrian = catalog.record_app(publisher, "antrian", bundle())
        release = catalog.record_release(antrian, bundle(), "1.0.0", "v1", "c" * 40, "a" * 40, "d" * 64, 1, None)
        catalog.yank_release(release, "It loses numbers.")
    run_worker(app, monkeypatch)
    last = json.loads(receiver.taken[-1].partition(b"\r\n\r\n")[2])
    assert last["type"] == "release.yanked" and last["data"]["reason"] == "It loses numbers."


def test_an_act_that_is_rolled_back_is_told_to_nobody(hook, publisher, bundle):
    with pytest.raises(RuntimeError), unit_of_work():
        catalog.record_app(publisher, "antrian", bundle())
        raise RuntimeError
    assert queued("open_data.announce") == []


def test_only_the_events_wished_for_are_told(hook, app, publisher, bundle, monkeypatch):
    with unit_of_work():
        service.change(hook, [events.RELEASE_YANKED], "")
        catalog.record_app(publisher, "antrian", bundle())
    run_worker(app, monkeypatch)
    assert service.deliveries_of(hook) == []


def test_an_event_announced_twice_is_told_once(hook, app, publisher, bundle, monkeypatch):
    with unit_of_work():
        catalog.record_app(publisher, "antrian", bundle())
    run_worker(app, monkeypatch)
    run_worker(app, monkeypatch)
    assert len(service.deliveries_of(hook)) == 1


def test_the_signature_is_that_of_standard_webhooks(partner, receiver):
    scope.enter_city(partner.id)
    with unit_of_work():
        hook, secret = service.register(partner, receiver.url, events.EVENTS)
    send(hook)
    head, _blank, body = receiver.taken[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(wanted).decode()
    assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 60


def test_every_webhook_has_a_secret_of_its_own_and_it_is_sealed(partner):
    scope.enter_city(partner.id)
    with unit_of_work():
        one, first = service.register(partner, URL, events.EVENTS)
        _two, second = service.register(partner, URL + "2", events.EVENTS)
    assert first != second and first.encode() not in bytes(one.secret)
    assert service.secrets_of(one) == [first]


def test_after_a_change_both_secrets_sign_for_a_day(hook):
    (old,) = service.secrets_of(hook)
    with unit_of_work():
        new = service.renew_secret(hook)
    assert service.secrets_of(hook) == [new, old]
    clock.move(timedelta(days=1, seconds=1))
    assert service.secrets_of(hook) == [new]


@pytest.mark.parametrize(
    "url", ["http://hooks.example/", "https://hooks.example:22/", "https://a@hooks.example/", "hooks.example", ""]
)
def test_only_plain_https_is_registered(partner, url):
    scope.enter_city(partner.id)
    with pytest.raises(InvalidError), unit_of_work():
        service.register(partner, url, events.EVENTS)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1", "100.64.0.1"])
def test_a_host_inside_is_not_registered(partner, monkeypatch, address):
    monkeypatch.setattr("registry.core.outgoing.resolve", lambda _host, _port: [address])
    scope.enter_city(partner.id)
    with pytest.raises(InvalidError) as refusal, unit_of_work():
        service.register(partner, URL, events.EVENTS)
    assert refusal.value.message == words.problem("private")


def test_a_name_that_leads_inside_later_is_not_sent_to(partner, monkeypatch):
    scope.enter_city(partner.id)
    with unit_of_work():
        hook, _secret = service.register(partner, URL, events.EVENTS)
    monkeypatch.setattr("registry.core.outgoing.resolve", lambda _host, _port: ["127.0.0.1"])
    assert send(hook).problem == "private"


@pytest.mark.parametrize("wished", [[], ["app.everything"], ["ping"]])
def test_unknown_events_are_refused(partner, wished):
    scope.enter_city(partner.id)
    with pytest.raises(InvalidError), unit_of_work():
        service.register(partner, URL, wished)


def test_a_city_has_a_bounded_number_of_webhooks(partner):
    scope.enter_city(partner.id)
    with unit_of_work():
        for number in range(service.MAX_WEBHOOKS):
            service.register(partner, f"{URL}{number}", events.EVENTS)
    with pytest.raises(ConflictError), unit_of_work():
        service.register(partner, URL, events.EVENTS)


def test_what_arrives_is_noted(hook):
    delivery = send(hook)
    assert (delivery.state, delivery.status, delivery.attempts, delivery.problem) == (DELIVERED, 204, 1, "")


def test_a_redirect_is_no_delivery(hook, receiver):
    receiver.behaviour = answering(b"HTTP/1.1 302 X\r\nLocation: https://169.254.169.254/\r\n\r\n")
    delivery = send(hook)
    assert (delivery.state, delivery.problem) == (QUEUED, "redirect") and len(receiver.taken) == 1


def test_a_failure_is_tried_again_for_about_a_day_and_then_given_up(hook, receiver, app, monkeypatch):
    receiver.behaviour = answering(b"HTTP/1.1 500 X\r\n\r\n")
    delivery, began = send(hook), clock.now()
    while delivery.state == QUEUED:
        clock.move(delivery.next_at - clock.now() + timedelta(seconds=1))
        sending.deliver(delivery)
    assert delivery.state == FAILED and delivery.attempts == 8 == len(receiver.taken)
    assert timedelta(hours=20) < clock.now() - began < timedelta(hours=26)
    assert hook.enabled, "one day is not yet a dead receiver"


def test_every_attempt_has_the_same_id_and_a_fresh_time(hook, receiver):
    receiver.behaviour = answering(b"HTTP/1.1 500 X\r\n\r\n")
    delivery = send(hook)
    clock.move(timedelta(minutes=2))
    sending.deliver(delivery)
    heads = [dict(line.split(": ", 1) for line in taken.decode().split("\r\n\r\n")[0].split("\r\n")[1:])
             for taken in receiver.taken]  # fmt: skip
    assert heads[0]["webhook-id"] == heads[1]["webhook-id"] == f"msg_{delivery.id.hex}"
    assert int(heads[1]["webhook-timestamp"]) - int(heads[0]["webhook-timestamp"]) >= 119


def test_what_is_due_or_lost_is_handed_over_again(hook, app, monkeypatch):
    with unit_of_work():
        delivery = service.ping(hook)
    before = len(queued("open_data.deliver"))
    clock.move(service.LEASE + timedelta(seconds=1))
    work.deliver_again()
    assert len(queued("open_data.deliver")) == before + 1 and delivery.state == QUEUED


@pytest.fixture
def admin(partner):
    with unit_of_work() as session:
        user = accounts.make_user("admin@bontang.example", "Admin (demo)", "a long demo password")
        session.add(Membership(city_id=partner.id, user_id=user.id, role="admin"))
    return user


def test_a_receiver_dead_for_three_days_is_switched_off_and_the_admin_told(admin, hook, receiver):
    receiver.behaviour = answering(b"HTTP/1.1 500 X\r\n\r\n")
    send(hook)
    clock.move(timedelta(days=3))
    delivery = send(hook)
    assert (hook.enabled, hook.off_reason, delivery.state) == (False, "failing", FAILED)
    assert len(queued("core.mail")) == 1


def test_a_receiver_that_is_gone_is_switched_off_at_once(admin, hook, receiver):
    receiver.behaviour = answering(b"HTTP/1.1 410 Gone\r\n\r\n")
    send(hook)
    assert (hook.enabled, hook.off_reason) == (False, "gone")


def test_a_success_forgets_the_failures(hook, receiver):
    receiver.behaviour = answering(b"HTTP/1.1 500 X\r\n\r\n")
    send(hook)
    receiver.behaviour = answering(b"HTTP/1.1 200 OK\r\n\r\n")
    send(hook)
    assert hook.failing_since is None


def test_what_was_given_up_can_be_sent_again(hook, receiver):
    delivery = send(hook)
    with unit_of_work():
        service.redeliver(delivery)
    sending.deliver(delivery)
    assert delivery.state == DELIVERED and len(receiver.taken) == 2


def test_a_webhook_switched_off_sends_nothing(hook, receiver):
    with unit_of_work():
        delivery = service.ping(hook)
        service.set_enabled(hook, False)
    sending.deliver(delivery)
    assert receiver.taken == [] and (delivery.state, delivery.problem) == (FAILED, "off")
    with pytest.raises(ConflictError), unit_of_work():
        service.ping(hook)


def test_a_webhook_removed_while_a_message_travels_is_no_fault(hook, monkeypatch):
    def remove_meanwhile(webhook, _delivery):
        with unit_of_work():
            service.remove(webhook)
        return sending.Outcome("", 204, 1)

    monkeypatch.setattr(sending, "attempt", remove_meanwhile)
    send(hook)
    assert db.session.query(Delivery).count() == 0


def test_deliveries_are_forgotten_after_a_month(hook):
    send(hook)
    clock.move(service.KEPT + timedelta(days=1))
    work.forget_deliveries()
    db.session.expire_all()
    assert service.deliveries_of(hook) == []


def test_the_waits_add_up_to_a_day():
    assert timedelta(hours=20) < sum(rules.WAITS, timedelta()) < timedelta(hours=26)
