"""``python -m registry.tenants.documents``: HTML on standard input, a PDF/UA-1 document on standard output.

It holds itself to bounds and knows no font of the machine before WeasyPrint is loaded, which looks for fonts at once.
WeasyPrint also tries the names its libraries have on other systems, and for each `ctypes` would start up to three
programs to look around: 36 for every document.
"""

from __future__ import annotations

import ctypes.util
import os
import resource
import sys
from importlib import import_module
from pathlib import Path

MEMORY, SECONDS, FILE = 1024 * 2**20, 20, 32 * 2**20


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
    ctypes.util.find_library = _found_nowhere
    drawing = import_module("registry.tenants.documents.drawing")
    sys.stdout.buffer.write(drawing.pdf(sys.stdin.read()))


def _found_nowhere(name: str) -> str | None:
    return None


if __name__ == "__main__":
    main()
