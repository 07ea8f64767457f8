"""The pages of keeping up, as a city's admin, its auditor and a stranger meet them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from registry.core.uow import unit_of_work
from registry.forge.following import service
from registry.forge.following.models import DONE
from tests.forge import conftest as forge
from tests.forge.following.conftest import House

PAGE = "/console/bontang/forks/lapor/upstream"
CODE = "lapor/__init__.py"
MINE = 'def app(environ, start_response):\n    start_response("200 OK", [])\n    return [b"bontang"]\n'
THEIRS = MINE.replace("bontang", "bandung")


def signed_in(house: House, email: str = "b@example.id") -> FlaskClient:
    client = house.app.test_client()
    with house.app.app_context():
        user = forge.user(email)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user.get_id(), True
    client.get("/?lang=en")
    return client


@pytest.fixture
def clashing(plain: House, after) -> House:
    after(clash)
    return plain


def clash(house: House) -> None:
    """Both changed the same line, and upstream removed what the city changed."""
    house.release("1.1.0", files={"docs.md": "told\n"})
    house.begin()
    house.change({CODE: MINE, "docs.md": "told in Bontang\n"})
    (house.bundle / "docs.md").unlink()
    house.release("1.2.0", "### Security\n- A hole is closed.\n", files={})
    code = house.bundle / CODE
    code.write_text(THEIRS)
    with house.app.app_context():
        house.bundle.joinpath("publiccode.yml").write_text(forge.PUBLICCODE.format(version="1.2.1"))
        log = (house.bundle / "CHANGELOG.md").read_text()
        (house.bundle / "CHANGELOG.md").write_text(log.replace("# Changelog\n", "# Changelog\n\n## 1.2.1\n\n- x\n", 1))
        forge.publish(house.bundle)


def test_a_fork_that_has_everything_is_told_so(house):
    page = signed_in(house).get(PAGE)
    assert page.status_code == 200 and "Nothing to bring in" in page.get_data(as_text=True)


def test_what_is_new_is_told_before_it_comes(house):
    schema = '{"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}'
    manifest = forge.MANIFEST + '[config]\nschema = "config.schema.json"\n[data]\nmigrate = "lapor:app"\n'
    house.release("1.1.0", "- Photos of *places*.", files={"config.schema.json": schema, "lumbung.toml": manifest})
    text = signed_in(house).get(PAGE).get_data(as_text=True)
    for words in ("Photos of <em>places</em>", "Settings you must fill in", ">title<", "lapor:app", "1.1.0",
                  "git merge v1.1.0", "Only your nameplate"):  # fmt: skip
        assert words in text, words


def test_every_changed_line_can_be_seen_first(house):
    house.release("1.1.0", files={"new.txt": "brand new line\n"})
    assert "brand new line" in signed_in(house).get(f"{PAGE}/changes").get_data(as_text=True)


def test_bringing_in_answers_with_the_job(house):
    house.release("1.1.0")
    client = signed_in(house)
    answer = client.post(f"{PAGE}/sync")
    assert answer.status_code == 303 and answer.location.startswith("/jobs/")
    assert house.work() == ["done"]
    assert "Nothing to bring in" in client.get(PAGE).get_data(as_text=True)


def test_conflicts_are_decided_file_by_file_looked_at_and_finished(clashing):
    client = signed_in(clashing)
    assert "Some files must be decided" in client.get(PAGE).get_data(as_text=True)
    assert client.post(f"{PAGE}/sync").location.endswith("/decide")
    listing = client.get(f"{PAGE}/decide").get_data(as_text=True)
    assert "Both changed the same lines" in listing and "the original removed it" in listing
    file = client.get(f"{PAGE}/decide/file?path={CODE}").get_data(as_text=True)
    assert "bontang" in file and "bandung" in file and "&lt;&lt;&lt;&lt;&lt;&lt;&lt; yours" in file
    answer = client.post(f"{PAGE}/decide/file", data={"path": CODE, "side": "edited", "content": "<<<<<<< yours\n"})
    assert answer.status_code == 422 and "take them out" in answer.get_data(as_text=True)
    both = MINE.replace("bontang", "bontang and bandung")
    client.post(f"{PAGE}/decide/file", data={"path": CODE, "side": "edited", "content": both})
    assert "still to be decided" in client.get(f"{PAGE}/result").get_data(as_text=True)
    client.post(f"{PAGE}/decide/file", data={"path": "docs.md", "side": "ours"})
    result = client.get(f"{PAGE}/result").get_data(as_text=True)
    assert "bontang and bandung" in result and "nothing stands against it" in result
    client.post(f"{PAGE}/finish")
    assert clashing.work() == ["done"]
    assert clashing.text(CODE) == both and clashing.text("docs.md") == "told in Bontang\n"


def test_what_could_not_be_deployed_is_said_before_it_is_committed(clashing):
    client = signed_in(clashing)
    client.post(f"{PAGE}/sync")
    client.post(f"{PAGE}/decide/all", data={"side": "theirs"})
    client.post(f"{PAGE}/decide/file", data={"path": CODE, "side": "edited", "content": "def app(:\n"})
    assert "could not be deployed" in client.get(f"{PAGE}/result").get_data(as_text=True)


def test_decisions_are_kept_while_the_fork_moves_where_the_file_is_the_same(clashing):
    client = signed_in(clashing)
    client.post(f"{PAGE}/sync")
    client.post(f"{PAGE}/decide/all", data={"side": "ours"})
    clashing.change({CODE: MINE.replace("bontang", "taman")})
    assert "moved since this was begun" in client.get(f"{PAGE}/decide").get_data(as_text=True)
    assert client.post(f"{PAGE}/finish").status_code == 409
    told = client.post(f"{PAGE}/decide/renew", follow_redirects=True).get_data(as_text=True)
    assert f"To be decided again: {CODE}" in told and "1 of 2 decided" in told


def test_a_sync_that_is_stopped_changes_nothing(clashing):
    client, before = signed_in(clashing), clashing.main
    client.post(f"{PAGE}/sync")
    client.post(f"{PAGE}/stop")
    assert clashing.main == before and "Begin to decide" in client.get(PAGE).get_data(as_text=True)


def test_a_finish_while_the_worker_is_at_it_is_refused(clashing):
    client = signed_in(clashing)
    client.post(f"{PAGE}/sync")
    client.post(f"{PAGE}/decide/all", data={"side": "ours"})
    assert client.post(f"{PAGE}/finish").status_code == 303
    assert client.post(f"{PAGE}/finish").status_code == 409
    assert client.post(f"{PAGE}/stop").status_code == 409


def test_discarding_asks_for_the_name(house):
    house.change({"README.md": "# Mine\n"})
    house.release("1.1.0")
    client = signed_in(house)
    assert "Give up your own changes" in client.get(PAGE).get_data(as_text=True)
    assert client.post(f"{PAGE}/discard", data={"confirm": "no"}).status_code == 422
    assert client.post(f"{PAGE}/discard", data={"confirm": "lapor"}).status_code == 303
    assert house.work() == ["done"]


def test_settings_are_saved(house):
    client = signed_in(house)
    client.post(f"{PAGE}/settings", data={"channel": "releases", "auto": "y"})
    with house.inside() as (_city, fork):
        assert service.settings_of(fork) == service.Settings("releases", auto=True)


def test_a_fork_behind_a_hole_is_warned_of_on_every_page_that_tells_of_it(house):
    house.release("1.0.1", "### Keamanan\n- Unggahan diperiksa.\n")
    client = signed_in(house)
    for page in (PAGE, "/console/bontang/forks", "/console/bontang/forks/lapor", "/console/bontang/"):
        assert "closes a security hole" in client.get(page).get_data(as_text=True), page
    house.begin()
    assert "closes a security hole" not in client.get("/console/bontang/").get_data(as_text=True)


@pytest.mark.parametrize("act", ["sync", "discard", "tidy", "settings", "stop", "finish", "decide/all", "decide/renew"])
def test_only_who_may_push_may_act(house, act):
    with house.app.app_context(), unit_of_work() as session:
        session.execute(text("update memberships set role = 'auditor' where role = 'admin'"))
    client = signed_in(house)
    assert client.get(PAGE).status_code == 200
    assert client.post(f"{PAGE}/{act}").status_code == 403


def test_a_path_nobody_must_decide_about_is_not_found(clashing):
    client = signed_in(clashing)
    client.post(f"{PAGE}/sync")
    for path in ("nowhere", "../../etc/passwd", "-x", ""):
        assert client.get(f"{PAGE}/decide/file", query_string={"path": path}).status_code == 404


def test_the_job_of_a_sync_that_is_over_leads_back(house):
    house.release("1.1.0")
    assert house.begin().state == DONE
