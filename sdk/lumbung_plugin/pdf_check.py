"""Whether a PDF holds what acts by itself when opened. A search for what must not be there, no reader of PDF.

What is compressed is looked into as well: since PDF 1.5 the objects of a file may lie in packed object streams, where a
plain search sees nothing. What cannot be looked into counts as acting.
"""

import re
import zlib
from enum import StrEnum
from itertools import islice

ACTING = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
LOCKED = re.compile(rb"/Encrypt\b")
# A name may be written with any of its characters as #xx.
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
PLAINLY = b"/FlateDecode"
DICTIONARY_BYTES = 4096
# Far more than five megabytes of pages have; they bound the seconds a hostile file takes.
MOST_STREAMS = 20_000
MOST_ESCAPED = 5_000
UNPACKED_BYTES = 24 * 1024 * 1024


class Verdict(StrEnum):
    CLEAN = "clean"
    NOT_A_PDF = "not_a_pdf"
    ACTS = "acts"
    LOCKED = "locked"


def check(data: bytes) -> Verdict:
    """The verdict on a whole file. At most `UNPACKED_BYTES` of packed objects are looked into."""
    if not data.startswith(b"%PDF-"):
        return Verdict.NOT_A_PDF
    if _acts(data):
        return Verdict.ACTS
    if LOCKED.search(_spelled(data)):
        return Verdict.LOCKED
    return Verdict.CLEAN if _packed_are_clean(data) else Verdict.ACTS


def _acts(data: bytes) -> bool:
    if next(islice(ESCAPED.finditer(data), MOST_ESCAPED, None), None):
        return True
    return ACTING.search(_spelled(data)) is not None


def _spelled(data: bytes) -> bytes:
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _packed_are_clean(data: bytes) -> bool:
    left = UNPACKED_BYTES
    for count, found in enumerate(STREAM.finditer(data)):
        if count == MOST_STREAMS:
            return False
        near = _spelled(data[max(found.start() - DICTIONARY_BYTES, 0) : found.start()])
        if b"/ObjStm" not in near:
            continue
        about = near[max(near.rfind(b"obj"), 0) :]
        declared = b"/ObjStm" in about
        # The dictionary may be another's, or hide behind an "obj" in one of its texts: then look, but do not insist.
        objects = _unpacked(data, found.end(), about if declared else PLAINLY, left)
        if (objects is None and declared) or _acts(objects or b""):
            return False
        left -= len(objects or b"")
    return True


def _unpacked(data: bytes, start: int, about: bytes, most: int) -> bytes | None:
    """The objects of a stream; `None` when they are packed in a way not known here, broken, or more than `most`."""
    if b"/DecodeParms" in about:
        return None
    filters = re.findall(rb"/([A-Za-z0-9]*(?:Decode|Crypt))\b", about)
    if not filters:
        return b""  # plain: the search of the whole file has seen it
    if filters != [b"FlateDecode"]:
        return None
    unpacker = zlib.decompressobj()
    try:
        objects = unpacker.decompress(memoryview(data)[start:], most + 1)
    except zlib.error:
        return None
    return objects if len(objects) <= most else None
