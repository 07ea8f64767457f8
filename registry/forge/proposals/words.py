"""What the codes of `registry.forge.proposals.rules` read as."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.core.errors import Finding, InvalidError
from registry.forge.proposals import rules


def demand(**problems: str | None) -> None:
    """Raises InvalidError when a field has a problem."""
    found = [Finding(field, _field_problem(field, code)) for field, code in problems.items() if code]
    if found:
        raise InvalidError(found[0].message, found)


def _field_problem(field: str, code: str) -> str:
    if code == "branch":
        return _("Choose a branch of your fork.")
    if code == "unprintable":
        return _("There are characters in it that no text has.")
    if field == "title":
        return _("Give a title of 1 to %(n)d characters.", n=rules.MAX_TITLE)
    return _("Write something.") if code == "empty" else _("This text is too long.")


def act_problem(code: str) -> str:
    return {
        "decided": _("This proposal was decided meanwhile."),
        "deciding": _("Somebody is deciding this proposal at this moment. Look again."),
        "not-closed": _("This proposal is open."),
        "other-side": _("This is for the other side to decide."),
        "moved": _("The city pushed meanwhile: look at the changes again."),
        rules.CONFLICTS: _("It cannot be merged as it is: the original changed the same places. The city must bring "
                           "the original in first."),
        rules.FAILED: _("Its own tests failed in the sandbox: the city must mend what they found. If you think they "
                        "failed by accident, run them again."),
        rules.UNDER_WAY: _("Its own tests are being run: wait until they have passed."),
        rules.UNTESTED: _("Its own tests were not run of this state: run them in the sandbox first."),
        rules.UNCONFIRMED: _("Nobody can say whether its own tests pass: the plugin host is not there or could not run "
                             "them to their end. You may merge it untested, if you say so."),
        rules.UNRELATED: fit_text(rules.UNRELATED),
        rules.CONTAINED: fit_text(rules.CONTAINED),
        rules.EMPTY: fit_text(rules.EMPTY),
    }[code]  # fmt: skip


def fit_text(fit: str) -> str:
    return {
        rules.CLEAN: _("It can be merged: nothing in the original stands against it."),
        rules.CONFLICTS: _("The original changed the same places meanwhile. The city brings the original into its "
                           "branch and decides there; the proposal then follows by itself."),
        rules.UNRELATED: _("This branch and the original have no common history: they cannot be joined."),
        rules.CONTAINED: _("The original has all of this already."),
        rules.EMPTY: _("Nothing is left to offer: but for whose it is, the original has the same content."),
    }.get(fit, "")  # fmt: skip


def state_name(state: str) -> str:
    return {
        rules.OPEN: _("being discussed"), rules.DECIDING: _("being discussed"), rules.MERGED: _("merged"),
        rules.DECLINED: _("declined"), rules.WITHDRAWN: _("withdrawn"),
    }.get(state, state)  # fmt: skip


def kind_text(kind: str, city: str) -> str:
    return {
        rules.OPENED: _("%(city)s offers this.", city=city),
        rules.PUSHED: _("%(city)s pushed to it.", city=city),
        rules.EDITED: _("%(city)s changed the words.", city=city),
        rules.REOPENED: _("%(city)s opened it again.", city=city),
        rules.COMMENT: _("%(city)s says:", city=city),
        rules.APPROVE: _("%(city)s approves.", city=city),
        rules.CHANGES: _("%(city)s asks for changes.", city=city),
        rules.MERGED: _("%(city)s merged it.", city=city),
        rules.DECLINED: _("%(city)s declined it.", city=city),
        rules.WITHDRAWN: _("%(city)s withdrew it.", city=city),
    }.get(kind, kind)
