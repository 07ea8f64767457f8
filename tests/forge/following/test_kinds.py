"""Every kind of conflict can be decided in the browser, and what comes of it is looked over."""

from __future__ import annotations

import pytest

from registry.core.uow import unit_of_work
from registry.forge import storage, writing
from registry.forge.following import service
from tests.forge.following.conftest import MAIN, House
from tests.forge.following.repositories import commit
from tests.forge.following.test_merging import KINDS
from tests.forge.following.test_pages import PAGE, signed_in


def disagreeing(house: House, kind: str) -> None:
    """The fork follows main, and both sides went on from one commit."""
    base, ours, theirs = KINDS[kind]
    upstream = house.place.upstream("lapor")
    old = writing.ref_value(upstream, MAIN)
    first = commit(upstream, base, (old,))
    last = commit(upstream, theirs, (first,))
    writing.update_refs(upstream, {MAIN: (last, old)})
    storage.feed_pool(house.place, "lapor", upstream)
    writing.update_refs(house.fork, {MAIN: (first, house.main)})
    house.change(ours)
    with house.inside() as (city, fork), unit_of_work():
        service.set_settings(city, fork, service.Settings("main"))


@pytest.mark.parametrize("side", ["ours", "theirs"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_shown_and_decided(house, kind, side):
    disagreeing(house, kind)
    client = signed_in(house)
    assert client.post(f"{PAGE}/sync").location.endswith("/decide")
    assert client.get(f"{PAGE}/decide").status_code == 200
    shown = client.get(f"{PAGE}/decide/file?path=a")
    assert shown.status_code == 200 and "Yours" in shown.get_data(as_text=True)
    assert client.post(f"{PAGE}/decide/file", data={"path": "a", "side": side}).status_code == 303
    result = client.get(f"{PAGE}/result").get_data(as_text=True)
    linked = kind == "sort" and side == "ours"
    assert ("could not be deployed" if linked else "nothing stands against it") in result
