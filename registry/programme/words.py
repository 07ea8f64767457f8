"""The programme's codes in words, in the language of the request."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext


def stage_name(stage: str) -> str:
    return {
        "applied": _("waits for admission"),
        "preparing": _("agrees on its papers"),
        "partner": _("partner with a PKS in force"),
        "ended": _("PKS ended"),
        "declined": _("declined"),
    }[stage]


def waiting_text(kind: str, count: int) -> str:
    return {
        "applications": ngettext("%(num)d application to decide", "%(num)d applications to decide", count),
        "proposals": ngettext("%(num)d proposal to look at", "%(num)d proposals to look at", count),
        "variants": ngettext("%(num)d variant to decide", "%(num)d variants to decide", count),
        "questions": ngettext("%(num)d question to answer", "%(num)d questions to answer", count),
        "assistance": ngettext(
            "%(num)d request for assistance to answer", "%(num)d requests for assistance to answer", count
        ),
        "signatures": ngettext("%(num)d agreement to sign", "%(num)d agreements to sign", count),
    }[kind]
