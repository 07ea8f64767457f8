"""A city's colour made readable: WCAG 2.2 contrast, computed, so that any colour a city picks stays legible."""

import re

RGB = tuple[int, int, int]
WHITE: RGB = (255, 255, 255)
INK: RGB = (17, 24, 39)
# On any colour either white or pure black reaches READABLE; a softer ink does not.
BLACK: RGB = (0, 0, 0)
FALLBACK: RGB = (11, 110, 110)
# WCAG 2.2, 1.4.3: text of ordinary size.
READABLE = 4.5


def parse(value: str) -> RGB:
    """`#rrggbb` as three numbers; anything else is the house colour."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        return FALLBACK
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def contrast(one: RGB, other: RGB) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def foreground(background: RGB) -> RGB:
    """White or black, whichever reads better on `background`."""
    return WHITE if contrast(background, WHITE) >= contrast(background, BLACK) else BLACK


def readable(colour: RGB, paper: RGB = WHITE) -> RGB:
    """`colour`, darkened only as far as text on `paper` needs."""
    for percent in range(0, 101, 4):
        candidate = mix(colour, INK, percent)
        if contrast(candidate, paper) >= READABLE:
            return candidate
    return INK


def mix(colour: RGB, other: RGB, percent: int) -> RGB:
    """`colour` with `percent` of `other` in it."""
    red, green, blue = (round(a + (b - a) * percent / 100) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def to_hex(colour: RGB) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def variables(value: str) -> str:
    """The `:root` rule of the theme for a city colour."""
    city = parse(value)
    tint = mix(city, WHITE, 92)
    # Links and buttons also stand on the tint, so they must read there as well.
    ink = readable(city, tint)
    names = {
        "city": city,
        "city-on": foreground(city),
        "city-ink": ink,
        "city-deep": mix(ink, INK, 45),
        "city-tint": tint,
        "city-soft": mix(city, WHITE, 80),
    }
    return ":root{" + "".join(f"--{name}:{to_hex(rgb)};" for name, rgb in names.items()) + "}\n"


def _luminance(colour: RGB) -> float:
    def channel(value: int) -> float:
        part = value / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (channel(value) for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
