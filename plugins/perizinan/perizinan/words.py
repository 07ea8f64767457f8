"""What states, verdicts and refusals are called. Pages show nothing else."""

from flask_babel import lazy_gettext as _l

from perizinan.rules import Kind, Refusal, Standing, State, Verdict

STATES = {
    State.DRAFT: _l("Draft"),
    State.CHECKING: _l("Being verified"),
    State.CORRECTION: _l("Waiting for your correction"),
    State.SURVEYING: _l("Waiting for the survey"),
    State.DECIDING: _l("Waiting for the decision"),
    State.ISSUED: _l("Permit issued"),
    State.REFUSED: _l("Refused"),
    State.WITHDRAWN: _l("Withdrawn"),
}
TABS = {
    State.CHECKING: _l("To verify"),
    State.CORRECTION: _l("With the applicant"),
    State.SURVEYING: _l("To survey"),
    State.DECIDING: _l("To decide"),
    State.ISSUED: _l("Issued"),
    State.REFUSED: _l("Refused"),
    State.WITHDRAWN: _l("Withdrawn"),
}
TONES = {
    State.DRAFT: "plain",
    State.CHECKING: "info",
    State.CORRECTION: "warn",
    State.SURVEYING: "info",
    State.DECIDING: "info",
    State.ISSUED: "good",
    State.REFUSED: "wrong",
    State.WITHDRAWN: "plain",
}
STANDINGS = {Standing.VALID: _l("Valid"), Standing.EXPIRED: _l("Expired"), Standing.REVOKED: _l("Revoked")}
STANDING_TONES = {Standing.VALID: "good", Standing.EXPIRED: "warn", Standing.REVOKED: "wrong"}

VERDICTS = {
    Verdict.ALLOWED: (_l("The spatial plan allows this use here"), _l("Nothing more is needed for the place."), "good"),
    Verdict.LIMITED: (
        _l("The spatial plan allows this use here within limits"),
        _l("The office looks whether your plan keeps within them."),
        "info",
    ),
    Verdict.CONDITIONAL: (
        _l("The spatial plan allows this use here under conditions"),
        _l("Show in your files that you meet them: it saves a correction."),
        "warn",
    ),
    Verdict.FORBIDDEN: (
        _l("The spatial plan does not allow this use here"),
        _l("Choose another place, or ask the office before you go on."),
        "wrong",
    ),
    Verdict.UNKNOWN: (
        _l("The spatial plan says nothing of this place"),
        _l("It may lie outside the mapped area. The office checks it by hand."),
        "plain",
    ),
    Verdict.AWAY: (
        _l("The spatial plan could not be asked just now"),
        _l("You can go on: the office checks the place by hand, and says so in the history."),
        "plain",
    ),
}
REFUSALS = {
    Refusal.NOT_NOW: _l("Somebody was faster: the application has moved on. Look at where it stands now."),
    Refusal.TYPE_CLOSED: _l("This permit is not open for applications at present. Your draft is kept."),
    Refusal.INCOMPLETE: _l("Something is still missing. The list shows what."),
    Refusal.ZONE_FORBIDS: _l(
        "The spatial plan does not allow this use at this place, so it cannot be sent. Choose another place."
    ),
    Refusal.NOTHING_ASKED: _l("Tick at least one requirement and write what is wrong with it."),
    Refusal.NOT_CORRECTED: _l("Not everything is corrected yet. The list shows what is left."),
    Refusal.TOO_EARLY: _l("The applicant still has time to correct it."),
    Refusal.SAME_PERSON: _l("You verified this application, so somebody else must decide it (four eyes)."),
    Refusal.IN_THE_FUTURE: _l("A survey that is still ahead has no result. Write it down when you were there."),
    Refusal.REVOKED_ALREADY: _l("This permit was revoked before."),
    Refusal.STILL_NEEDED: _l(
        "The data are still needed: withdraw a running application first; those of a permit stay while it does."
    ),
}
EVENTS = {
    "send": _l("Application sent"),
    "ask": _l("Sent back for correction; the clock stands"),
    "answer": _l("Corrections received; the clock goes on"),
    "resume": _l("Continued without the correction; the clock goes on"),
    "pass": _l("Verification finished"),
    "plan": _l("Survey planned"),
    "survey": _l("Survey done"),
    "approve": _l("Approved: the permit is issued"),
    "refuse": _l("Refused"),
    "withdraw": _l("Withdrawn by the applicant"),
    "revoke": _l("Permit revoked"),
    "note": _l("Internal note"),
    "look": _l("Personal data looked at"),
    "zone": _l("The spatial plan was asked again"),
    "erase": _l("Personal data erased"),
}
KINDS = {Kind.VERIFICATION: _l("Verification"), Kind.SURVEY: _l("Survey"), Kind.DECISION: _l("Decision")}
FOUND = {
    Kind.VERIFICATION: (_l("Reasons against it"), _l("Complete and right")),
    Kind.SURVEY: (_l("Does not fit the place"), _l("Fits the place")),
    Kind.DECISION: (_l("Refused"), _l("Approved")),
}
"""What a step showed, by `good` (0, 1)."""
ACCEPTS = {"any": _l("PDF or photo"), "pdf": _l("PDF"), "photo": _l("Photo (JPEG, PNG, WebP)")}
