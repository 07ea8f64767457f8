"""What the plan's states, acts and refusals are called."""

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from rencana.history import Act
from rencana.rules import Direction, Health, Refusal

HEALTHS = {
    Health.DONE: _l("done"),
    Health.ON_WAY: _l("on its way"),
    Health.LATE: _l("late"),
    Health.BLOCKED: _l("blocked"),
    Health.EMPTY: _l("no milestones yet"),
}
TONES = {
    Health.DONE: "good",
    Health.ON_WAY: "info",
    Health.LATE: "warn",
    Health.BLOCKED: "wrong",
    Health.EMPTY: "plain",
}
DIRECTIONS = {Direction.UP: _l("at least the target"), Direction.DOWN: _l("at most the target")}
ACTS = {
    Act.CREATED: _l("Programme entered"),
    Act.CHANGED: _l("Programme changed"),
    Act.ADDED: _l("Milestone added"),
    Act.EDITED: _l("Milestone changed"),
    Act.REMOVED: _l("Milestone taken away"),
    Act.EVIDENCE: _l("Evidence shown"),
    Act.DONE: _l("Milestone reached"),
    Act.REOPENED: _l("Milestone opened again"),
    Act.REACHED: _l("Milestone reached by its figure"),
    Act.BLOCKED: _l("Blocked"),
    Act.RESOLVED: _l("Blocker settled"),
}
REFUSALS = {
    Refusal.OTHER_OFFICE: _l("This programme belongs to another office. Ask its owner, or your administrator."),
    Refusal.NOT_OPEN: _l("This has been changed meanwhile. Look at it once more."),
    Refusal.NOT_WAITED_FOR: _l("Only the office that is waited for, or those it holds up, can settle this."),
}
PROBLEMS = {
    "not-granted": _l("not allowed yet: the administrator allows it under Connections"),
    "sibling-absent": _l("this app is not in use here"),
    "sibling-off": _l("this app is switched off"),
    "figure-absent": _l("this app does not tell such a figure"),
}


def problem(code: str) -> str:
    """Why a figure that is followed could not be read, in the reader's language."""
    return str(PROBLEMS.get(code, _l("this app does not answer at the moment; its last value stands")))


def named(name: str, english: str | None) -> str:
    """The English name for English readers, where there is one."""
    locale = get_locale()
    return english if english and locale and locale.language == "en" else name
