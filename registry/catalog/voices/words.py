"""Refusals of what people say, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.catalog.voices import rules


def problem_text(code: str, bounds: tuple[int, int] = (0, 0)) -> str:
    texts = {
        "short": _("Write at least %(n)d characters.", n=bounds[0]),
        "long": _("Write at most %(n)d characters.", n=bounds[1]),
        "https": _("The address begins with https://."),
        "url": _("Write the complete public address, such as https://lapor.bontangkota.go.id/, without a password."),
        "since": _("Choose a day from the year 2000 until today."),
    }
    return texts[code]


BOUNDS = {"use_case": rules.USE_CASE, "experience": rules.EXPERIENCE}
