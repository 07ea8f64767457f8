"""The safety rating: what each part looks at, and what no other part can make up for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from registry.catalog.inspection.bundle import FolderTree
from registry.catalog.inspection.inspect import Inspection, inspect
from registry.catalog.trust import rating, words
from registry.catalog.trust.proved import Result
from registry.catalog.trust.rating import Part, Rating, rate
from registry.config import REPOSITORY
from registry.hosting.plain import ProvingState

PLUGINS = sorted(path.parent for path in (REPOSITORY / "plugins").glob("*/lumbung.toml"))
Bundle = Callable[..., Inspection]

MANIFEST = b'[plugin]\nentrypoint = "antrian:create_app"\n'
LOCKED = "\n".join(f"lib{n}==1.0 --hash=sha256:{n:064x}" for n in range(6)).encode()


@pytest.fixture(autouse=True)
def _context(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def part(inspection: Inspection, code: str) -> Part:
    return next(one for one in rate(inspection).parts if one.code == code)


def points(inspection: Inspection, code: str) -> tuple[int, str]:
    found = part(inspection, code)
    return found.points, found.reason


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda folder: folder.name)
def test_every_plugin_here_deserves_the_best_grade(folder: Path) -> None:
    found = rate(inspect(FolderTree(folder)))
    assert found.grade == "A", [(one.code, one.reason) for one in found.parts if one.points < one.of]


def test_the_parts_add_up_to_a_hundred(bundle: Bundle) -> None:
    assert sum(one.of for one in rate(bundle()).parts) == 100


def test_a_rating_is_kept_as_json_and_comes_back(bundle: Bundle) -> None:
    found = rate(bundle(**{"antrian/old.py": b"import os\nos.system('x')\n"}))
    assert Rating.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert Rating.from_json({}) is None


def test_a_forgotten_secret_caps_the_grade_whatever_else_is_right(bundle: Bundle) -> None:
    found = rate(bundle(**{**_complete(), "antrian/key.py": b"KEY = '-----BEGIN PRIVATE KEY-----'\n"}))
    assert (found.grade, found.capped_by, found.points) == ("D", "secrets", 80)
    place = next(one for one in found.parts if one.code == "secrets").findings[0]
    assert (place.path, place.line, place.what) == ("antrian/key.py", 1, "private key")


def test_a_complete_bundle_is_the_best(bundle: Bundle) -> None:
    assert (rate(bundle(**_complete())).grade, rate(bundle(**_complete())).points) == ("A", 100)


def test_acting_at_import_costs_every_point_and_caps_the_grade(bundle: Bundle) -> None:
    found = rate(bundle(**{**_complete(), "antrian/act.py": b"import subprocess as s\ns.run(['x'])\n"}))
    assert (found.grade, found.capped_by) == ("C", "imports")


def test_the_command_line_part_of_a_module_is_no_import(bundle: Bundle) -> None:
    text = b"import os\nif __name__ == '__main__':\n    os.system('x')\n"
    assert points(bundle(**{"antrian/act.py": text}), "imports") == (15, "ok")


def test_code_nobody_could_read_costs_points(bundle: Bundle) -> None:
    assert points(bundle(**{"antrian/broken.py": b"def (:\n"}), "imports") == (7, "unread")


def test_a_licence_that_is_only_named_gets_half(bundle: Bundle) -> None:
    assert points(bundle(LICENSE=b"MIT\n"), "licence") == (5, "stub")
    assert points(bundle(LICENSE=b"MIT " * 200), "licence") == (10, "ok")


@pytest.mark.parametrize(
    ("connect", "expected"),
    [
        (b"", (10, "ok")),
        (b"mail = true", (9, "mail")),
        (b'egress = ["api.bmkg.go.id:443"]', (7, "hosts")),
        (b'mail = true\negress = ["a.example.org:443","b.example.org:443","c.example.org:443","d.example.org:443"]',
         (3, "hosts-mail")),
    ],
)  # fmt: skip
def test_each_way_out_costs_points(bundle: Bundle, connect: bytes, expected: tuple[int, str]) -> None:
    assert points(bundle(**{"lumbung.toml": MANIFEST + b"[connect]\n" + connect}), "egress") == expected


def test_the_hosts_asked_for_are_named(bundle: Bundle) -> None:
    manifest = MANIFEST + b'[connect]\negress = ["api.bmkg.go.id:443"]\n'
    assert [one.what for one in part(bundle(**{"lumbung.toml": manifest}), "egress").findings] == ["api.bmkg.go.id:443"]


@pytest.mark.parametrize(
    ("text", "expected"), [(None, (10, "ok")), (LOCKED, (7, "locked")), (b"flask>=3\n", (0, "unlocked"))]
)
def test_libraries_of_its_own_cost_points_unlocked_ones_all(
    bundle: Bundle, text: bytes | None, expected: tuple[int, str]
) -> None:
    assert points(bundle(**{"requirements.txt": text}), "dependencies") == expected


@pytest.mark.parametrize(
    "code",
    [
        b"@app.get('/admin/users')\ndef users(): ...\n",
        b"pages = Blueprint('desk', __name__, url_prefix='/kerja')\n",
        b"app.add_url_rule('/petugas', view_func=show)\n",
        b"urlpatterns = [path('admin/', site.urls)]\n",
    ],
)
def test_a_desk_without_sign_in_is_found(bundle: Bundle, code: bytes) -> None:
    behind = MANIFEST + b'[access]\nstaff = ["/admin", "/kerja", "/petugas"]\n'
    files = {"antrian/desk.py": code}
    assert points(bundle(**files), "staff") == (0, "open")
    assert points(bundle(**files, **{"lumbung.toml": behind}), "staff") == (5, "ok")


def test_a_name_that_only_begins_alike_is_no_staff_path(bundle: Bundle) -> None:
    behind = MANIFEST + b'[access]\nstaff = ["/adm"]\n'
    files = {"antrian/desk.py": b"@app.get('/admin')\ndef users(): ...\n", "lumbung.toml": behind}
    assert points(bundle(**files), "staff") == (0, "open")


def test_what_tests_call_is_no_page(bundle: Bundle) -> None:
    text = b"@client.get('/admin')\ndef test_it(): ...\n"
    assert points(bundle(**{"tests/test_desk.py": text}), "staff") == (3, "none")


def test_tests_are_counted_not_believed(bundle: Bundle) -> None:
    assert points(bundle(), "tests") == (0, "none")
    assert points(bundle(**{"tests/README.md": b"many tests"}), "tests") == (0, "none")
    assert points(bundle(**{"tests/test_a.py": b"def test_a(): ...\n"}), "tests") == (5, "some")
    assert points(bundle(**{"tests/test_a.py": _tests(10)}), "tests") == (10, "some")


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        (None, (0, "none")),
        (b"just text\n", (0, "none")),
        (b"# Antrian\n", (2, "no-readers")),
        (b"# A\n## Untuk administrator\n", (6, "no-operators")),
        (b"# A\n## Untuk petugas loket\n", (6, "no-administrators")),
        (b"A\n===\n\nFor operators\n-------------\n\nAdministrators\n--------------\n", (10, "ok")),
    ],
)
def test_the_readme_speaks_to_who_uses_it(bundle: Bundle, readme: bytes | None, expected: tuple[int, str]) -> None:
    assert points(bundle(**{"README.md": readme}), "documentation") == expected


def test_data_without_migrations_costs_points(bundle: Bundle) -> None:
    assert points(bundle(), "migrations") == (5, "no-data")
    store = {"antrian/store.py": b"import sqlite3\n"}
    assert points(bundle(**store), "migrations") == (0, "none")
    manifest = MANIFEST + b'[data]\nmigrate = "antrian.store:upgrade"\n'
    with_steps = {"antrian/store.py": b"import sqlite3\ndef upgrade(): ...\n", "lumbung.toml": manifest}
    assert points(bundle(**with_steps), "migrations") == (5, "ok")


def test_a_large_bundle_costs_points(bundle: Bundle) -> None:
    assert points(bundle(**{"static/map.json": b" " * (6 * 2**20)}), "size") == (3, "large")


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_reason_has_words_in_both_languages(bundle: Bundle, language: str) -> None:
    with force_locale(language):
        for found in (rate(bundle()), rate(bundle(**_complete())), rate(bundle(LICENSE=b"MIT", **_worst()))):
            told = words.rating_told(found.to_json())
            assert told is not None and told.meaning
            assert all(" " in one.text and one.title != one.code for one in told.parts)


def test_grades_fall_with_points() -> None:
    assert [rating._grade(points) for points in (100, 90, 89, 75, 60, 40, 39)] == ["A", "A", "B", "B", "C", "D", "E"]


def _tests(count: int) -> bytes:
    return "".join(f"def test_{n}(): ...\n" for n in range(count)).encode()


def _complete() -> dict[str, bytes]:
    return {
        "LICENSE": b"MIT " * 200,
        "lumbung.toml": MANIFEST + b'[access]\nstaff = ["/kerja"]\n',
        "README.md": b"# A\n## For operators\n## For administrators\n",
        "tests/test_a.py": _tests(10),
    }


def _worst() -> dict[str, bytes | None]:
    return {
        "README.md": None,
        "antrian/key.py": b"import os, sqlite3\nos.system('x')\nK = '-----BEGIN PRIVATE KEY-----'\n",
        "antrian/desk.py": b"@app.get('/admin')\ndef users(): ...\n",
        "requirements.txt": LOCKED,
    }


def test_tests_that_failed_cost_their_points_and_those_that_passed_get_no_more(bundle: Bundle):
    tried = bundle(**_complete())
    points = {
        proved: next(one for one in rate(tried, proved).parts if one.code == "tests")
        for proved in (None, Result(1, ProvingState.PASSED, passed=12), Result(2, ProvingState.FAILED, failed=1))
    }
    assert [(one.reason, one.points) for one in points.values()] == [("some", 10), ("passed", 10), ("failed", 0)]
    assert rate(tried, Result(3, ProvingState.BROKEN, reason="slow")) == rate(tried)
