"""What everybody may see: the figures the administrator has released."""

from flask import Blueprint, render_template
from lumbung_plugin import clock, database

from pusatkendali import board

pages = Blueprint("public", __name__)


@pages.get("/")
def home() -> str:
    cards = board.released(database(), clock.now())
    return render_template("pusatkendali/home.html", themes=board.by_theme(cards))


@pages.get("/tentang")
def about() -> str:
    return render_template("pusatkendali/about.html")
