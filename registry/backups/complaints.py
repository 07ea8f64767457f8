"""What a backup repository complains about: named errors, in words that say what to do."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.core.errors import UnavailableError

MAX_SHOWN = 600


class RepositoryError(UnavailableError):
    """Anything restic could not do; ``detail`` is the end of what it said itself, for the log."""

    code = "backup-repository"

    def __init__(self, detail: str = "") -> None:
        super().__init__(self.words())
        self.detail = detail[-MAX_SHOWN:].strip()

    def words(self) -> str:
        return _("The backup repository could not be used. What it said is in the worker's log.")


class NoResticError(RepositoryError):
    def words(self) -> str:
        return _("restic is not installed on this machine, so nothing can be backed up: apt-get install restic")


class NoRepositoryError(RepositoryError):
    def words(self) -> str:
        return _("There is no backup repository at the configured place (LUMBUNG_BACKUP_REPOSITORY).")


class WrongPasswordError(RepositoryError):
    def words(self) -> str:
        return _("The backup repository has another password than secrets/backups.password in the data folder.")


class LockedError(RepositoryError):
    def words(self) -> str:
        return _("The backup repository is in use by somebody else for too long. Try again later.")


class FullError(RepositoryError):
    def words(self) -> str:
        return _("The disk is full: make room on this machine or at the backup repository, then try again.")


class IncompleteError(RepositoryError):
    def words(self) -> str:
        return _("Some files could not be read, so this backup was not kept.")


class HollowError(RepositoryError):
    def words(self) -> str:
        return _("The plugin's files have holes and would take far more than its space when put back: not backed up.")


class UnreachableError(RepositoryError):
    def words(self) -> str:
        return _("The backup repository does not answer: see LUMBUNG_BACKUP_REPOSITORY and its credentials.")


class LostError(RepositoryError):
    def words(self) -> str:
        return _("The backup repository does not have this backup any more.")


class LateError(RepositoryError):
    def words(self) -> str:
        return _("The backup repository took too long and was stopped.")


class StalledError(RepositoryError):
    def words(self) -> str:
        return _("The backup stood still and was stopped. Look whether the repository's disk is full, then try again.")


SIGNS: tuple[tuple[str, type[RepositoryError]], ...] = (
    ("is there a repository at", NoRepositoryError),
    ("unable to open config file", NoRepositoryError),
    ("wrong password", WrongPasswordError),
    ("already locked", LockedError),
    ("no space left", FullError),
    ("disk quota exceeded", FullError),
    ("no matching id found", LostError),
    ("at least one source file could not be read", IncompleteError),
    ("connection refused", UnreachableError),
    ("no such host", UnreachableError),
    ("access denied", UnreachableError),
    ("dial tcp", UnreachableError),
)
"""What restic 0.14 to 0.18 write (their words, lower case) and what it means; the first that fits."""


def of(said: str, late: bool = False) -> RepositoryError:
    """The error that fits what restic wrote before it ended."""
    if late:
        return LateError(said)
    lower = said.lower()
    return next((error for sign, error in SIGNS if sign in lower), RepositoryError)(said)
