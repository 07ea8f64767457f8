"""What everybody sees: figures, prices, posts, the ranking, activities, the roll-out."""

from datetime import date, timedelta

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext
from lumbung_plugin import addresses, database, person, photos, tables, today

from masdarling import activities, catalogue, numbers, rollout, rules

pages = Blueprint("citizen", __name__)

PERIODS = {"30": 30, "90": 90, "365": 365}
LISTED = 12
YEAR = timedelta(days=365)


@pages.get("/")
def home() -> str:
    """How much, how far, who leads, and what was done lately."""
    db, day = database(), today()
    return render_template(
        "masdarling/home.html",
        year=numbers.total(db, day - YEAR, day),
        reach=numbers.reach(db),
        months=numbers.by_month(db, day),
        best=numbers.standings(db, day - timedelta(days=90), day)[:5],
        news=activities.shown(db, most=3)[:3],
        kelurahan=rollout.kelurahan(db),
        kinds=sorted((row for row in catalogue.kinds(db) if row["per_kg"]), key=lambda row: -row["per_kg"])[:7],
    )


@pages.get("/harga")
def prices() -> str:
    """What is bought, by family, at today's price."""
    found: dict[str, list[object]] = {}
    for row in catalogue.kinds(database()):
        found.setdefault(row["family"], []).append(row)
    return render_template("masdarling/prices.html", families=found)


@pages.get("/pos")
def posts() -> str:
    """Where waste is weighed."""
    found = catalogue.posts(database())
    features = catalogue.features(found)
    return render_template("masdarling/posts.html", posts=found, features=features)


@pages.get("/kelompok")
def groups() -> str:
    """The ranking of groups, by period and kelurahan."""
    db, chosen = database(), addresses.choice("hari", PERIODS) or "90"
    wanted = addresses.number("kelurahan")
    running = [row for row in rollout.kelurahan(db) if row["reach"] == rules.Reach.RUNNING]
    each = addresses.choice("urut", ("rata",)) == "rata"
    found = numbers.standings(db, today() - timedelta(days=PERIODS[chosen]), today(), wanted, each)
    return render_template(
        "masdarling/groups.html",
        standings=found,
        chosen=chosen,
        periods=PERIODS,
        wanted=wanted,
        kelurahan=running,
        each=each,
    )


@pages.get("/kelompok/<int:rt_id>")
def group(rt_id: int) -> str:
    """One RT: what it saved by month and kind, and what it did."""
    db, day = database(), today()
    found = catalogue.group(db, rt_id)
    if found is None:
        abort(404)
    return render_template(
        "masdarling/group.html",
        group=found,
        census=catalogue.census(db, rt_id),
        year=numbers.total(db, day - YEAR, day, rt_id),
        months=numbers.by_month(db, day, 12, rt_id),
        kinds=numbers.by_kind(db, day - YEAR, rt_id),
        news=activities.shown(db, most=6, rt_id=rt_id)[:6],
    )


@pages.get("/kegiatan")
def news() -> str:
    """What groups did, the newest first."""
    found = activities.shown(database(), addresses.number(addresses.AFTER), LISTED)
    following = found[LISTED - 1]["id"] if len(found) > LISTED else None
    return render_template("masdarling/news.html", news=found[:LISTED], pages=addresses.page_links(after=following))


@pages.get("/kegiatan/<int:activity_id>")
def activity(activity_id: int) -> str:
    """One activity with its photos."""
    found = activities.one(database(), activity_id)
    if found is None or not (found["shown"] or person()):
        abort(404)
    return render_template(
        "masdarling/activity.html", activity=found, photos=activities.photos_of(database(), activity_id)
    )


@pages.get("/foto/<name>.jpg")
def photo(name: str) -> Response:
    """A photo of something published; of drafts only for staff."""
    if not (activities.is_shown(database(), name) or person()):
        abort(404)
    return photos.send(name, small=addresses.text("ukuran") == "kecil")


@pages.get("/perluasan")
def spread() -> str:
    """From one kelurahan to all: stages and a tile for each kelurahan."""
    db, day = database(), today()
    states = [
        (stage, rules.stage_state(date.fromisoformat(stage["begins"]), date.fromisoformat(stage["ends"]), day))
        for stage in rollout.stages(db)
    ]
    return render_template("masdarling/rollout.html", stages=states, kelurahan=rollout.kelurahan(db))


@pages.get("/angka")
def figures() -> str:
    """The open figures."""
    db, day = database(), today()
    return render_template(
        "masdarling/figures.html",
        ever=numbers.total(db),
        year=numbers.total(db, day - YEAR, day),
        reach=numbers.reach(db),
        months=numbers.by_month(db, day),
        kinds=numbers.by_kind(db, day - YEAR),
    )


@pages.get("/angka.csv")
def table() -> Response:
    """The ranking of the last year as a table, for everybody."""
    day = today()
    rows = [
        (
            one.place,
            one.kelurahan,
            one.name,
            one.households,
            one.savers,
            round(one.grams / 1000, 3),
            round(one.each / 1000, 3),
        )
        for one in numbers.standings(database(), day - YEAR, day)
    ]
    headings = [
        gettext("Rank"),
        "Kelurahan",
        "RT",
        gettext("Households"),
        gettext("Savers"),
        gettext("Kilograms"),
        gettext("Kilograms per household"),
    ]
    return tables.csv_response(f"masdarling-{day.isoformat()}.csv", headings, rows)
