"""What a renewal came to is told to who waits for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry.config import Settings
from registry.operate import watch


def test_what_came_of_a_renewal_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`lumbung upgrade` looks again and again, and reads it at once."""
    settings = Settings(data=tmp_path)
    settings.run.mkdir(parents=True)
    note = settings.run / watch.RENEWAL
    note.write_text("before")
    monkeypatch.setattr(watch, "_migrate", lambda _settings: "no database")
    with note.open() as opened:
        watch.Watch(settings)._renew_all()
        assert opened.read() == "before", "it is not written where it is read"
    assert json.loads(note.read_text())["message"] == "no database"
    assert [path.name for path in settings.run.iterdir()] == [watch.RENEWAL]
