"""The contract of bundles says no where a bundle breaks it."""

import json
import sqlite3
import sys
from contextlib import closing, nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from lumbung_plugin import clock, now
from lumbung_plugin.bundles import Bundle
from lumbung_plugin.contract import HOURS, BundleContract, in_a_new_process, late
from lumbung_plugin.storage import connect
from lumbung_plugin.testing import stop_clock

HOUR = timedelta(hours=1)
MANIFEST = """[plugin]
entrypoint = "kesah:create_app"
[data]
migrate = "kesah:upgrade"
[config]
schema = "config.schema.json"
[access]
staff = ["/kerja", "/admin"]
[connect]
provides = { "kpi.read" = "/_kpi" }
[[task]]
call = "kesah.tasks:kpi"
[[task]]
call = "kesah.tasks:tidy"
"""
WORDS = {"title": "Judul", "description": "Nama aplikasi"}
FILES = {
    "kesah/__init__.py": "def create_app(): ...\ndef upgrade(): ...\n",
    "kesah/tasks.py": "def kpi(): ...\ndef tidy(): ...\n",
    "kesah/translations/id/LC_MESSAGES/messages.po": 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8"\n',
    "lumbung.toml": MANIFEST,
    "config.schema.json": json.dumps({"properties": {"title": {**WORDS, "default": "", "x-en": WORDS}}}),
    "publiccode.yml": "softwareVersion: 1.1.0\n",
    "CHANGELOG.md": "# Changelog\n\n## 1.1.0 – 2026-11-24\n",
    "README.md": "Kesah",
    "LICENSE": "MIT",
}


@pytest.fixture
def bundle(tmp_path, environment) -> Bundle:
    """A bundle that keeps what is read from its files."""
    for name, content in FILES.items():
        path = tmp_path / "repository" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    environment.syspath_prepend(str(tmp_path / "repository"))
    for module in ("kesah", "kesah.tasks"):
        environment.delitem(sys.modules, module, raising=False)
    return Bundle("kesah")


@pytest.fixture
def db():
    with sqlite3.connect(":memory:") as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("CREATE TABLE report (id INTEGER, sent_at TEXT, demo INTEGER)")
        yield connection


KEPT = [
    BundleContract.test_every_message_is_translated,
    BundleContract.test_every_setting_has_a_default_and_words_in_both_languages,
    BundleContract.test_the_manifest_names_what_exists,
    BundleContract.test_the_version_stands_where_people_look,
]


@pytest.mark.parametrize("promise", KEPT, ids=lambda promise: promise.__name__)
def test_a_whole_bundle_keeps_it(bundle, promise):
    promise(BundleContract(), bundle)


@pytest.mark.parametrize(
    ("promise", "name", "old", "new"),
    [
        (KEPT[0], "kesah/tasks.py", "def kpi", "_('Nobody knows this')\ndef kpi"),
        (KEPT[1], "config.schema.json", '"default": ""', '"x": ""'),
        (KEPT[1], "config.schema.json", '"x-en": {"title": "Judul"', '"x-en": {"title": ""'),
        (KEPT[2], "lumbung.toml", "tasks:tidy", "tasks:sweep"),
        (KEPT[2], "lumbung.toml", "kesah:upgrade", "kesah:migrate"),
        (KEPT[2], "lumbung.toml", '"/_kpi"', '"/angka"'),
        (KEPT[2], "lumbung.toml", '"/_kpi" }', '"/_kpi", "more.read" = "/_lebih" }'),
        (KEPT[2], "lumbung.toml", '[[task]]\ncall = "kesah.tasks:tidy"\n', ""),
        (KEPT[2], "lumbung.toml", '["/kerja", "/admin"]', '["/kerja"]'),
        (KEPT[3], "publiccode.yml", "1.1.0", "1.2.0"),
        (KEPT[3], "kesah/__init__.py", "def create_app", "__version__ = '1.0.0'\ndef create_app"),
        (KEPT[3], "LICENSE", "MIT", ""),
    ],
)
def test_a_broken_promise_is_found(bundle, tmp_path, promise, name, old, new):
    path = tmp_path / "repository" / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises((AssertionError, AttributeError)):
        promise(BundleContract(), bundle)


def test_a_row_is_marked_in_a_demonstration_and_nowhere_else(db):
    contract = BundleContract()
    db.execute("INSERT INTO report (demo) VALUES (1)")
    contract.test_a_demonstration_is_marked_row_by_row(db)
    with pytest.raises(AssertionError):
        contract.test_without_the_wish_there_is_no_demonstration(db)
    db.execute("UPDATE report SET demo = 0")
    contract.test_without_the_wish_there_is_no_demonstration(db)
    with pytest.raises(AssertionError):
        contract.test_a_demonstration_is_marked_row_by_row(db)


@pytest.mark.parametrize("hour", HOURS)
def test_moments_after_now_and_days_after_the_citys_are_found(db, environment, hour):
    stop_clock(environment, hour)
    told = {
        one: late_with(db, one) for one in (clock.now(), clock.today(), clock.now() + HOUR, clock.today() + 24 * HOUR)
    }
    assert list(told.values()) == [[], [], ["report.sent_at"], ["report.sent_at"]]


def late_with(db, sent) -> list[str]:
    db.execute("DELETE FROM report")
    db.execute("INSERT INTO report (sent_at) VALUES (?)", (sent.isoformat(),))
    return list(late(db))


@pytest.mark.parametrize(
    ("may", "outcome"), [((), pytest.raises(AssertionError)), (("report.sent_at",), nullcontext())]
)
def test_a_demonstration_that_tells_of_the_future_is_found_unless_it_may(bundle, environment, may, outcome):
    def upgrade() -> None:
        with closing(connect()) as db, db:
            db.execute("CREATE TABLE report (sent_at TEXT)")
            db.execute("INSERT INTO report (sent_at) VALUES (?)", ((clock.now() + HOUR).isoformat(),))

    environment.setattr("kesah.upgrade", upgrade)
    contract = BundleContract()
    contract.ahead = frozenset(may)
    with outcome:
        contract.test_nothing_of_a_demonstration_lies_in_the_future(bundle, environment, HOURS[0])


@pytest.mark.parametrize("hour", HOURS)
def test_a_stopped_clock_shows_the_citys_hour_under_every_name_of_now(environment, hour):
    environment.setattr(clock, "now", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    stop_clock(environment, hour)
    assert clock.now() == now() and clock.local(now()).time() == hour and clock.today() == clock.local(now()).date()


@pytest.mark.timeout(60)
def test_a_process_that_ends_badly_says_why(bundle, tmp_path):
    assert in_a_new_process(bundle, tmp_path, "import os; print(os.environ['WHO'])", WHO="kesah") == "kesah"
    with pytest.raises(AssertionError, match="no luck"):
        in_a_new_process(bundle, tmp_path, "raise SystemExit('no luck')")
