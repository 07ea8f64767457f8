"""``lumbung check PATH``."""

import pytest
from click.testing import CliRunner

from registry.catalog.cli import check
from tests.catalog.conftest import PUBLICCODE, good_files


@pytest.fixture
def folder(tmp_path):
    for path, content in good_files().items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


def run(path):
    result = CliRunner().invoke(check, [str(path)])
    return result.exit_code, result.output.splitlines()


def test_a_good_bundle_is_silent_and_exits_0(folder):
    assert run(folder) == (0, [])


def test_a_bad_bundle_exits_1_with_a_line_per_finding(folder):
    (folder / "LICENSE").unlink()
    (folder / "README.md").unlink()
    code, lines = run(folder)
    assert code == 1
    assert [line.split(" ")[:2] for line in lines] == [["error", "LICENSE"], ["warning", "README.md"]]


def test_warnings_alone_exit_0(folder):
    (folder / "README.md").unlink()
    assert run(folder)[0] == 0


def test_one_publiccode_file_may_be_checked(tmp_path):
    file = tmp_path / "publiccode.yml"
    file.write_text(PUBLICCODE)
    assert run(file) == (0, [])
    file.write_text(PUBLICCODE.replace("name: Antrian", "nama: Antrian"))
    code, lines = run(file)
    assert code == 1 and any(line.startswith("error nama:2 Unknown key nama") for line in lines)


def test_a_path_that_is_not_there_is_a_wrong_call(tmp_path):
    assert run(tmp_path / "nowhere")[0] == 2


def test_findings_are_told_in_the_language_that_is_wished(tmp_path):
    file = tmp_path / "publiccode.yml"
    file.write_text(PUBLICCODE.replace("name: Antrian\n", ""))
    spoken = CliRunner().invoke(check, ["--lang", "id", str(file)]).output
    assert "Kunci ini wajib" in spoken


@pytest.mark.parametrize(
    ("logo", "content", "line"),
    [
        ("logo.png", None, "error logo There is no file logo.png"),
        ("img/logo.png", None, "warning logo There is no file img/logo.png"),
        ("logo.png", b"<script>", "error logo logo.png is not a picture"),
        ("logo.png", b"\x89PNG\r\n\x1a\n....", ""),
    ],
)
def test_a_file_that_is_named_is_looked_for_beside(tmp_path, logo, content, line):
    """A folder that is not there tells that the file was taken out of its repository: no error of the file's."""
    file = tmp_path / "publiccode.yml"
    file.write_text(PUBLICCODE.replace("platforms:", f"logo: {logo}\nplatforms:"))
    if content:
        (tmp_path / logo).write_bytes(content)
    code, lines = run(file)
    assert code == line.startswith("error") and " ".join(lines).startswith(line) and bool(lines) == bool(line)


def test_a_yaml_file_is_told_its_right_name(tmp_path):
    file = tmp_path / "publiccode.yaml"
    file.write_text(PUBLICCODE)
    assert run(file) == (0, ["warning publiccode.yaml Name it publiccode.yml: catalogs look for no other spelling."])
