"""What a bundle must be before it is published or built: judged without running any of it."""

import gc
import hashlib
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalog.inspection.bundle import SYMLINK
from registry.catalog.inspection.inspect import inspect
from registry.catalog.inspection.requirements import check
from registry.catalog.inspection.values import ValueProblemError, parse_size

HASH = "--hash=sha256:" + "a" * 64


def found(inspection, level="error"):
    return {finding.path: finding.message for finding in inspection.findings if finding.level == level}


def test_a_good_bundle_has_no_findings_and_tells_what_it_is(bundle):
    inspection = bundle()
    assert inspection.ok and inspection.findings == ()
    assert inspection.manifest.entrypoint == "antrian:create_app" and inspection.manifest.limits.memory == 128 * 2**20
    assert inspection.licence_file == "LICENSE" and "Faster" in inspection.changelog
    assert inspection.config_schema == {"type": "object", "properties": {}}
    assert inspection.lock == "" and inspection.requirements == ""


def test_the_lock_is_the_hash_of_the_requirements_bytes(bundle):
    text = f"segno==1.6.6 {HASH}\n".encode()
    assert bundle(**{"requirements.txt": text}).lock == hashlib.sha256(text).hexdigest()


@pytest.mark.parametrize("name", ["publiccode.yml", "lumbung.toml", "LICENSE"])
def test_what_every_bundle_has_is_asked_for_by_name(bundle, name):
    assert "Missing" in found(bundle(**{name: None}))[name]


def test_publiccode_yaml_is_told_to_be_renamed(bundle):
    inspection = bundle(**{"publiccode.yml": None, "publiccode.yaml": b"name: x"})
    assert "rename" in found(inspection)["publiccode.yml"]


def test_a_finding_in_publiccode_names_key_and_line(bundle):
    errors = bundle(**{"publiccode.yml": b'publiccodeYmlVersion: "0"\nnaem: x\n'}).errors
    assert "error publiccode.yml#naem:2" in " ".join(map(str, errors))


def test_a_logo_that_is_not_in_the_bundle_is_refused(bundle, tree):
    text = tree.files["publiccode.yml"].replace(b"platforms:", b"logo: logo.svg\nplatforms:")
    assert "publiccode.yml#logo" in found(bundle(**{"publiccode.yml": text}))
    assert bundle(**{"publiccode.yml": text, "logo.svg": b"<svg/>"}).ok


def test_a_link_is_an_error_of_the_bundle(tree):
    tree.modes["LICENSE"] = SYMLINK
    assert "LICENSE" in found(inspect(tree))


@pytest.mark.parametrize(
    "manifest, path",
    [
        (b'[plugin]\nruntime = "python-wsgi/1"', "lumbung.toml#plugin.entrypoint"),
        (b'[plugin]\nentrypoint = "antrian:create_app"\nheath = "/"', "lumbung.toml#plugin.heath"),
        (b'[plugins]\nentrypoint = "antrian:create_app"', "lumbung.toml#plugins"),
        (b'[plugin]\nentrypoint = "antrian.create_app"', "lumbung.toml#plugin.entrypoint"),
        (b'[plugin]\nentrypoint = "antrian:create_app()"', "lumbung.toml#plugin.entrypoint"),
        (b'[plugin]\nentrypoint = "antrian:missing"', "lumbung.toml#plugin.entrypoint"),
        (b'[plugin]\nentrypoint = "nowhere:app"', "lumbung.toml#plugin.entrypoint"),
        (b'[plugin]\nentrypoint = "os:system"', "lumbung.toml#plugin.entrypoint"),
        (b'[plugin]\nentrypoint = "antrian:create_app"\nhealth = "healthz"', "lumbung.toml#plugin.health"),
        (b'[plugin]\nentrypoint = "antrian:create_app"\nruntime = "php/8"', "lumbung.toml#plugin.runtime"),
        (b'[plugin]\nentrypoint = "antrian:create_app"\n[data]\nmigrate = "antrian:up"', "lumbung.toml#data.migrate"),
        (b'[plugin]\nentrypoint = "antrian:create_app"\n[limits]\nmemory = "1T"', "lumbung.toml#limits.memory"),
        (b'[plugin]\nentrypoint = "antrian:create_app"\n[limits]\nmemory = 128', "lumbung.toml#limits.memory"),
        (b'[plugin]\nentrypoint = "antrian:create_app"\n[limits]\ncpu = true', "lumbung.toml#limits.cpu"),
        (b'[plugin]\nentrypoint = "antrian:create_app"\n[limits]\nprocesses = 0', "lumbung.toml#limits.processes"),
        (b'[plugin]\nentrypoint = "antrian:create_app"\n[access]\nstaff = ["kerja"]', "lumbung.toml#access.staff"),
        (b'[plugin]\nentrypoint = "antrian:create_app"\n[access]\nstaff = "/kerja"', "lumbung.toml#access.staff"),
        (b'[plugin]\nentrypoint = "antrian:create_app"\n[connect]\nuses = ["simtaru"]', "lumbung.toml#connect.uses"),
        (b'[plugin]\nentrypoint = "antrian:create_app"\n[config]\nschema = "no.json"', "no.json"),
        (b"plugin = [", "lumbung.toml"),
        (b"plugin = 1", "lumbung.toml#plugin"),
        (b'[plugin]\nentrypoint = "antrian:create_app"\n[limits]\ncpu = nan', "lumbung.toml#limits.cpu"),
    ],
)
def test_every_key_of_the_manifest_is_checked(bundle, manifest, path):
    assert path in found(bundle(**{"lumbung.toml": manifest}))


def test_a_manifest_finding_has_its_line(bundle):
    errors = bundle(**{"lumbung.toml": b'[plugin]\nentrypoint = "antrian:create_app"\nheath = "/"'}).errors
    assert errors[0].line == 3 and "health" in errors[0].message


@pytest.mark.parametrize(
    "schema",
    [b"{", b'{"type": "array"}', b'{"type": "object", "properties": {"a": {"type": "colour"}}}', b"[]",
     b'{"type": "object", "$ref": "https://elsewhere.example/schema.json"}', b"[" * 100_000,
     b'{"type": "object", "default": NaN}', b'{"type": "object", "title": "\\u0000"}',
     b'{"type": "object", "title": "\\ud800"}'],
)  # fmt: skip
def test_the_config_schema_must_be_json_schema_of_an_object(bundle, schema):
    assert "config.schema.json" in found(bundle(**{"config.schema.json": schema}))


@given(st.integers(1, 999_999_999), st.sampled_from([("", 1), ("K", 2**10), ("M", 2**20), ("G", 2**30), ("T", 2**40)]))
def test_a_size_is_a_number_and_a_unit(number, unit):
    assert parse_size(f"{number}{unit[0]}") == number * unit[1]


@given(st.one_of(st.text(max_size=12).filter(lambda text: not text.rstrip("KMGT").isdigit()), st.integers(), st.none()))
def test_anything_else_is_no_size(value):
    with pytest.raises(ValueProblemError):
        parse_size(value)


@pytest.mark.parametrize("text", ["0M", "-1M", "1 M", "1MB", "1m", "١M", "1.5G", ""])
def test_sizes_are_written_in_one_way_only(text):
    with pytest.raises(ValueProblemError):
        parse_size(text)


@pytest.mark.parametrize(
    "line",
    [f"flask==3.1.3 {HASH}", f"flask==3.1.3 \\\n    {HASH} \\\n    {HASH}", "# nothing", "--require-hashes",
     f'flask[async]==3.1.3 ; python_version >= "3.11" {HASH}', "--only-binary :all:"],
)  # fmt: skip
def test_exact_versions_with_hashes_are_taken(line):
    assert check(line + "\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "flask==3.1.3", f"flask>=3 {HASH}", f"flask {HASH}", f"flask==3.* {HASH}", "flask==3.1.3 --hash=md5:abc",
        f"flask @ https://evil.example/flask.whl {HASH}", "git+https://evil.example/x.git", "-e .", "./local.whl",
        "--index-url https://evil.example", "--extra-index-url=https://evil.example", "-r other.txt", "-c other.txt",
        "--find-links .", "--trusted-host evil.example", f"flask==3.1.3 {HASH} --config-settings=a=b", "--pre",
        f"flask==3.1.3 --hash=sha256:{'a' * 63}", "flask==3.1.3 \\\n  --global-option=x", "flask==3.1.3 # " + HASH,
    ],
)  # fmt: skip
def test_any_other_way_to_bring_code_in_is_refused_with_its_line(line):
    findings = check("# first\n" + line)
    assert findings and findings[0].line == 2


@pytest.mark.parametrize(
    "source",
    ["import os\nos.system('id')", "from subprocess import run as r\nr(['id'])", "import socket as s\nx = s.socket()",
     "exec('1')", "class A:\n    x = eval('1')", "if True:\n    import shutil\n    shutil.rmtree('/')",
     "import subprocess\n@subprocess.call(['id'])\ndef f(): pass"],
)  # fmt: skip
def test_acting_on_import_is_warned_of(bundle, source):
    inspection = bundle(**{"antrian/side.py": source.encode()})
    assert inspection.ok and "imported" in found(inspection, "warning")["antrian/side.py"]


@pytest.mark.parametrize(
    "source",
    ["import os\ndef f():\n    os.system('id')", "if __name__ == '__main__':\n    exec('1')",
     "import re\nre.compile('x')", "f = lambda: exec('1')"],
)  # fmt: skip
def test_acting_when_called_is_not(bundle, source):
    assert found(bundle(**{"antrian/side.py": source.encode()}), "warning") == {}


def test_nothing_of_the_bundle_is_imported(bundle):
    source = b"import sys\nsys.modules['lumbung_was_here'] = sys\ndef create_app(): pass\n"
    assert bundle(**{"antrian/__init__.py": source}).ok and "lumbung_was_here" not in sys.modules


@pytest.mark.parametrize("source", [b"def f(:", b"\x00", b"(" * 5000 + b")" * 5000, b"-" * 100_000 + b"1"])
def test_broken_python_is_told_and_does_not_break_the_inspection(bundle, source):
    assert "antrian/odd.py" in found(bundle(**{"antrian/odd.py": source}), "warning")


@pytest.mark.parametrize(
    "source",
    ["create_app = None", "from .web import create_app",
     "try:\n    from x import create_app\nexcept ImportError:\n    pass",
     "async def create_app(): pass", "class create_app: pass", "create_app: object = 1"],
)  # fmt: skip
def test_an_entry_point_may_be_defined_in_any_plain_way(bundle, source):
    assert bundle(**{"antrian/__init__.py": source.encode()}).ok


@pytest.mark.parametrize(
    "text", ["-----BEGIN RSA PRIVATE KEY-----", "key = AKIA" + "A" * 16, "-----BEGIN PRIVATE KEY-----"]
)
def test_what_looks_like_a_secret_is_warned_of_with_its_line(bundle, text):
    warned = bundle(**{"settings.py": f"# one\n# {text}\n".encode()}).warnings
    assert [(finding.path, finding.line) for finding in warned] == [("settings.py", 2)]


def test_a_missing_readme_and_changelog_are_warned_of(bundle):
    inspection = bundle(**{"README.md": None, "CHANGELOG.md": None})
    assert inspection.ok and set(found(inspection, "warning")) == {"README.md", "CHANGELOG.md"}


def test_the_config_schema_may_refer_to_itself(bundle):
    schema = {"type": "object", "$defs": {"a": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/a"}}}
    assert bundle(**{"config.schema.json": json.dumps(schema).encode()}).config_schema == schema


def test_bundles_inspected_at_once_do_not_disturb_each_other(bundle):
    """python/cpython#106905: a thread that parses while another pauses in the midst of it met a SystemError."""
    code = b"def create_app():\n    return {'a': [1, (2, (3, (4, 5)))], 'b': lambda x: x + 1}\n" * 40
    with ThreadPoolExecutor(4) as pool:
        gc.callbacks.append(_let_others_run)
        try:
            seen = [pool.submit(bundle, **{"antrian.py": code}) for _ in range(12)]
            found = [one.result() for one in seen]
        finally:
            gc.callbacks.remove(_let_others_run)
    assert all(one.ok for one in found), found


def _let_others_run(_phase, _info):
    time.sleep(0.0001)
