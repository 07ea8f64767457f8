"""What every bundle promises, as tests. A bundle's `tests/test_bundle.py` takes them over and says what is its own::

    class TestBundle(BundleContract):
        pages = ("/", "/daftar")
        figures = frozenset({"lapor.terlambat"})

They use `lumbung_plugin.fixtures`.
"""
# ruff: noqa: S101 - these are tests

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import time
from importlib import import_module
from pathlib import Path
from typing import ClassVar

import pytest
from flask.testing import FlaskClient

from lumbung_plugin import clock, i18n
from lumbung_plugin.bundles import Bundle, Demonstration, named
from lumbung_plugin.fixtures import put
from lumbung_plugin.storage import connect
from lumbung_plugin.testing import Siblings, as_sibling, stop_clock

MOST_BYTES = 100_000
LATE = """SELECT 1 FROM {table} WHERE CASE WHEN length({column}) = 10 THEN {column} > :today
ELSE julianday({column}) > julianday(:now, '+1 minute') END"""
"""A date alone is a day as the city counts it, which begins hours before UTC's."""
HOURS = (time(0, 30), time(23, 30))
"""Of the city: its day has begun and UTC's has not, and its day is nearly over."""


class BundleContract:
    """Tests every bundle passes; the values say what only the bundle can know."""

    pages: ClassVar[tuple[str, ...]] = ("/",)
    """Citizens' pages of a demonstration: in two languages, below 100 kB each."""
    cities: ClassVar[tuple[str, ...]] = ("64.74",)
    """The codes of cities whose demonstrations are tried; the first is the one of the fixture `demo`."""
    figures: ClassVar[frozenset[str]] = frozenset()
    """Figures that must be among those told."""
    tasks: ClassVar[tuple[str, ...]] = ("kpi", "tidy")
    """What the clock calls, in the module `tasks`."""
    provides: ClassVar[dict[str, str]] = {}
    """What siblings may ask for beside `kpi.read`, and where."""
    heavy: ClassVar[tuple[str, ...]] = ("PIL", "fpdf", "segno", "holidays")
    """Modules that a start and a first page do without."""
    ahead: ClassVar[frozenset[str]] = frozenset()
    """Moments that may lie in the future, `table.column`."""

    def test_every_message_is_translated(self, bundle: Bundle) -> None:
        assert i18n.missing(bundle.package) == []

    def test_every_setting_has_a_default_and_words_in_both_languages(self, bundle: Bundle) -> None:
        for name, rule in bundle.schema["properties"].items():
            assert "default" in rule, name
            assert all(part[key] for part in (rule, rule["x-en"]) for key in ("title", "description")), name

    def test_the_manifest_names_what_exists(self, bundle: Bundle) -> None:
        manifest = bundle.manifest
        calls = [task["call"] for task in manifest["task"]]
        assert all(callable(named(call)) for call in (manifest["plugin"]["entrypoint"], manifest["data"]["migrate"]))
        assert all(callable(named(call)) for call in calls)
        assert sorted(calls) == sorted(f"{bundle.name}.tasks:{name}" for name in self.tasks)
        assert (bundle.folder / manifest["config"]["schema"]).is_file()
        assert manifest["access"]["staff"] == ["/kerja", "/admin"]
        assert manifest["connect"]["provides"] == {"kpi.read": "/_kpi"} | self.provides

    def test_the_version_stands_where_people_look(self, bundle: Bundle) -> None:
        texts = {
            name: (bundle.folder / name).read_text(encoding="utf-8")
            for name in ("publiccode.yml", "CHANGELOG.md", "README.md", "LICENSE")
        }
        found = re.search(r"^softwareVersion: *[\"']?([\d.]+)", texts["publiccode.yml"], re.MULTILINE)
        assert found and re.search(rf"^## {re.escape(found[1])}\b", texts["CHANGELOG.md"], re.MULTILINE)
        assert getattr(import_module(bundle.name), "__version__", found[1]) == found[1]
        assert all(texts.values())

    def test_migrating_again_changes_nothing(self, bundle: Bundle) -> None:
        before = content()
        bundle.upgrade()
        assert content() == before

    def test_without_the_wish_there_is_no_demonstration(self, db: sqlite3.Connection) -> None:
        for table in marked_tables(db):
            assert not db.execute(f"SELECT 1 FROM {table} WHERE demo").fetchall(), table  # noqa: S608

    def test_a_demonstration_is_filled_once_and_quickly(
        self,
        bundle: Bundle,
        host: pytest.MonkeyPatch,
        tmp_path: Path,
        demonstrations: Callable[[str], Demonstration],
    ) -> None:
        for code in self.cities:
            filled = demonstrations(code)
            assert filled.seconds < 3, code
            put(filled, tmp_path)
            host.setenv("TENANT_CODE", code)
            host.setenv("TENANT_DEMO", "1")
            before = content()
            bundle.upgrade()
            assert content() == before, code

    @pytest.mark.usefixtures("demo")
    def test_a_demonstration_is_marked_row_by_row(self, db: sqlite3.Connection) -> None:
        for table in marked_tables(db):
            assert not db.execute(f"SELECT 1 FROM {table} WHERE NOT demo").fetchall(), table  # noqa: S608

    @pytest.mark.parametrize("hour", HOURS, ids=str)
    def test_nothing_of_a_demonstration_lies_in_the_future(
        self, bundle: Bundle, empty: pytest.MonkeyPatch, hour: time
    ) -> None:
        stop_clock(empty, hour)
        empty.setenv("TENANT_DEMO", "1")
        bundle.upgrade()
        with closing(connect()) as db:
            assert set(late(db)) <= self.ahead

    @pytest.mark.usefixtures("demo")
    def test_first_pages_are_small_and_speak_both_languages(self, client: FlaskClient) -> None:
        for page in self.pages:
            answers = [client.get(page, query_string={"lang": lang}) for lang in i18n.LANGUAGES]
            assert [answer.status_code for answer in answers] == [200, 200], page
            assert max(len(answer.data) for answer in answers) < MOST_BYTES, page
            assert answers[0].text != answers[1].text, page

    def test_the_city_hears_the_figures_siblings_read_and_they_name_nobody(
        self, bundle: Bundle, demo: pytest.MonkeyPatch, client: FlaskClient
    ) -> None:
        with Siblings(demo) as lumbung:
            named(f"{bundle.name}.tasks:kpi")()
            told = {figure["name"]: figure for figure in lumbung.figures}
        read = as_sibling(client, "pusatkendali", "kpi.read").get("/_kpi").json["figures"]
        assert {figure["name"] for figure in read} == set(told) >= self.figures
        assert told and all(name.startswith(f"{bundle.name}.") for name in told)
        assert all(figure["label"]["id"] and figure["label"]["en"] for figure in read)
        assert "(demo)" not in json.dumps(read)

    @pytest.mark.timeout(60)
    def test_it_runs_alone_with_nothing_set_and_stays_light(self, bundle: Bundle, tmp_path: Path) -> None:
        code = (
            f"import sys; from {bundle.manifest['plugin']['entrypoint'].replace(':', ' import ')} as made; "
            "client = made().test_client(); "
            "print(client.get('/').status_code, client.get('/kerja', follow_redirects=True).status_code, "
            f"[name for name in {self.heavy} if name in sys.modules])"
        )
        assert in_a_new_process(bundle, tmp_path, code).splitlines()[-1] == "200 403 []"
        assert (tmp_path / "instance" / "data.sqlite3").is_file()


def content() -> list[str]:
    """The whole database of the deployment, as SQL."""
    with closing(connect()) as db:
        return list(db.iterdump())


def columns(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """(table, column) of every table of the bundle's own."""
    tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    for (table,) in tables:
        yield from ((table, row["name"]) for row in db.execute(f"PRAGMA table_info({table})"))


def late(db: sqlite3.Connection) -> Iterator[str]:
    """`table.column` of the moments (columns `…at`) of which one has not come yet."""
    present = {"now": clock.now().isoformat(), "today": clock.today().isoformat()}
    for table, column in columns(db):
        if column.split("_")[-1] == "at" and db.execute(LATE.format(table=table, column=column), present).fetchone():
            yield f"{table}.{column}"


def marked_tables(db: sqlite3.Connection) -> list[str]:
    """The tables whose rows say whether they are a demonstration's."""
    return [table for table, column in columns(db) if column == "demo"]


def in_a_new_process(bundle: Bundle, folder: Path, code: str, **environ: str) -> str:
    """What `code` prints in a Python of its own that knows the bundle and has no variable but `environ`."""
    path = ":".join([str(bundle.folder), *(entry for entry in sys.path if entry)])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env={**environ, "PYTHONPATH": path}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
