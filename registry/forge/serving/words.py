"""The words git shows to who pushes, in that person's language; the hook fills in names and numbers."""

from __future__ import annotations

from flask_babel import gettext as _


def for_hook() -> dict[str, str]:
    """By the codes of `registry.forge.serving.rules` and `registry.forge.serving.receiving`."""
    return {
        "not-kept": _("%(ref)s: only branches and tags are kept here."),
        "main-deleted": _("main is protected: it cannot be deleted."),
        "main-rewritten": _("main is protected: history is not rewritten. Pull, then push again."),
        "tag-moved": _("%(ref)s: a release tag never changes. Publish a new version."),
        "too-many-changes": _("More than %(n)s branches and tags at once. Push fewer at a time."),
        "too-many-refs": _("This repository would have more than %(n)s branches and tags. Delete old ones first."),
        "huge-file": _(
            "%(path)s: %(size)s MB. A file may have %(n)s MB: keep data outside, and take it out of the history, too."
        ),
        "lfs": _("%(path)s: Git LFS is not served here. Put the file itself into the repository."),
        "link": _("note: %(path)s is a symbolic link. A release with one is refused."),
        "submodule": _("note: %(path)s is a submodule. A release with one is refused."),
        "unreadable": _("What you pushed cannot be read. Run git fsck on your side, then push again."),
    }


def no_lfs() -> str:
    """For git-lfs, which shows it to the person."""
    return _("Git LFS is not served here. Put the files themselves into the repository (git lfs migrate export).")
