"""What people read when something is refused: what is wrong, and what to do."""

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from antrian.models import Need, Origin, Refusal, Refused, State

SENTENCES: dict[Refusal, LazyString] = {
    Refusal.SERVICE_CLOSED: _l("This service is not open for numbers. Choose another service."),
    Refusal.DAY_PAST: _l("That day is past. Choose today or a later day."),
    Refusal.DAY_TOO_FAR: _l("Numbers are given only a few days ahead. Choose an earlier day."),
    Refusal.DAY_CLOSED: _l("We are closed that day: %(reason)s. Choose another day."),
    Refusal.DAY_WITHOUT_SLOTS: _l("This service is not open on that day of the week. Choose another day."),
    Refusal.DAY_FULL: _l("All numbers for that day are taken. Choose another day."),
    Refusal.SLOT_UNKNOWN: _l("Choose one of the times shown."),
    Refusal.SLOT_PAST: _l("That time is over for today. Choose a later time or another day."),
    Refusal.SLOT_FULL: _l("The places of %(start)s–%(end)s have just run out. Choose another time."),
    Refusal.TOO_MANY: _l(
        "You already hold %(held)s numbers that are still waiting. Use or give back one of them first."
    ),
    Refusal.LOOKS_AUTOMATIC: _l(
        "This form could not be accepted. Open the page again and fill it in by hand, or ask for a number at the place."
    ),
    Refusal.NAME_LONG: _l("The name is longer than %(length)s characters. A short name is enough."),
    Refusal.PHONE_INVALID: _l("Write a phone number such as 0812 3456 7890, or leave it empty."),
    Refusal.NEED_UNKNOWN: _l("Choose one of the reasons for priority, or none."),
    Refusal.TICKET_UNKNOWN: _l("This number is not in today's queue. Look at the list again."),
    Refusal.TICKET_STATE: _l("%(label)s has moved on in the meantime, so this is no longer possible."),
    Refusal.TICKET_ELSEWHERE: _l("%(label)s is being served at another counter."),
    Refusal.COUNTER_UNKNOWN: _l("You sit at no open counter. Choose a counter first."),
    Refusal.COUNTER_BUSY: _l("%(label)s is still at your counter. Finish, skip or transfer it first."),
    Refusal.LINE_EMPTY: _l("Nobody is waiting in your counter's lines."),
    Refusal.LINE_EARLY: _l(
        "Nobody is due yet. The next, %(label)s, comes at %(start)s; call early only if they are here."
    ),
    Refusal.TARGET_SAME: _l("The number already stands in that line. Choose another service."),
    Refusal.TARGET_AWAY: _l("Nobody sits at that counter. Choose a staffed counter, or a service."),
    Refusal.TARGET_UNSERVED: _l("No open counter serves that service. Choose another one."),
    Refusal.CODE_INVALID: _l("The letter is one or two capitals, such as A or KT."),
    Refusal.CODE_TAKEN: _l("The letter %(code)s belongs to another service. Choose another one."),
    Refusal.NAME_MISSING: _l("Write a name of 1 to %(length)s characters."),
    Refusal.NAME_TAKEN: _l("“%(name)s” exists already. Choose another name."),
    Refusal.NUMBER_RANGE: _l("A number is outside its range. The range stands beside each field."),
    Refusal.PLAN_HOURS: _l("The opening hours need a start and a later end, such as 08:00 to 15:00."),
    Refusal.PLAN_BREAK: _l(
        "The break needs a start and an end within the opening hours. Leave both empty for no break."
    ),
    Refusal.PLAN_DAYS: _l("Choose at least one day of the week."),
    Refusal.PLAN_SHORT: _l("The opening hours are shorter than one slot. Make the slots shorter."),
    Refusal.DAY_INVALID: _l("Choose a day from today up to two years ahead."),
    Refusal.REASON_MISSING: _l("Write the reason in 1 to %(length)s characters; citizens read it."),
}


def sentence(refused: Refused) -> str:
    """The sentence for a refusal in the page's language."""
    return str(SENTENCES[refused.reason]) % refused.facts


def short(refusal: Refusal) -> str:
    """One or two words for a day or slot that cannot be chosen."""
    words = {
        Refusal.DAY_CLOSED: gettext("Closed"),
        Refusal.DAY_WITHOUT_SLOTS: gettext("Not open"),
        Refusal.DAY_FULL: gettext("Full"),
        Refusal.SLOT_FULL: gettext("Full"),
        Refusal.SLOT_PAST: gettext("Over"),
    }
    return words.get(refusal, gettext("Not available"))


def state_word(state: State) -> str:
    """The name of a state, for a badge."""
    return {
        State.WAITING: gettext("Waiting"),
        State.CALLED: gettext("Called"),
        State.FINISHED: gettext("Served"),
        State.SKIPPED: gettext("Did not come"),
        State.CANCELLED: gettext("Given back"),
    }[state]


def need_word(need: Need) -> str:
    """Why somebody comes first."""
    return {
        Need.ELDERLY: gettext("60 years or older"),
        Need.DISABILITY: gettext("With a disability"),
        Need.PREGNANT: gettext("Pregnant"),
        Need.CHILD: gettext("With a small child"),
        Need.UNSTATED: gettext("Priority"),
    }[need]


def origin_word(origin: Origin) -> str:
    """Where a number was taken."""
    return gettext("online") if origin is Origin.ONLINE else gettext("at the place")
