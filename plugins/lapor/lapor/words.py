"""The words people read for what the rules name."""

from flask_babel import lazy_gettext as _l

from lapor.rules import Refusal, State

STATES = {
    State.NEW: _l("Waiting for a check"),
    State.ACCEPTED: _l("Checked"),
    State.ASSIGNED: _l("Being worked on"),
    State.ANSWERED: _l("Solved"),
    State.REJECTED: _l("Cannot be handled"),
    State.DUPLICATE: _l("Already reported"),
    State.WITHDRAWN: _l("Withdrawn"),
}

TONES = {
    State.NEW: "plain",
    State.ACCEPTED: "info",
    State.ASSIGNED: "warn",
    State.ANSWERED: "good",
    State.REJECTED: "wrong",
    State.DUPLICATE: "plain",
    State.WITHDRAWN: "plain",
}

# The three classes of the national form, SP4N-LAPOR! (KepmenPANRB 680/2020).
KINDS = {
    "complaint": _l("Complaint"),
    "wish": _l("Wish or suggestion"),
    "question": _l("Request for information"),
}

EVENTS = {
    "created": _l("Report received"),
    "accept": _l("Report checked and published"),
    "reject": _l("Report cannot be handled"),
    "merge": _l("Same as an earlier report"),
    "assign": _l("Passed on to %(office)s"),
    "progress": _l("News from %(office)s"),
    "answer": _l("Answer from %(office)s"),
    "note": _l("Internal note"),
    "contact": _l("Reporter's contact was looked at"),
    "reopen": _l("Opened again by the reporter"),
    "rate": _l("Rated by the reporter"),
    "withdraw": _l("Withdrawn: words, photos and place were erased"),
    "forgotten": _l("Name and telephone number were deleted"),
}

REFUSALS = {
    Refusal.WRONG_STATE: _l("This is not possible any more: the report has changed meanwhile. Look at it again."),
    Refusal.UNKNOWN_ORIGINAL: _l("There is no report with this number. Type the number of the earlier report."),
    Refusal.OWN_DUPLICATE: _l("A report cannot be the duplicate of itself. Type the number of the earlier report."),
    Refusal.UNKNOWN_OPD: _l("Choose an office from the list."),
    Refusal.REOPENED_ENOUGH: _l("This report was opened again twice already. Please make a new report."),
    Refusal.REOPEN_TOO_LATE: _l("A report can be opened again within 30 days of the answer. Please make a new report."),
    Refusal.WITHDRAWN: _l("This report was withdrawn already."),
    Refusal.ALREADY_RATED: _l("You have rated this answer already. Thank you."),
}

STARS = {
    1: _l("1 – very bad"),
    2: _l("2 – bad"),
    3: _l("3 – fair"),
    4: _l("4 – good"),
    5: _l("5 – very good"),
}

# What siblings are told: both languages at once, whatever the page's is.
STATES_IN_BOTH = {
    State.NEW: ("Menunggu verifikasi", "Waiting for a check"),
    State.ACCEPTED: ("Terverifikasi", "Checked"),
    State.ASSIGNED: ("Diproses", "Being worked on"),
    State.ANSWERED: ("Selesai", "Solved"),
    State.REJECTED: ("Tidak dapat diproses", "Cannot be handled"),
    State.DUPLICATE: ("Sudah dilaporkan", "Already reported"),
    State.WITHDRAWN: ("Ditarik", "Withdrawn"),
}
