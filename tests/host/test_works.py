"""What has to be gone before work begins on it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from registry.host.store_errands import Errand
from registry.host.works import Works
from registry.hosting.plain import DeploymentState, ErrandKind


@pytest.mark.parametrize(("off", "stopped"), [(True, [7]), (False, [])])
def test_a_purge_stops_what_its_errand_knows_to_be_off_though_an_older_look_saw_it_serve(monkeypatch, off, stopped):
    """The rows are read before the errands: what was removed between the two still runs."""
    seen: list[int] = []
    works = Works.__new__(Works)
    works._busy, works._errand_pool = set(), None
    works._runner = SimpleNamespace(
        status=lambda _id: SimpleNamespace(state=DeploymentState.RUNNING),
        stop=lambda deployment, _then: seen.append(deployment),
    )
    monkeypatch.setattr(works, "_submit", lambda _pool, _work: None)
    works._begin_errand(Errand(1, 7, ErrandKind.PURGE, {}, "id", 3, off), SimpleNamespace(id=7, serves=3))
    assert seen == stopped
