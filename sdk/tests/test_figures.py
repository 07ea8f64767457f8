"""What a plugin counts is served to siblings and reported to the city, and read from others with care."""

import json
from datetime import UTC, datetime

import pytest
from lumbung_plugin import NotGranted, SiblingAway, figures, outside, peers, siblings
from lumbung_plugin.kpi import Figure
from lumbung_plugin.outside import Reply

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
OPEN = Figure("laporan.terbuka", 3, "laporan", "Laporan terbuka", "Open reports", AT, "down")


def counted(_db):
    return [OPEN, Figure("laporan.baru", 5)]


@pytest.fixture
def asked(monkeypatch):
    """What goes out instead of over the socket; the reply is taken from `asked.reply`."""

    class Asked(list):
        reply = Reply(202, {}, b'{"kept": 2}')

        def __call__(self, *arguments, **_named):
            self.append(arguments)
            return self.reply

    made = Asked()
    monkeypatch.setattr(outside, "ask", made)
    return made


def test_the_figures_are_served_for_siblings(make_app):
    answer = make_app(figures=counted).test_client().get("/_kpi")
    first, second = answer.json["figures"]
    assert first == {
        "name": "laporan.terbuka", "value": 3, "unit": "laporan", "at": "2026-11-23T08:00:00+00:00", "good": "down",
        "label": {"id": "Laporan terbuka", "en": "Open reports"},
    }  # fmt: skip
    assert datetime.fromisoformat(second["at"]).tzinfo, "a figure without a time is one of now"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_plugin_without_figures_has_no_such_page(client):
    assert client.get("/_kpi").status_code == 404


def test_a_task_reports_the_same_figures(asked):
    assert figures.report(counted) is True
    told = json.loads(asked[0][2])
    assert [(one["name"], one["value"]) for one in told] == [("laporan.terbuka", 3), ("laporan.baru", 5)]


def test_inside_the_application_the_figures_are_known(make_app, asked):
    with make_app(figures=counted).app_context():
        assert figures.report() is True


def test_nowhere_to_take_them_from_is_said(asked):
    with pytest.raises(RuntimeError, match="figures"):
        figures.report()


def test_nothing_to_report_is_no_request(asked):
    assert figures.report(lambda db: []) is False and asked == []


def test_alone_reporting_does_nothing(monkeypatch):
    monkeypatch.setattr(outside, "SOCKET", "/nowhere/host.sock")
    assert figures.report(counted) is False


def test_what_one_plugin_serves_another_reads(make_app, monkeypatch):
    client = make_app(figures=counted).test_client()
    monkeypatch.setattr(siblings, "ask", lambda *_a, **_n: Reply(200, {}, client.get("/_kpi").data))
    assert peers.figures_of("lapor")[0] == OPEN


@pytest.mark.parametrize(
    "wrong",
    [
        None, 7, "x", [], {}, {"name": 1, "value": 1}, {"name": "a"}, {"name": "a", "value": "3"},
        {"name": "a", "value": True}, {"name": "a\n", "value": 1}, {"name": "", "value": 1},
    ],
)  # fmt: skip
def test_what_is_no_figure_is_left_out(monkeypatch, wrong):
    body = json.dumps({"figures": [wrong, {"name": "b", "value": 2}]}).encode()
    monkeypatch.setattr(siblings, "ask", lambda *_a, **_n: Reply(200, {}, body))
    assert [figure.name for figure in peers.figures_of("lapor")] == ["b"]


def test_a_number_without_end_is_no_figure(monkeypatch):
    body = b'{"figures": [{"name": "a", "value": NaN}, {"name": "b", "value": 1e999}]}'
    monkeypatch.setattr(siblings, "ask", lambda *_a, **_n: Reply(200, {}, body))
    assert peers.figures_of("lapor") == []


def test_wrong_words_are_left_out_and_the_number_stays(monkeypatch):
    told = {"name": "a", "value": 1, "unit": 7, "label": "x", "at": "2026-11-23T08:00:00", "good": ["up"]}
    monkeypatch.setattr(siblings, "ask", lambda *_a, **_n: Reply(200, {}, json.dumps({"figures": [told]}).encode()))
    assert peers.figures_of("lapor") == [Figure("a", 1)]


def test_a_flood_of_figures_is_cut(monkeypatch):
    told = {"figures": [{"name": f"a{n}", "value": n} for n in range(1000)]}
    monkeypatch.setattr(siblings, "ask", lambda *_a, **_n: Reply(200, {}, json.dumps(told).encode()))
    assert len(peers.figures_of("lapor")) == peers.MAX_FIGURES


@pytest.mark.parametrize(
    ("status", "body"), [(500, b"{}"), (404, b'{"figures": []}'), (200, b"<html>"), (200, b"[]"), (200, b"[" * 100_000)]
)
def test_a_sibling_that_answers_no_figures_is_away(monkeypatch, status, body):
    monkeypatch.setattr(siblings, "ask", lambda *_a, **_n: Reply(status, {}, body))
    with pytest.raises(SiblingAway) as caught:
        peers.figures_of("lapor")
    assert caught.value.code == "sibling-unclear" and caught.value.words


def test_a_refusal_of_lumbung_stays_what_it_is(asked):
    asked.reply = Reply(403, {}, b'{"code": "not-granted", "detail": "no"}')
    with pytest.raises(NotGranted):
        peers.figures_of("lapor")
