"""What `lumbung doctor` says of an installation, for people and for programs."""

from __future__ import annotations

import fcntl
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.config import Settings
from registry.operate import doctor, findings
from registry.operate.backup import taking


def levels(lines) -> dict[str, str]:
    return {line.name: line.level for line in lines}


@pytest.mark.parametrize(
    ("given", "level", "word"),
    [
        ({}, "ok", "development"),
        ({"registry_host": "lumbung.example"}, "warn", "development"),
        ({"scheme": "https", "registry_host": "lumbung.example", "acme_mail": "a@b.example"}, "ok", "a@b.example"),
        ({"scheme": "https", "tls": "internal"}, "warn", "authority of its own"),
        ({"scheme": "https", "edge": "behind"}, "ok", "in front"),
    ],
)
def test_how_browsers_reach_it(tmp_path, given, level, word):
    line = next(findings.addresses(Settings(data=tmp_path, **given)))
    assert (line.name, line.level) == ("tls", level) and word in line.text


def test_plugins_below_the_registrys_own_name_are_warned_of(tmp_path):
    names = Settings(data=tmp_path, registry_host="lumbung.example", plugin_domain="apps.lumbung.example")
    assert levels(findings.addresses(names))["names"] == "warn"
    assert levels(findings.addresses(replace(names, plugin_domain="apps.example")))["names"] == "ok"


def test_where_mail_goes_is_told_without_its_password(tmp_path):
    line = findings.mail(Settings(data=tmp_path, smtp="smtp://lumbung:rahasia@mail.example:587"))
    assert line.level == "ok" and "mail.example:587" in line.text and "rahasia" not in line.text
    assert findings.mail(Settings(data=tmp_path)).level == "warn"


def note(data: Path, hours: float, verified: float | None = None, problems: tuple[str, ...] = ()) -> None:
    def ago(time: float) -> str:
        return (datetime.now(UTC) - timedelta(hours=time)).isoformat()

    (data / "backups").mkdir(exist_ok=True)
    told = {"made_at": ago(hours), "place": "/mnt/x", "name": "n", "problems": list(problems)}
    told["verified_at"] = ago(verified) if verified is not None else ""
    (data / "backups" / taking.NOTE).write_text(json.dumps(told))


def test_a_backup_of_the_whole_has_to_be_young_and_verified(tmp_path):
    settings = Settings(data=tmp_path)
    assert levels(findings.registry_backup(settings))["registry-backup"] == "warn"
    note(tmp_path, hours=2, verified=3)
    found = levels(findings.registry_backup(settings))
    assert (found["registry-backup"], found["registry-drill"]) == ("ok", "ok")
    note(tmp_path, hours=40)
    found = levels(findings.registry_backup(settings))
    assert (found["registry-backup"], found["registry-drill"]) == ("warn", "warn")


def test_what_is_not_in_the_backup_is_named(tmp_path):
    note(tmp_path, hours=1, problems=("lapor.bontang: Input/output error",))
    assert any("lapor.bontang" in line.text for line in findings.registry_backup(Settings(data=tmp_path)))


def test_the_gateway_is_alive_while_it_holds_its_lock(tmp_path):
    settings = Settings(data=tmp_path)
    settings.run.mkdir()
    assert findings.gateway(settings).level == "warn"
    with (settings.run / findings.GATEWAY_LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert findings.gateway(settings).level == "ok"
    assert findings.gateway(settings).level == "warn"


def test_a_socket_without_an_answer_is_no_web(tmp_path):
    assert findings.web(Settings(data=tmp_path)).level == "warn"


def test_programs_read_the_same(installation, capsys, monkeypatch):
    monkeypatch.setattr(doctor, "sandbox_facts", lambda settings: [])
    assert doctor.report(installation, as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"database", "walls", "schema", "tls", "mail", "disk", "inodes"} <= {one["name"] for one in told}
    assert all(one["level"] in ("ok", "warn") for one in told)
