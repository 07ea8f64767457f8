"""Text for the fonts every PDF reader has: Latin letters of western Europe, enough for Indonesian."""

import unicodedata

MOST_LETTERS = 20_000
LIKE = str.maketrans(
    {"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "•": "-", "\t": " ", "−": "-"}
)


class TooLongError(ValueError):
    """The letter would have more than 200 pages, or one text more than 20,000 letters."""


def latin(text: object) -> str:
    """Text the letter's fonts can show: dashes and quotes in their plain form, strange accents left off, else `?`."""
    plain = unicodedata.normalize("NFC", str(text)).translate(LIKE)
    if len(plain) > MOST_LETTERS:
        raise TooLongError(f"a text of {len(plain)} letters: at most {MOST_LETTERS}")
    return "".join(letter if _known(letter) else _bare(letter) for letter in plain)


def _known(letter: str) -> bool:
    return letter == "\n" or " " <= letter <= "~" or "\xa0" <= letter <= "\xff"


def _bare(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if " " <= part <= "~") or (
        "" if unicodedata.category(letter) in ("Mn", "Cc", "Cf") else "?"
    )
