"""Mail as the operator sees it: what was kept as files, whether the server takes any, and what it refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from registry.config import Settings
from registry.core import mail, undelivered
from registry.operate import mailing
from registry.operate.commands.mail import mail_group


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("LUMBUNG_SMTP", raising=False)

    def called(*words: str):
        return CliRunner().invoke(mail_group, [*words, "--data", str(tmp_path)])

    return called


def keep(folder: Path, subject: str, html: str | None = None) -> None:
    message = mail.compose(Settings(data=folder), "admin@bontang.example", subject, "Isi surat\n", html)
    mail.keep(folder / "mail", message.as_bytes())


def test_messages_kept_as_files_are_listed_newest_first(run, tmp_path):
    keep(tmp_path, "Satu")
    keep(tmp_path, "Dua")
    first, second = run("list").output.splitlines()
    assert "Dua" in first and "Satu" in second and "admin@bontang.example" in first


def test_the_newest_is_shown_with_its_words(run, tmp_path):
    keep(tmp_path, "Satu", "<p>Isi</p>")
    answer = run("show", "--html", str(tmp_path / "one.html"))
    assert "Subject: Satu" in answer.output and "Isi surat" in answer.output
    assert "<p>Isi</p>" in (tmp_path / "one.html").read_text()


def test_a_name_there_is_not_is_said(run):
    assert run("show", "../../etc/passwd").exit_code == 1
    assert "no message" in run("list").output


def test_a_trial_says_where_the_message_went(run, tmp_path):
    assert "it is a file" in run("try", "admin@bontang.example").output
    assert len(mailing.kept(Settings(data=tmp_path))) == 1


@pytest.mark.parametrize("address", ["nobody", "a@b.example\nBcc: c@d.example"])
def test_a_trial_needs_an_address(run, address):
    assert run("try", address).exit_code == 1


def test_a_server_that_does_not_answer_is_said(run, monkeypatch):
    monkeypatch.setenv("LUMBUNG_SMTP", "smtp://127.0.0.1:1")
    answer = run("try", "admin@bontang.example")
    assert answer.exit_code == 1 and "does not take it" in answer.output


def test_doctor_warns_of_mail_that_was_refused(context, settings):
    assert [line.level for line in mailing.standing(settings)] == ["ok"]
    undelivered.note("admin@bontang.example", "a…@bontang.example", 550, "no such user", None)
    [line] = mailing.standing(settings)
    assert line.level == "warn" and "1 refused" in line.text
