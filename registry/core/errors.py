"""Refusals with names. `registry.web.errors` is the one table that turns them into answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing wrong with an input: ``path`` says where (a key, a file, a line), ``message`` what to do about it."""

    path: str
    message: str
    level: str = "error"
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{self.level} {where} {self.message}"


class RefusalError(Exception):
    """An act that is not done, and why, in words for the person who asked. ``code`` is stable, for programs."""

    status = 400
    code = "refused"
    headers: Mapping[str, str] = {}
    """Of the answer, where HTTP has one for this refusal."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.findings = tuple(findings)


class SignInNeededError(RefusalError):
    status = 401
    code = "sign-in-needed"


class ForbiddenError(RefusalError):
    status = 403
    code = "forbidden"


class AgreementNeededError(RefusalError):
    """The city has no active PKS (design §2: only an active PKS opens fork and deploy)."""

    status = 403
    code = "agreement-needed"


class NotFoundError(RefusalError):
    status = 404
    code = "not-found"


class ConflictError(RefusalError):
    status = 409
    code = "conflict"


class TooLargeError(RefusalError):
    status = 413
    code = "too-large"


class InvalidError(RefusalError):
    """The input was understood and is wrong; ``findings`` say where."""

    status = 422
    code = "invalid"


class TooManyError(RefusalError):
    status = 429
    code = "too-many"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UnavailableError(RefusalError):
    status = 503
    code = "unavailable"
