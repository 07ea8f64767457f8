"""The public socket of a deployment, without the host around it."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from registry.host.door import Door, sweep

from .support import UnixConnection


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "bontang" / "lapor.sock"


@pytest.fixture
def door(place: Path) -> Iterator[Door]:
    made = Door(SimpleNamespace(unwatch=lambda _descriptor: None), place)  # type: ignore[arg-type]
    yield made
    made.close()


def knock(place: Path) -> None:
    """Raises ConnectionRefusedError when nobody listens."""
    connection = UnixConnection(place, 5)
    connection.connect()
    connection.close()


def test_it_has_its_name_only_when_somebody_listens_behind_it(
    door: Door, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else who comes between the two is refused: the edge, which would say that the app is away."""
    seen: list[bool] = []
    listen = socket.socket.listen

    class Watched(socket.socket):
        def listen(self, *backlog: int) -> None:
            seen.append(place.exists())
            listen(self, *backlog)

    monkeypatch.setattr("registry.core.sockets.socket.socket", Watched)
    door.open()
    assert seen == [False]
    monkeypatch.undo()
    knock(place)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_it_takes_the_place_of_what_a_killed_one_left(door: Door, place: Path) -> None:
    place.parent.mkdir()
    for left in (place, place.with_name(f"{place.name}~")):
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(left))
    door.open()
    knock(place)
    door.close()
    assert list(place.parent.iterdir()) == []


def test_what_a_killed_host_left_is_swept(place: Path) -> None:
    place.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(place))
    sweep(place.parents[1])
    assert not place.exists()
