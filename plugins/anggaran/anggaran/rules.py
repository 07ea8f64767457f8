"""What holds whatever the city: codes, states, who may judge whom, scores, ceilings. Nothing here reads or writes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_AMOUNT = 100_000_000_000_000
"""Rupiah of one sub-activity; 20,000 of them still fit into SQLite's whole numbers."""

MOST_POINTS = 5

CODE = re.compile(r"((?:[0-9]\.[0-9]{2}|X\.XX)\.[0-9]{2})\.([12]\.[0-9]{2})\.([0-9]{2,4})")
ACTIVITY = re.compile(r"((?:[0-9]\.[0-9]{2}|X\.XX)\.[0-9]{2})\.([12]\.[0-9]{2})")
PARTS = re.compile(r"[;,/&]|\bdan\b", re.IGNORECASE)
KELURAHAN = re.compile(r"(?:kelurahan|kel\.)\s*(\S.{0,58})", re.IGNORECASE)
PROGRAMME = re.compile(r"(?:[0-9]\.[0-9]{2}|X\.XX)\.[0-9]{2}")


class State(StrEnum):
    """Of a sub-activity in one version: the office still writes, it is proposed, it is struck out."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    STRUCK = "struck"


class Kind(StrEnum):
    """What a reviewer decides and a second one confirms."""

    STRIKE = "strike"
    REDUCE = "reduce"
    RESTORE = "restore"


class Refusal(StrEnum):
    """Why an act is not done."""

    FROZEN = "frozen"
    NOT_DRAFT = "not-draft"
    NOT_SUBMITTED = "not-submitted"
    OTHER_OFFICE = "other-office"
    NO_OFFICE = "no-office"
    NOT_REVIEWER = "not-reviewer"
    OWN_OFFICE = "own-office"
    OWN_PROPOSAL = "own-proposal"
    SAME_PERSON = "same-person"
    NOT_PROPOSER = "not-proposer"
    WAITING = "waiting"
    NOT_WAITING = "not-waiting"
    OVER_CEILING = "over-ceiling"
    CODE_TAKEN = "code-taken"
    NOT_LESS = "not-less"
    NOT_CUT = "not-cut"
    ALREADY_CUT = "already-cut"
    VERSION_OPEN = "version-open"
    STAGE_TAKEN = "stage-taken"
    YEAR_TAKEN = "year-taken"


class Refused(Exception):  # noqa: N818 a refusal is expected, not an error
    """An act that is not done, with `values` for its sentence. Raised within a transaction it undoes all of it."""

    def __init__(self, refusal: Refusal, **values: object) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.values = values


@dataclass(frozen=True)
class Actor:
    """Who acts: the person's id and name, their office here, and whether they review for the budget team."""

    id: str
    name: str
    office_id: int | None = None
    reviewer: bool = False
    administrator: bool = False


@dataclass(frozen=True)
class Code:
    """A sub-activity's code and the codes it lies under."""

    programme: str
    activity: str
    text: str


@dataclass(frozen=True)
class Ceiling:
    """The most that may be asked for under it, and what is asked for already; rupiah."""

    name: str
    amount: int
    used: int

    @property
    def left(self) -> int:
        return self.amount - self.used


def code_of(text: str) -> Code | None:
    """A sub-activity's code: urusan.bidang.program.kegiatan.sub-kegiatan, `1.03.10.2.01.0005`; None when it is none.

    Permendagri 90/2019: one digit for the urusan, two for its field, two for the programme; the activity begins with
    who is competent (1 province, 2 kabupaten/kota). The sub-activity has two digits there and four in the later
    updates by decree. `X.XX` stands for any urusan (the programme that supports them all).
    """
    found = CODE.fullmatch(text.strip())
    if found is None:
        return None
    programme, activity, number = found.groups()
    return Code(programme, f"{programme}.{activity}", f"{programme}.{activity}.{number}")


def programme_of(activity: str) -> str | None:
    """The programme's code within an activity's (`1.03.10` of `1.03.10.2.01`); None when it is no such code."""
    found = ACTIVITY.fullmatch(activity.strip())
    return found.group(1) if found else None


def places_of(text: str, known: Sequence[str]) -> tuple[list[str], str]:
    """The kelurahan a free text names, and what is left of it.

    `Kelurahan X` is one, whoever X is; a name alone is one when it is `known`. Parts are told apart by `;`, `,`, `/`,
    `&` and `dan`. `"Kelurahan Guntung dan Loktuan, RT 4"` with Loktuan known: Guntung, Loktuan, and `RT 4`.
    """
    names = {name.casefold(): name for name in known}
    found, rest = list[str](), list[str]()
    for part in (piece.strip() for piece in PARTS.split(text)):
        marked = KELURAHAN.fullmatch(part)
        name = " ".join((marked.group(1) if marked else part).split())
        if marked or name.casefold() in names:
            spelt = names.setdefault(name.casefold(), name)
            found += [] if spelt in found else [spelt]
        elif part:
            rest.append(part)
    return found, ", ".join(rest)


def crossed(ceilings: Iterable[Ceiling], more: int) -> Ceiling | None:
    """The ceiling that `more` rupiah would break the furthest, or None when all hold.

    PP 12/2019, Pasal 1: the PPAS names the largest sum an office gets for each programme.
    """
    broken = [ceiling for ceiling in ceilings if more > ceiling.left]
    return min(broken, key=lambda ceiling: ceiling.left, default=None)


def tightest(ceilings: Iterable[Ceiling]) -> Ceiling | None:
    """The ceiling that leaves the least."""
    return min(ceilings, key=lambda ceiling: ceiling.left, default=None)


def score(marks: Sequence[tuple[int, float]]) -> float | None:
    """0 to 100 out of (weight, mean points 1–5) per criterion; None without any weight. 1 point is 0, 5 are 100."""
    weights = sum(weight for weight, _ in marks)
    if not weights:
        return None
    return round(sum(weight * (points - 1) for weight, points in marks) / weights / (MOST_POINTS - 1) * 100, 1)


def may_propose(actor: Actor, office_id: int) -> Refusal | None:
    """Whether this person writes proposals of this office: its own operators, and administrators for any."""
    if actor.administrator or actor.office_id == office_id:
        return None
    return Refusal.NO_OFFICE if actor.office_id is None else Refusal.OTHER_OFFICE


def may_review(actor: Actor, author: str, office_id: int) -> Refusal | None:
    """Four eyes: nobody judges what they wrote, nor what their own office asks for."""
    if not actor.reviewer:
        return Refusal.NOT_REVIEWER
    if actor.id == author:
        return Refusal.OWN_PROPOSAL
    return Refusal.OWN_OFFICE if actor.office_id == office_id else None


def may_confirm(actor: Actor, proposer: str, author: str, office_id: int) -> Refusal | None:
    """Four eyes once more: the second person is another one than the first."""
    return Refusal.SAME_PERSON if actor.id == proposer else may_review(actor, author, office_id)


def after_decision(kind: Kind, amount: int, asked: int, wanted: int | None) -> int | Refusal:
    """The amount when `kind` is carried out on a sub-activity of `amount` of the `asked` rupiah."""
    if kind is Kind.STRIKE:
        return 0
    if kind is Kind.RESTORE:
        return asked if amount < asked else Refusal.NOT_CUT
    return wanted if wanted is not None and 0 < wanted < amount else Refusal.NOT_LESS


def judged(state: State, kind: Kind) -> Refusal | None:
    """Whether a sub-activity in `state` can be decided on like that."""
    if state is State.DRAFT:
        return Refusal.NOT_SUBMITTED
    if state is State.STRUCK and kind is not Kind.RESTORE:
        return Refusal.NOT_SUBMITTED
    return None
