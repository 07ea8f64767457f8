"""Pictures for the demonstration's activities, drawn and not taken: nobody is to be seen in them."""

import random
from io import BytesIO

from lumbung_plugin import drawing
from lumbung_plugin.photos import Photo
from PIL import Image, ImageDraw

SIZE = (960, 640)
SKIES = (("#bfe3f2", "#eef7e4"), ("#fbe3b9", "#fdf4df"), ("#cfe0f7", "#f4f0e1"), ("#d5efdf", "#f7f4df"))
LEAVES = ("#3f8f5b", "#5aa469", "#2f7350", "#79b473")
HOUSES = ("#e9e2d0", "#dfe7ea", "#f0ddcf", "#e3ead6")
ROOFS = ("#b5553c", "#8c5a48", "#4e6a80", "#a8763e")
BINS = ("#2e7d4f", "#e0a526", "#2f6db3", "#b8483f")


def pictures(count: int) -> list[Photo]:
    """``count`` drawn neighbourhoods, kept as photos are."""
    found = [drawing.store(_neighbourhood(random.Random(f"masdarling {number}"))) for number in range(count)]  # noqa: S311
    return [one for one in found if isinstance(one, Photo)]


def _neighbourhood(chance: random.Random) -> BytesIO:
    width, height = SIZE
    sky, ground = chance.choice(SKIES)
    image = Image.new("RGB", SIZE, sky)
    draw = ImageDraw.Draw(image)
    draw.ellipse((width - 220, 60, width - 110, 170), fill="#fff6d6")
    draw.rectangle((0, 400, width, height), fill=ground)
    for number in range(4):
        _house(draw, chance, 40 + number * 235, 400)
    for _ in range(5):
        _tree(draw, chance, chance.randint(20, width - 20), 420)
    draw.polygon(((330, height), (450, 420), (510, 420), (700, height)), fill="#d9cdb4")
    for number, colour in enumerate(chance.sample(BINS, 4)):
        left = 90 + number * 78
        draw.rounded_rectangle((left, 500, left + 58, 590), 8, fill=colour)
        draw.rectangle((left - 5, 492, left + 63, 504), fill=colour)
    for _ in range(60):
        left, top = chance.randint(0, width), chance.randint(430, height - 10)
        draw.line((left, top, left + 3, top - 9), fill=chance.choice(LEAVES), width=2)
    kept = BytesIO()
    image.save(kept, "JPEG", quality=80)
    kept.seek(0)
    return kept


def _house(draw: ImageDraw.ImageDraw, chance: random.Random, left: int, floor: int) -> None:
    tall, wide = chance.randint(110, 170), chance.randint(150, 190)
    draw.rectangle((left, floor - tall, left + wide, floor), fill=chance.choice(HOUSES))
    roof = (
        (left - 16, floor - tall),
        (left + wide // 2, floor - tall - chance.randint(55, 85)),
        (left + wide + 16, floor - tall),
    )
    draw.polygon(roof, fill=chance.choice(ROOFS))
    draw.rectangle((left + wide - 56, floor - 70, left + wide - 22, floor), fill="#7c6a58")
    draw.rectangle((left + 22, floor - tall + 32, left + 66, floor - tall + 72), fill="#9cc3d5")


def _tree(draw: ImageDraw.ImageDraw, chance: random.Random, middle: int, floor: int) -> None:
    tall = chance.randint(70, 150)
    draw.rectangle((middle - 6, floor - tall, middle + 6, floor + 12), fill="#7d5f43")
    for _ in range(5):
        x, y, half = middle + chance.randint(-34, 34), floor - tall + chance.randint(-40, 16), chance.randint(26, 46)
        draw.ellipse((x - half, y - half, x + half, y + half), fill=chance.choice(LEAVES))
