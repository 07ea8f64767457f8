"""The catalog as this process searches it: words and facets, each with the set of entries that have it.

Entries never change in place: a renewed one gets a new number and the old number dies. All numbers that are alive make
the catalog; a reader takes that set once and is not disturbed by what comes later.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from sys import intern

from registry.catalog.search.entry import Entry, Line
from registry.catalog.search.facets import Facets
from registry.catalog.search.lexicon import Lexicon, Phrase
from registry.catalog.search.rules import Term
from registry.catalog.search.scored import Scored, both, weight
from registry.catalog.search.sets import Sets, as_planes

FIELDS = {"name": 40, "title": 32, "summary": 20, "field": 12, "features": 9, "text": 3}
"""Points of a word by where it stands: the app's name; its localised names; the short descriptions; affair, dimension,
category, audience and publisher; features; the long descriptions."""

RELATED, BEGINS = 0.9, 0.55
"""How much another form of the word counts, and a word that only begins like the one being typed."""

MAX_BEGINNINGS = 40
MAX_TERMS = 200
"""Terms whose entries are kept: at a hundred thousand entries some 100 kB each."""

STANDING_POINTS = 12
"""An entry that stays behind its equals (deprecated, without source) lacks these."""


class Index:
    """Not locked: one writer at a time is the caller's business, readers need none."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.lines: list[Line] = []
        self.alive = 0
        self.vocabulary: list[str] = []
        self._numbers: dict[int, int] = {}
        self._fields = {name: Sets() for name in FIELDS}
        self.facets = Facets()
        self._standing = Sets()
        self._family: dict[str, list[str]] = {}
        self._terms: dict[Term, Scored] = {}

    def fill(self, entries: Iterable[Entry]) -> None:
        """The first filling. Equal scores will come in this order: best standing first (`entry.rank`)."""
        known: set[str] = set()
        for entry in entries:
            known |= self._add(entry)
        self.alive = (1 << len(self.lines)) - 1
        self._learn(known)
        self.vocabulary = sorted(known)

    def renew(self, entry: Entry) -> None:
        """In place of what was told of it before; a reader sees the one or the other."""
        old = self._numbers.get(entry.id)
        fresh = {word for word in self._add(entry) if not self._has(word)}
        self._learn(fresh)
        for word in fresh:
            insort(self.vocabulary, word)
        kept = self.alive if old is None else self.alive & ~(1 << old)
        self.alive = kept | 1 << self._numbers[entry.id]
        self._terms = {}

    def drop(self, app_id: int) -> None:
        number = self._numbers.pop(app_id, None)
        if number is not None:
            self.alive &= ~(1 << number)
            self._terms = {}

    def line(self, app_id: int) -> Line | None:
        number = self._numbers.get(app_id)
        return None if number is None else self.lines[number]

    @property
    def size(self) -> int:
        return len(self._numbers)

    @property
    def dead(self) -> int:
        """Numbers that are used up."""
        return len(self.lines) - len(self._numbers)

    def _add(self, entry: Entry) -> set[str]:
        """Returns its words."""
        number = len(self.lines)
        found: set[str] = set()
        for name, text in entry.words.items():
            sets = self._fields[name]
            for word in set(map(intern, text.split())):
                sets.add(word, number)
                found.add(word)
        self.facets.add(number, entry.facets)
        points = 0 if entry.behind else STANDING_POINTS + entry.standing
        for plane in range(points.bit_length()):
            if points >> plane & 1:
                self._standing.add(str(plane), number)
        self.lines.append(Line(entry.id, entry.slug, entry.name, entry.moment, entry.running, entry.told))
        self._numbers[entry.id] = number
        return found

    def _has(self, word: str) -> bool:
        at = bisect_left(self.vocabulary, word)
        return at < len(self.vocabulary) and self.vocabulary[at] == word

    def _learn(self, fresh: set[str]) -> None:
        for word in fresh:
            for root in self.lexicon.roots_of(word):
                self._family.setdefault(root, []).append(word)

    def knows(self, word: str) -> bool:
        return any(root in self._family for root in self.lexicon.roots_of(word))

    def beginning(self, start: str) -> list[str]:
        """Known words that begin so, in the order of the alphabet."""
        at = bisect_left(self.vocabulary, start)
        found = self.vocabulary[at : at + MAX_BEGINNINGS]
        return [word for word in found if word.startswith(start)]

    def forms(self, word: str) -> dict[str, float]:
        """The words entries use for this one, each with how much it counts."""
        spelt = self.lexicon.spelt(word)
        found = {other: RELATED for root in self.lexicon.roots_of(word) for other in self._family.get(root, ())}
        return found | {own: 1.0 for own in (word, spelt) if own in found}

    def scored(self, term: Term) -> Scored:
        """Which entries have the term, and their points; kept for the next who asks, until an entry changes."""
        kept = self._terms
        found = kept.get(term)
        if found is None:
            for old in list(kept)[: max(0, len(kept) - MAX_TERMS + 1)]:
                kept.pop(old, None)
            found = kept[term] = self._scored(term)
        return found

    def _scored(self, term: Term) -> Scored:
        levels = self._find(term)
        union = 0
        for bits in levels.values():
            union |= bits
        told = weight((union & self.alive).bit_count(), self.alive.bit_count())
        planes = as_planes({max(1, round(points * told)): bits for points, bits in levels.items()})
        return Scored(bool(levels), union, planes, frozenset(self._words(term)))

    def _words(self, term: Term) -> Iterator[str]:
        for phrase, _share in term.ways:
            for word in phrase:
                yield from self.forms(word)
        if term.open:
            yield from self.beginning(term.text)

    def _find(self, term: Term) -> dict[int, int]:
        found: dict[int, int] = {}
        for phrase, share in term.ways:
            for points, bits in self._of_phrase(phrase, share):
                found[points] = found.get(points, 0) | bits
        if term.open and " " not in term.text and len(term.text) > 1:
            begun = self.beginning(term.text)
            for name, sets in self._fields.items():
                if bits := sets.either(begun):
                    points = max(1, round(FIELDS[name] * BEGINS))
                    found[points] = found.get(points, 0) | bits
        return found

    def _of_phrase(self, phrase: Phrase, share: float) -> Iterator[tuple[int, int]]:
        """Points and entries: of several words all in one field, or at least all in the entry (as its long text)."""
        forms = [self.forms(word) for word in phrase]
        if not all(forms):
            return
        anywhere = [0] * len(forms)
        for name, sets in self._fields.items():
            whole: dict[float, int] | None = None
            for at, words in enumerate(forms):
                held: dict[float, int] = {}
                for word, counts in words.items():
                    held[counts] = held.get(counts, 0) | sets.bits(word)
                for bits in held.values():
                    anywhere[at] |= bits
                whole = held if whole is None else both(whole, held)
            for counts, bits in (whole or {}).items():
                if bits:
                    yield max(1, round(FIELDS[name] * share * counts)), bits
        if len(forms) > 1:
            together = anywhere[0]
            for bits in anywhere[1:]:
                together &= bits
            yield max(1, round(FIELDS["text"] * share)), together

    def word_counts(self) -> dict[str, int]:
        """How many entries have each word, outside of the long descriptions: nobody proof-reads those."""
        found: dict[str, int] = {}
        for name, sets in self._fields.items():
            if name != "text":
                for word, count in sets.counts():
                    found[word] = found.get(word, 0) + count
        return found

    def sort_key(self, sort: str) -> Callable[[int], tuple[float | str, ...]]:
        lines = self.lines
        keys: dict[str, Callable[[int], tuple[float | str, ...]]] = {
            "newest": lambda number: (-lines[number].moment, lines[number].slug),
            "used": lambda number: (-lines[number].running, lines[number].name.casefold(), lines[number].slug),
            "name": lambda number: (lines[number].name.casefold(), lines[number].slug),
            "slug": lambda number: (lines[number].slug,),
        }
        return keys[sort]

    def ordered(self, sort: str) -> list[int]:
        """All numbers, those used up among them: some reader may still have them."""
        return sorted(range(len(self.lines)), key=self.sort_key(sort))

    def from_slug(self, order: Sequence[int], slug: str) -> Iterator[int]:
        """Those behind a slug, of the order by slug."""
        at = bisect_right(order, slug, key=lambda number: self.lines[number].slug)
        return (order[position] for position in range(at, len(order)))

    def having(self, word: str) -> int:
        """Entries with any form of the word, anywhere."""
        found = 0
        for own in self.forms(word):
            for sets in self._fields.values():
                found |= sets.bits(own)
        return found

    def standing(self) -> list[int]:
        """Points for standing, as planes."""
        highest = max(map(int, self._standing.keys()), default=-1)
        return [self._standing.bits(str(plane)) for plane in range(highest + 1)]
