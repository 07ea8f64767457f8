"""Mail goes out with the unit of work that wants it, to the server that is named, and takes no line of its own."""

from __future__ import annotations

import email
import smtplib
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from registry.core import jobs, mail, scope, undelivered
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.core.secrets import open_vault
from registry.core.uow import unit_of_work
from tests.apart import free_port

TO = "admin@bontang.example"


class Postman:
    """A mail server's handler that keeps what it is given; ``refusal`` is answered to every recipient when set."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.refusal = ""

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, read(envelope.content)))
        return "250 OK"


def read(content: bytes) -> Any:
    return email.message_from_bytes(content, policy=policy.default)


@pytest.fixture
def postman() -> Iterator[tuple[Postman, str]]:
    port = free_port()
    handler = Postman()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def worker(app, context, monkeypatch):
    """Runs what is in the queue, as the worker would, with settings of the test's own."""
    monkeypatch.setattr(jobs, "application", app)

    def work(smtp: str = "") -> None:
        monkeypatch.setitem(app.extensions, "lumbung", replace(app.extensions["lumbung"], smtp=smtp))
        for arguments in queued():
            mail.deliver(**arguments)

    return work


def queued() -> list[dict[str, Any]]:
    rows = db.session.connection().exec_driver_sql(
        "select args from procrastinate_jobs where task_name = 'core.mail' order by id"
    )
    return [row[0] for row in rows]


def test_a_message_is_delivered_with_all_it_needs(worker, postman):
    handler, url = postman
    with unit_of_work():
        identity = mail.send([TO], "Cadangan gagal – lapor", "Isi\nkedua", "<p>Isi</p>", sender="Lapor, Kota Bontang")
    worker(url)
    [(sender, recipients, message)] = handler.taken
    assert (sender, recipients) == ("lumbung@localhost", [TO])
    assert message["Subject"] == "Cadangan gagal – lapor"
    assert message["From"].addresses[0].display_name == "Lapor, Kota Bontang"
    assert message["Message-ID"] == identity
    assert message["Auto-Submitted"] == "auto-generated" and message["Date"].datetime
    assert message.get_body(("plain",)).get_content().splitlines() == ["Isi", "kedua"]
    assert "<p>Isi</p>" in message.get_body(("html",)).get_content()


def test_nothing_is_sent_when_the_act_is_undone(worker):
    with pytest.raises(ZeroDivisionError), unit_of_work():
        mail.send([TO], "Halo", "Isi")
        raise ZeroDivisionError
    assert queued() == []


def test_no_recipient_learns_of_the_others(worker, postman):
    handler, url = postman
    with unit_of_work():
        mail.send([TO, "warga@bontang.example", TO], "Halo", "Isi")
    worker(url)
    assert [recipients for _sender, recipients, _message in handler.taken] == [[TO], ["warga@bontang.example"]]
    assert "warga" not in handler.taken[0][2].as_string()


def test_a_foreign_domain_travels_in_ascii(worker, postman):
    handler, url = postman
    with unit_of_work():
        mail.send(["warga@kotaé.example"], "Halo", "Isi")
    worker(url)
    assert handler.taken[0][1] == ["warga@xn--kota-epa.example"]


def test_the_queue_tells_neither_text_nor_address(worker):
    with unit_of_work():
        mail.send([TO], "Rahasia", "Sandi baru")
    text = str(queued())
    assert "Sandi" not in text and TO not in text


def test_without_a_server_messages_become_files_of_our_own(worker, settings):
    with unit_of_work():
        mail.send([TO], "Halo", "Isi")
    worker()
    files = list((settings.data / "mail").glob("*.eml"))
    assert read(files[-1].read_bytes())["To"] == TO
    assert files[-1].stat().st_mode & 0o777 == 0o600


def test_only_the_newest_files_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(mail, "KEPT_FILES", 3)
    for number in range(5):
        mail.keep(tmp_path, str(number).encode())
    assert [path.read_text() for path in sorted(tmp_path.iterdir())] == ["2", "3", "4"]


def test_a_server_that_is_away_or_busy_is_asked_again(worker, postman):
    handler, url = postman
    with unit_of_work():
        mail.send([TO], "Halo", "Isi")
    with pytest.raises(OSError):
        worker("smtp://127.0.0.1:1")
    handler.refusal = "451 4.3.0 later"
    with pytest.raises(smtplib.SMTPException):
        worker(url)
    assert mail.deliver.retry_strategy.max_attempts > 5


def test_a_refusal_for_good_is_not_repeated(worker, postman):
    handler, url = postman
    handler.refusal = "550 5.1.1 nobody here"
    with unit_of_work():
        mail.send([TO], "Halo", "Isi")
    worker(url)
    assert handler.taken == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "Halo\r\nBcc: korban@lain.example"},
        {"subject": "Halo\nIsi"},
        {"subject": "x" * 201},
        {"sender": "Lapor\r\nBcc: korban@lain.example"},
        {"to": ["admin@bontang.example\r\nBcc: korban@lain.example"]},
        {"to": ["admin@bontang.example, korban@lain.example"]},
        {"to": ["<admin@bontang.example>"]},
        {"to": ["-oProxy"]},
        {"to": []},
        {"to": "admin@bontang.example"},
        {"to": [f"warga{n}@bontang.example" for n in range(51)]},
        {"text": "x" * (mail.MAX_TEXT + 1)},
        {"text": "\ud800"},
    ],
)
def test_what_is_no_plain_message_is_refused(worker, wrong):
    with pytest.raises(InvalidError), unit_of_work():
        mail.send(**{"to": [TO], "subject": "Halo", "text": "Isi", **wrong})
    assert queued() == []


def test_the_text_cannot_become_a_header(worker, postman):
    handler, url = postman
    with unit_of_work():
        mail.send([TO], "Halo", "\r\n.\r\nBcc: korban@lain.example\r\n.\r\nQUIT")
    worker(url)
    assert [message["Bcc"] for _sender, _to, message in handler.taken] == [None]


@pytest.mark.parametrize(
    ("url", "port", "implicit"),
    [("smtp://m.example", 25, False), ("smtp://a:b%40c@m.example", 587, False), ("smtps://a:b@m.example", 465, True)],
)
def test_a_server_is_named_by_its_url(url, port, implicit):
    server = mail.parse_server(url)
    assert (server.host, server.port, server.implicit) == ("m.example", port, implicit)


@pytest.mark.parametrize("url", ["m.example:25", "http://m.example", "smtp://", "smtp://m.example:x"])
def test_a_server_that_is_not_named_right_is_said(url):
    with pytest.raises(mail.MailServerError, match="LUMBUNG_SMTP"):
        mail.parse_server(url)


def test_a_password_never_travels_in_the_clear(monkeypatch, postman):
    _handler, url = postman
    monkeypatch.setattr(mail, "LOOPBACK", ())
    server = mail.parse_server(url.replace("smtp://", "smtp://user:kata@"))
    with pytest.raises(mail.MailServerError, match="in the clear"):
        mail.hand_over(server, "lumbung@localhost", b"To: a@b.example\r\n\r\n")


def test_the_servers_password_is_in_no_repr(settings):
    assert "rahasia" not in repr(replace(settings, smtp="smtp://user:rahasia@mail.example"))


def test_a_sealed_message_is_readable_with_our_key_only(worker, settings, tmp_path):
    with unit_of_work():
        mail.send([TO], "Halo", "Isi")
    sealed = queued()[0]["sealed"].encode()
    assert "Halo" in open_vault(settings.secrets).open(sealed)


def test_what_could_not_be_delivered_is_kept_for_a_month(app, worker):
    with unit_of_work() as session:
        mail.send([TO], "Lama", "Isi")
        mail.send([TO], "Baru", "Isi")
        session.connection().exec_driver_sql("update procrastinate_jobs set status = 'failed'")
        session.connection().exec_driver_sql(
            "update procrastinate_events set at = now() - interval '40 days' where job_id = "
            "(select min(id) from procrastinate_jobs)"
        )
    with app.app_context():
        scope.enter_programme()
        undelivered.forget()
    db.session.rollback()
    assert len(queued()) == 1


def test_a_refusal_for_good_is_noted_for_the_operator_without_the_whole_address(worker, postman):
    handler, url = postman
    handler.refusal = "550 no such user here"
    with unit_of_work():
        mail.send([TO], "Halo", "Isi")
    worker(url)
    db.session.rollback()
    [one] = undelivered.listed()
    assert (one.code, one.recipient) == (550, "a…@bontang.example") and "no such user" in one.reason
    assert undelivered.of_address(TO.upper()) is not None and undelivered.of_address("lain@bontang.example") is None


def test_refusals_are_forgotten_after_a_month(app, context):
    undelivered.note(TO, "a…@bontang.example", 550, "no", None)
    db.session.connection().exec_driver_sql("update mail_refusals set at = now() - interval '40 days'")
    db.session.commit()
    undelivered.forget()
    assert undelivered.listed() == []
