"""The words people read for what the rules name."""

from flask_babel import lazy_gettext as _l

from pusatkendali.models import Act, Grain, Hearing, Refusal, Side, State, Theme
from pusatkendali.trends import Freshness

THEMES = {
    Theme.VOICE: _l("Citizens' voice"),
    Theme.SERVICE: _l("Public services"),
    Theme.GOVERNANCE: _l("Governance and budget"),
    Theme.ENVIRONMENT: _l("Environment and space"),
    Theme.OTHER: _l("Other"),
}

HEARING = {
    Hearing.NEVER: _l("Not asked yet"),
    Hearing.SHOWN: _l("Heard"),
    Hearing.DENIED: _l("Not allowed by the admin yet"),
    Hearing.OFF: _l("Switched off"),
    Hearing.ABSENT: _l("Not installed in this city"),
    Hearing.NONSENSE: _l("Answers something else than figures"),
    Hearing.SILENT: _l("Does not answer"),
}
HEARING_TONES = {
    Hearing.NEVER: "plain",
    Hearing.SHOWN: "good",
    Hearing.DENIED: "warn",
    Hearing.OFF: "plain",
    Hearing.ABSENT: "plain",
    Hearing.NONSENSE: "wrong",
    Hearing.SILENT: "wrong",
}
HEARING_ADVICE = {
    Hearing.NEVER: _l("It is asked within five minutes."),
    Hearing.SHOWN: "",
    Hearing.DENIED: _l("In the city's console, open the command centre's page Connections and allow it."),
    Hearing.OFF: _l("Switch the app on in the city's console; its figures come by themselves."),
    Hearing.ABSENT: _l("Take the app over from the catalog if the city needs it, or stop asking it below."),
    Hearing.NONSENSE: _l("Tell whoever maintains the app: its /_kpi does not answer as the plugin guide says."),
    Hearing.SILENT: _l("Look at the app's page in the console: it may be overloaded or broken."),
}

FRESHNESS = {Freshness.FRESH: _l("fresh"), Freshness.LATE: _l("hours old"), Freshness.OLD: _l("old")}

SIDES = {Side.ABOVE: _l("above"), Side.BELOW: _l("below")}

GRAINS = {Grain.RAW: _l("2 days"), Grain.HOUR: _l("14 days"), Grain.DAY: _l("1 year")}

STATES = {
    State.GIVEN: _l("Given"),
    State.WORKING: _l("Being worked on"),
    State.REPORTED: _l("Waiting for the verdict"),
    State.RETURNED: _l("Sent back"),
    State.ACCEPTED: _l("Done"),
    State.WITHDRAWN: _l("Withdrawn"),
}
STATE_TONES = {
    State.GIVEN: "info",
    State.WORKING: "info",
    State.REPORTED: "warn",
    State.RETURNED: "wrong",
    State.ACCEPTED: "good",
    State.WITHDRAWN: "plain",
}

STEPS = {
    Act.GIVE: _l("Disposition given"),
    Act.START: _l("Work has begun"),
    Act.NOTE: _l("Note"),
    Act.REPORT: _l("Follow-up reported"),
    Act.PART: _l("A part is done"),
    Act.ACCEPT: _l("Follow-up accepted"),
    Act.RETURN: _l("Sent back to the office"),
    Act.EXTEND: _l("New due day"),
    Act.WITHDRAW: _l("Withdrawn"),
    Act.REMIND: _l("Reminder"),
}
ACTS = {
    Act.START: _l("Begin the work"),
    Act.NOTE: _l("Add a note"),
    Act.REPORT: _l("Report the follow-up"),
    Act.PART: _l("Our part is done"),
    Act.ACCEPT: _l("Accept the follow-up"),
    Act.RETURN: _l("Send back"),
    Act.EXTEND: _l("Set a new due day"),
    Act.WITHDRAW: _l("Withdraw the disposition"),
}
DONE = {
    Act.START: _l("The leader sees that the work has begun."),
    Act.NOTE: _l("Note kept."),
    Act.REPORT: _l("Reported. The leader's office judges it next."),
    Act.PART: _l("Noted. The leading office reports when all parts are done."),
    Act.ACCEPT: _l("Accepted. The disposition is done."),
    Act.RETURN: _l("Sent back; the office reads why."),
    Act.EXTEND: _l("The new due day holds."),
    Act.WITHDRAW: _l("Withdrawn; the office reads why."),
}

REFUSALS = {
    Refusal.UNKNOWN: _l("There is no disposition with this number."),
    Refusal.WRONG_STATE: _l("This is not possible any more: the disposition has changed meanwhile. Look at it again."),
    Refusal.NOT_YOURS: _l("This step belongs to somebody else: offices answer, the leader's office judges."),
    Refusal.UNKNOWN_OFFICE: _l("Choose an office from the list."),
    Refusal.UNKNOWN_ALERT: _l("This alert is not known."),
    Refusal.ALREADY_READ: _l("Somebody has taken notice of this alert already."),
    Refusal.CLEAR_BEYOND: _l(
        "The value that ends it must lie on the calm side: at most the value of “above”, at least that of “below”."
    ),
    Refusal.TOO_MANY: _l("There are 200 thresholds. Take one away first."),
}

JOURNAL = {
    "alert-read": _l("Took notice of an alert"),
    "threshold-saved": _l("Saved a threshold"),
    "threshold-removed": _l("Removed a threshold"),
    "figure-saved": _l("Changed a figure's place"),
    "figure-released": _l("Released a figure to the public"),
    "figure-withheld": _l("Withheld a figure from the public"),
    "source-on": _l("Asks an app again"),
    "source-off": _l("Stopped asking an app"),
    "contact-saved": _l("Changed an office's address"),
}

# Units as plugins write them; others are shown as they were told.
UNITS = {
    "laporan": _l("reports"),
    "orang": _l("people"),
    "hari": _l("days"),
    "hari kerja": _l("working days"),
    "jam": _l("hours"),
    "menit": _l("minutes"),
    "dari 5": _l("of 5"),
    "pencarian": _l("look-ups"),
    "surat": _l("letters"),
    "izin": _l("permits"),
    "permohonan": _l("applications"),
    "nomor": _l("numbers"),
    "penilaian": _l("ratings"),
    "akun": _l("accounts"),
    "sebutan": _l("mentions"),
    "kegiatan": _l("activities"),
    "kelompok": _l("groups"),
    "program": _l("programmes"),
    "kelurahan": _l("wards"),
    "persen": "%",
    "rupiah": "rupiah",
    "indeks": _l("index"),
    "kali": _l("times"),
    "bidang": _l("areas"),
    "unit": _l("units"),
    "zona": _l("zones"),
    "indikator": _l("indicators"),
    "pertanyaan": _l("questions"),
    "disposisi": _l("dispositions"),
    "peringatan": _l("alerts"),
    "aplikasi": _l("apps"),
}
