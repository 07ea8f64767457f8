"""A call as one says it aloud: shown beside the number, and read by the browser where somebody lets it."""

from antrian.models import Ticket

DIGITS = {
    "id": ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
SENTENCES = {
    "id": "Nomor antrean {number}, silakan menuju {counter}.",
    "en": "Number {number}, please go to {counter}.",
}


def number(label: str, language: str) -> str:
    """``A-012`` as "A, nol satu dua": letters as they are, each digit by its name."""
    words = DIGITS.get(language, DIGITS["id"])
    letters, _, digits = label.partition("-")
    said = " ".join(words[int(digit)] for digit in digits if digit.isascii() and digit.isdigit())
    return f"{letters}, {said}" if said else letters


def call(ticket: Ticket, counter: str, language: str) -> str:
    """The whole sentence; a counter's own digits are left to the reader ("Loket 2")."""
    sentence = SENTENCES.get(language, SENTENCES["id"])
    return sentence.format(number=number(ticket.label, language), counter=counter)
