"""What people are told reaches a real mail server whole, and every kind a room tells of is known."""

# ruff: noqa: F811 (pytest fixtures shared by name)

from __future__ import annotations

import re
from pathlib import Path

import registry
from registry.accounts.notices.kinds import GROUPS, KINDS
from tests.accounts.notices.conftest import html_of, text_of, told
from tests.core.test_mail import postman, worker  # noqa: F401

NOTICE = re.compile(r"\bNotice\(\s*(?:kind=)?\"([a-z.]+)\"")


def test_a_mail_server_gets_both_parts_and_the_way_to_switch_it_off(folk, worker, postman):
    handler, url = postman
    told(*folk, link="/apps/lapor", action="Buka – sekarang", paragraphs=["Isi surat ✓ " + "panjang " * 200])
    worker(url)
    assert [recipients for _sender, recipients, _message in handler.taken] == [[one.email] for one in folk]
    message = handler.taken[0][2]
    for part in (text_of(message), html_of(message)):
        assert "Isi surat ✓" in part and "Buka – sekarang" in part and "http://localhost:8000/apps/lapor" in part
    assert re.fullmatch(r"<http://localhost:8000/notifications/off/\S+>", message["List-Unsubscribe"])
    assert message["Subject"] == "Ada pertanyaan"


def test_every_kind_a_room_tells_of_is_known():
    code = Path(registry.__file__).parent
    used = {kind for path in code.rglob("*.py") for kind in NOTICE.findall(path.read_text())}
    assert "plugin.alert" in used and used <= set(KINDS)


def test_every_kind_belongs_to_a_group_people_choose_by():
    assert {kind.group for kind in KINDS.values()} == set(GROUPS)
