"""What the budget's states, acts and refusals are called."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from anggaran.money import short
from anggaran.rules import Kind, Refusal, Refused, State
from anggaran.trail import Act

STATES = {State.DRAFT: _l("Draft"), State.SUBMITTED: _l("Proposed"), State.STRUCK: _l("Struck out")}
TONES = {State.DRAFT: "plain", State.SUBMITTED: "info", State.STRUCK: "wrong"}
KINDS = {Kind.STRIKE: _l("Strike out"), Kind.REDUCE: _l("Reduce"), Kind.RESTORE: _l("Restore")}

ACTS = {
    Act.CREATED: _l("Draft written"),
    Act.CHANGED: _l("Draft changed"),
    Act.SUBMITTED: _l("Submitted"),
    Act.WITHDRAWN: _l("Taken back by the office"),
    Act.RETURNED: _l("Returned to the office"),
    Act.DELETED: _l("Draft deleted"),
    Act.IMPORTED: _l("Taken in from a file"),
    Act.SCORED: _l("Scored"),
    Act.COMMENT: _l("Comment"),
    Act.PROPOSED: _l("Decision proposed"),
    Act.STRUCK: _l("Struck out"),
    Act.REDUCED: _l("Reduced"),
    Act.RESTORED: _l("Restored"),
    Act.DECLINED: _l("Decision not confirmed"),
    Act.CEILING: _l("Ceiling"),
    Act.OPENED: _l("Version opened"),
    Act.FROZEN: _l("Version frozen"),
    Act.LISTS: _l("Lists changed"),
}

_REFUSALS = {
    Refusal.FROZEN: _l("This version is frozen. Nothing in it changes any more; work in the open version."),
    Refusal.NOT_DRAFT: _l("Only a draft can be changed. Take the proposal back first."),
    Refusal.NOT_SUBMITTED: _l("This can only be done to a submitted proposal."),
    Refusal.OTHER_OFFICE: _l("This proposal belongs to another office."),
    Refusal.NO_OFFICE: _l("Your account belongs to no office (OPD) yet. Ask your administrator to name one."),
    Refusal.NOT_REVIEWER: _l("Only reviewers can do this."),
    Refusal.OWN_OFFICE: _l("Four eyes: proposals of your own office are reviewed by others."),
    Refusal.OWN_PROPOSAL: _l("Four eyes: what you wrote yourself is reviewed by somebody else."),
    Refusal.SAME_PERSON: _l("Four eyes: a second person has to confirm, not the one who proposed it."),
    Refusal.NOT_PROPOSER: _l("Only the person who proposed the decision can take it back."),
    Refusal.NOT_WAITING: _l("This decision has been settled already."),
    Refusal.NOT_CUT: _l("There is nothing to restore: the full amount stands."),
    Refusal.ALREADY_CUT: _l("This proposal has been decided on already."),
}


def sentence(refused: Refused) -> str:
    """A refusal in the reader's language: what is wrong, and what to do."""
    values = refused.values
    match refused.refusal:
        case Refusal.OVER_CEILING:
            return _(
                "Over the ceiling of %(name)s: %(left)s are left, this is %(over)s too much. Ask for less, or ask the"
                " administrator for a higher ceiling.",
                name=values["name"], left=short(int(str(values["left"]))), over=short(int(str(values["over"]))),
            )  # fmt: skip
        case Refusal.CODE_TAKEN:
            return _(
                "Your office already asks for %(code)s (%(name)s). Change that one, or use another number.", **values
            )
        case Refusal.NOT_LESS:
            most = short(int(str(values["amount"])))
            return _("The new amount must be above zero and below %(amount)s.", amount=most)
        case Refusal.WAITING:
            return _("%(count)s decisions still wait for a second person. Settle them first.", **values)
        case Refusal.VERSION_OPEN:
            return _("The version %(stage)s is still open. Freeze it first.", **values)
        case Refusal.STAGE_TAKEN:
            return _("This year already has the version %(stage)s.", **values)
        case Refusal.YEAR_TAKEN:
            return _("The budget year %(year)s is there already.", **values)
    return str(_REFUSALS[refused.refusal])
