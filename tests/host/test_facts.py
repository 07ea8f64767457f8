"""What holds on this machine is looked for once, and believed by a host that is started again soon after."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from registry.config import Settings
from registry.host import check, facts
from registry.host.check import Fact

from .support import linked, until


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """How often somebody looked; all holds."""
    seen: list[Settings] = []

    def look(settings: Settings) -> list[Fact]:
        seen.append(settings)
        return [Fact("sandbox", True, ""), Fact("warm_start", True, "")]

    monkeypatch.setattr(check, "sandbox_facts", look)
    return seen


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(data=tmp_path)
    made.run.mkdir(parents=True, exist_ok=True)
    return made


def change(settings: Settings, **told: Any) -> None:
    file = settings.run / "facts.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **told}))


def test_a_second_host_does_not_look_again(settings: Settings, looks: list[Settings]) -> None:
    assert facts.known(settings) == facts.known(settings) == {"sandbox": True, "warm_start": True}
    assert len(looks) == 1


@pytest.mark.parametrize(
    "told",
    [{"at": 0}, {"at": 2**40}, {"for": ["another boot"]}, {"facts": {"sandbox": True}}, {"at": "x"}],
    ids=["long ago", "in the future", "elsewhere", "bad news", "nonsense"],
)
def test_what_may_have_changed_is_looked_for_again(
    settings: Settings, looks: list[Settings], told: dict[str, Any]
) -> None:
    facts.known(settings)
    change(settings, **told)
    assert facts.known(settings)["warm_start"] is True
    assert len(looks) == 2


def test_warm_starts_missed_in_a_busy_moment_come_later(settings: Settings, runtime: Path) -> None:
    environment = settings.data / "env"
    linked(runtime, environment, "env")
    found = facts.Found(settings, {"sandbox": True, "warm_start": False})
    assert found.base(environment) is None
    found.look_again()
    until(lambda: found.told()["warm_start"], 60)
    assert found.base(environment) == environment
    assert facts.known(settings) == found.told()
