"""The catalog as this process searches it: words and facets, each with the set of entries that have it.

Entries never change in place: a renewed one gets a new number and the old number dies. All numbers below ``size`` that
are alive make the catalog; a reader takes that set once and is not disturbed by what comes later.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from registry.catalog.search.entry import Entry, Line
from registry.catalog.search.filters import FACETS, Filters
from registry.catalog.search.lexicon import Lexicon, Phrase
from registry.catalog.search.rules import Term
from registry.catalog.search.sets import Sets

FIELDS = {"name": 40, "title": 32, "summary": 20, "field": 12, "features": 9, "text": 3}
"""Points of a word by where it stands: the app's name; its localised names; the short descriptions; affair, dimension,
category, audience and publisher; features; the long descriptions."""

RELATED, BEGINS = 0.9, 0.55
"""How much another form of the word counts, and a word that only begins like the one being typed."""

MAX_BEGINNINGS = 40
MAX_LEVELS = 500
"""Terms whose entries are kept: at a hundred thousand entries some 50 kB each."""

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
        self._facets = {facet: Sets() for facet in FACETS}
        self._standing = Sets()
        self._family: dict[str, list[str]] = {}
        self._known: set[str] = set()
        self._levels: dict[Term, dict[int, int]] = {}

    def fill(self, entries: Iterable[Entry]) -> None:
        """The first filling. Equal scores will come in this order: best standing first (`entry.rank`)."""
        for entry in entries:
            self._add(entry)
        self.alive = (1 << len(self.lines)) - 1
        self._learn(self._known)
        self.vocabulary = sorted(self._known)

    def renew(self, entry: Entry) -> None:
        self.drop(entry.id)
        fresh = self._add(entry)
        self.alive |= 1 << self._numbers[entry.id]
        self._learn(fresh)
        for word in fresh:
            insort(self.vocabulary, word)

    def drop(self, app_id: int) -> None:
        number = self._numbers.pop(app_id, None)
        if number is not None:
            self.alive &= ~(1 << number)

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
        """Returns the words nobody had before."""
        number = len(self.lines)
        fresh: set[str] = set()
        for name, text in entry.words.items():
            sets = self._fields[name]
            for word in set(text.split()):
                sets.add(word, number)
                fresh.add(word)
        fresh -= self._known
        self._known |= fresh
        for facet, values in entry.facets.items():
            for value in dict.fromkeys(values):
                self._facets[facet].add(value, number)
        points = 0 if entry.behind else STANDING_POINTS + entry.standing
        for plane in range(points.bit_length()):
            if points >> plane & 1:
                self._standing.add(str(plane), number)
        self.lines.append(Line(entry.id, entry.slug, entry.name, entry.moment, entry.running, entry.told))
        self._numbers[entry.id] = number
        self._levels.clear()
        return fresh

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

    def levels(self, term: Term) -> dict[int, int]:
        """Which entries have the term, by points; kept for the next who asks, until an entry changes."""
        found = self._levels.get(term)
        if found is None:
            if len(self._levels) >= MAX_LEVELS:
                self._levels.clear()
            found = self._levels[term] = self._find(term)
        return found

    def _find(self, term: Term) -> dict[int, int]:
        found: dict[int, int] = {}
        for phrase, share in term.ways:
            for points, bits in self._of_phrase(phrase, share):
                found[points] = found.get(points, 0) | bits
        if term.open and " " not in term.text and len(term.text) > 1:
            for word in self.beginning(term.text):
                for name, sets in self._fields.items():
                    if bits := sets.bits(word):
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
                whole = held if whole is None else _both(whole, held)
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
        """The numbers of all living entries."""
        return sorted(self._numbers.values(), key=self.sort_key(sort))

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

    def standing(self) -> dict[int, int]:
        """Points for standing as sets, one per power of two."""
        return {1 << int(plane): self._standing.bits(plane) for plane in self._standing.keys()}

    def facet(self, facet: str, value: str) -> int:
        return self._facets[facet].bits(value)

    def facet_values(self, facet: str) -> list[str]:
        return list(self._facets[facet].keys())

    def narrowed(self, among: int, filters: Filters, but: str = "") -> int:
        """Those of ``among`` that pass the filters, all or all ``but`` one facet's."""
        for facet, values in filters.chosen.items():
            if facet == but:
                continue
            wished = [value for value in values if not value.startswith("-")]
            allowed = 0
            for value in wished:
                allowed |= self.facet(facet, value)
            if wished:
                among &= allowed
            for value in values:
                if value.startswith("-"):
                    among &= self._without(facet, value)
        return among

    def _without(self, facet: str, value: str) -> int:
        """Of needs those known to do without; of another facet all that lack the value."""
        return self.facet(facet, value) if facet == "needs" else ~self.facet(facet, value[1:])


def _both(one: Mapping[float, int], other: Mapping[float, int]) -> dict[float, int]:
    found: dict[float, int] = {}
    for counts, bits in one.items():
        for more, others in other.items():
            least = min(counts, more)
            found[least] = found.get(least, 0) | bits & others
    return found
