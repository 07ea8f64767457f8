"""What keeping up is called, in the reader's language and in the commits it makes."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from registry.forge.following import conflicts, rules
from registry.forge.models import Fork
from registry.tenants.models import City


def message(city: City, fork: Fork, way: str, label: str) -> str:
    """A commit's message: the city's language first, English below."""
    first = city.locale or "id"
    texts = []
    for language in dict.fromkeys((first, "id", "en")):
        with force_locale(language):
            texts.append(_message(city, fork, way, label))
    return "\n\n".join(dict.fromkeys(texts))


def _message(city: City, fork: Fork, way: str, label: str) -> str:
    told = {"app": fork.app.name, "version": label, "city": city.name}
    if way == rules.DISCARD:
        return _("%(city)s: back to %(app)s %(version)s without changes of its own", **told)
    if way in (rules.RENEW, rules.TIDY):
        return _("%(city)s: %(app)s %(version)s", **told)
    return _("Bring %(app)s %(version)s into the fork of %(city)s", **told)


def way_title(way: str) -> str:
    """The heading over a preview."""
    return {
        rules.CURRENT: _("Nothing to bring in"),
        rules.FORWARD: _("Goes straight forward"),
        rules.RENEW: _("Only your nameplate is your own: everything new comes in as it is"),
        rules.MERGE: _("Can be joined without a decision"),
        rules.CONFLICTS: _("Some files must be decided by you"),
        rules.UNRELATED: _("This fork and its original have no common history"),
    }[way]


def way_text(way: str) -> str:
    return {
        rules.CURRENT: _("Your fork has everything of the original."),
        rules.FORWARD: _("Your fork has no commit of its own: it becomes exactly the original."),
        rules.RENEW: _(
            "Your fork becomes this version, and its publiccode.yml goes on naming your city. What it was before is "
            "kept."
        ),
        rules.MERGE: _("Your changes and those of the original touch different places: one commit joins both."),
        rules.CONFLICTS: _(
            "Both changed the same places. You say for each file what is to be; until then nothing changes."
        ),
        rules.UNRELATED: _(
            "They cannot be joined. You can give up what is in the fork; it is kept in a safety branch."
        ),
    }[way]


def conflict_title(kind: str) -> str:
    return {
        conflicts.TEXT: _("Both changed the same lines"),
        conflicts.ADDED: _("Both added a file of this name"),
        conflicts.GONE_THERE: _("You changed it, the original removed it"),
        conflicts.GONE_HERE: _("You removed it, the original changed it"),
        conflicts.RENAMED: _("It was given different names"),
        conflicts.PLACE: _("A file on one side, a folder on the other"),
        conflicts.BINARY: _("Both replaced a file that is no text"),
        conflicts.MODE: _("One side may be run as a program, the other may not"),
        conflicts.SORT: _("It is a file on one side and a link or something else on the other"),
    }[kind]


def conflict_text(kind: str) -> str:
    """What it means for somebody who does not program."""
    return {
        conflicts.TEXT: _("Keep your lines, take those of the original, or write a text that has both."),
        conflicts.ADDED: _(
            "Two different files cannot have one name: keep yours, take theirs, or write one from both."
        ),
        conflicts.GONE_THERE: _(
            "The original does without this file. Keep it if your change still needs it; else let it go."
        ),
        conflicts.GONE_HERE: _(
            "You took this file away, and the original has worked on it since. Stay without it, or take it back."
        ),
        conflicts.RENAMED: _("Decide whose names hold. The files under the other names go."),
        conflicts.PLACE: _("Only one of them can be there: your version of this place, or the original's."),
        conflicts.BINARY: _("Pictures and the like cannot be mixed: keep yours or take theirs."),
        conflicts.MODE: _("The content is the same. Take the original's way unless you know better."),
        conflicts.SORT: _("A bundle holds plain files only: take the side that has one."),
    }[kind]
