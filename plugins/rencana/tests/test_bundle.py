"""The bundle as a repository of its own: complete, in both languages, with a demonstration, able to run alone."""

from lumbung_plugin import today
from lumbung_plugin.contract import BundleContract
from rencana import follow, plan
from rencana.plan import Wanted


class TestBundle(BundleContract):
    tasks = ("kpi", "follow", "remind", "tidy")
    pages = ("/", "/program", "/jadwal", "/tentang")
    figures = frozenset({"rencana.kemajuan"})


def test_the_manifest_asks_for_what_is_followed(bundle):
    assert bundle.manifest["connect"]["uses"] == [f"{app}:kpi.read" for app in follow.APPS]


def test_a_demonstration_is_rich_and_stays_marked(demo, db, client):
    found = plan.programmes(db, Wanted(), today())
    assert len({one.row["aim_id"] for one in found}) == 7 and sum(one.row["quick"] for one in found) == 3
    assert len({one.health for one in found}) >= 3 and plan.blockers(db)
    demo.delenv("TENANT_DEMO")
    assert "contoh (demo)" in client.get("/").text
