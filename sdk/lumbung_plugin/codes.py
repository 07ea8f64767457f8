"""Numbers people are told: secret codes that open one thing, and running numbers without gaps."""

import hmac
import re
import secrets
import sqlite3

from flask import current_app

# No letters that are mistaken for digits when read over the telephone.
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
LENGTHS = range(6, 65)
GROUP = 4
LONGEST = 100
PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,11}")
# A migration step: the counters behind `number`.
TABLE = """CREATE TABLE counter (
    prefix TEXT NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (prefix, year)
) WITHOUT ROWID;
"""


def secret_code(length: int = 8) -> str:
    """A code of `length` letters and digits in groups of four (`K7WM-2QXA`), to be read aloud and typed.

    Eight are 39 bits: enough beside a number and a bounded count of tries, not alone; take 12 for an address that
    opens by itself. Raises ValueError below 6 and above 64.
    """
    if length not in LENGTHS:
        raise ValueError(f"a code of {length} letters: 6 to 64 can be made")
    # One number for all the letters: to ask the system for each takes four times as long.
    drawn, letters = secrets.randbelow(len(LETTERS) ** length), ""
    for _ in range(length):
        drawn, place = divmod(drawn, len(LETTERS))
        letters += LETTERS[place]
    return "-".join(letters[start : start + GROUP] for start in range(0, length, GROUP))


def hashed(code: str) -> str:
    """What is kept of a code: 64 hexadecimal digits, keyed with the application's secret key.

    Case, spaces and dashes do not count. Who reads the database alone can neither use nor guess the code.
    """
    plain = re.sub(r"[\s\-]", "", code[:LONGEST]).upper()
    key = current_app.config["SECRET_KEY"]
    return hmac.digest(key if isinstance(key, bytes) else str(key).encode(), f"code:{plain}".encode(), "sha256").hex()


def matches(code: str, hash: str) -> bool:
    """Whether `code` is the one of `hash`, told in the same time either way. Nothing matches an empty code."""
    return bool(code.strip()) and hmac.compare_digest(hashed(code).encode(), hash.encode())


def number(db: sqlite3.Connection, prefix: str, year: int) -> str:
    """The next number of a year (`PRZ-2026-000123`), without gaps: call it in the transaction that uses it.

    `prefix` is 1 to 12 capital letters and digits, else ValueError. The table is `TABLE`, a migration step.
    """
    if not PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!r}: a prefix is 1 to 12 capital letters and digits")
    row = db.execute(
        "INSERT INTO counter (prefix, year, last) VALUES (?, ?, 1)"
        " ON CONFLICT (prefix, year) DO UPDATE SET last = last + 1 RETURNING last",
        (prefix, year),
    ).fetchall()[0]
    return f"{prefix}-{year}-{row[0]:06}"
