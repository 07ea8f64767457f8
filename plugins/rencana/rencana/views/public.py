"""What citizens read: aims, programmes, the timeline."""

from collections.abc import Iterator
from datetime import timedelta

from flask import Blueprint, abort, render_template
from flask_babel import gettext as _
from lumbung_plugin import addresses, attachments, database, offices, settings, tables, today
from werkzeug.wrappers import Response

from rencana import history, plan, stages
from rencana.plan import Wanted
from rencana.views.common import View, found_programme

pages = Blueprint("public", __name__)

SOON = timedelta(days=120)
HEADINGS = ("Tujuan", "Program", "OPD pemilik", "Quick win", "Mulai", "Selesai", "Kemajuan (%)", "Tonggak", "Tenggat",
            "Tercapai", "Tahap")  # fmt: skip


@pages.get("/")
def home() -> View:
    db, day = database(), today()
    found = plan.programmes(db, Wanted(), day)
    by_aim = [(aim, [one for one in found if one.row["aim_id"] == aim["id"]]) for aim in plan.aims(db)]
    return render_template(
        "rencana/home.html",
        found=found,
        aims=[(aim, members, plan.whole(members)) for aim, members in by_aim],
        quick=[one for one in found if one.row["quick"]],
        whole=plan.whole(found),
        soon=plan.upcoming(db, day + SOON)[:6],
        blockers=len(plan.blockers(db)),
        today=day,
    )


@pages.get("/program")
def listing() -> View:
    db = database()
    wanted = _wanted()
    found = plan.programmes(db, wanted, today())
    return render_template(
        "rencana/list.html", found=found, wanted=wanted, aims=plan.aims(db), offices=offices.all(db), today=today()
    )


@pages.get("/program/<int:programme_id>")
def show(programme_id: int) -> View:
    db, found, blockers = database(), found_programme(programme_id), bool(settings()["blockers_public"])
    return render_template(
        "rencana/programme.html",
        one=found,
        partners=plan.partners(db, programme_id),
        evidence=plan.evidence(db, programme_id),
        blockers=plan.blockers(db, programme_id) if blockers else [],
        events=history.of(db, programme_id, blockers, most=20),
        today=today(),
    )


@pages.get("/jadwal")
def schedule() -> View:
    db, wanted = database(), _wanted()
    found, bands = plan.programmes(db, wanted, today()), plan.stages(db)
    return render_template(
        "rencana/schedule.html",
        found=found,
        stages=bands,
        drawing=plan.drawn(found, bands, today()),
        wanted=wanted,
        aims=plan.aims(db),
        offices=offices.all(db),
        today=today(),
    )


@pages.get("/tahap")
def by_stage() -> View:
    """How far each stage of the plan has come."""
    return render_template("rencana/stages.html", parts=stages.parts(database()), today=today())


@pages.get("/bukti/<int:evidence_id>")
def evidence(evidence_id: int) -> Response:
    """A file that shows a milestone was reached; evidence is public."""
    row = database().execute("SELECT * FROM evidence WHERE id = ?", (evidence_id,)).fetchone()
    if row is None or not row["file"]:
        abort(404, _("There is no such file."))
    return attachments.send(row["file"], row["file_title"])


@pages.get("/unduh.csv")
def download() -> Response:
    """Open data: one row for each milestone."""
    return tables.csv_response("rencana", HEADINGS, _rows(_wanted()))


@pages.get("/tentang")
def about() -> View:
    db = database()
    return render_template("rencana/about.html", aims=plan.aims(db), stages=plan.stages(db))


def _wanted() -> Wanted:
    quick = addresses.choice("cepat", {"ya"}) == "ya"
    return Wanted(addresses.number("tujuan"), addresses.number("opd"), None, quick, addresses.text("q"))


def _rows(wanted: Wanted) -> Iterator[tuple[object, ...]]:
    db = database()
    names = {row["id"]: row["name"] for row in plan.stages(db)}
    for one in plan.programmes(db, wanted, today()):
        row = one.row
        head = (row["aim"], row["name"], row["owner"], "ya" if row["quick"] else "", row["begins"], row["ends"],
                one.percent)  # fmt: skip
        for mark in one.milestones or [None]:
            yield (
                *head,
                *(
                    (mark["title"], mark["due"], (mark["done_at"] or "")[:10], names.get(mark["stage_id"], ""))
                    if mark
                    else ("", "", "", "")
                ),
            )
